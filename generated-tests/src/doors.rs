//! The doors: every way to read bytes and to write a value. They must agree.

use std::fmt::{self, Debug};
use std::io::{Cursor, Read};

use vmspec_runtime::binrw::{self, BinRead, BinWrite};
use vmspec_runtime::{Class, Endian, Error, ReadInput, Result, Source, Wire, read_stream, write_stream};

use crate::matching::hex_of;

/// Where a value is put to see that offsets are absolute; no round number, so that nothing is aligned by accident.
const AWAY: usize = 13;

/// What an error says, in a form that can be compared and kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The field path.
    pub path: String,
    /// The class.
    pub class: Class,
    /// The absolute offset.
    pub offset: Option<u64>,
    /// All of it, as people see it.
    pub text: String,
}

impl From<&Error> for Failure {
    fn from(e: &Error) -> Self {
        Self { path: e.path(), class: e.class(), offset: e.offset(), text: e.to_string() }
    }
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Self::from(&e)
    }
}

/// Every failure has the rich error inside, and an early end is one that binrw knows.
impl From<binrw::Error> for Failure {
    fn from(e: binrw::Error) -> Self {
        let rich = Error::of(&e).unwrap_or_else(|| panic!("no rich error in {e:?}"));
        assert_eq!(e.is_eof(), rich.class() == Class::Truncated, "{rich}");
        Self::from(rich)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A value and how many bytes it took, or why there is none.
pub(crate) type Verdict<T> = std::result::Result<(T, usize), Failure>;

/// Reads by the first door, a slice. The others are held against it by [`agree`].
///
/// # Errors
/// Those of the type.
pub fn read<T: Wire>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> Verdict<T> {
    let (value, rest) = T::parse_with(bytes, order, args.clone())?;
    Ok((value, bytes.len().saturating_sub(rest.len())))
}

/// Writes by the door that copies blobs from the source.
///
/// # Errors
/// Those of the type.
pub fn write<T: Wire>(value: &T, source: &[u8], order: Endian, args: &T::Args<'_>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    value.write_from_with(&mut Cursor::new(source), &mut out, order, args.clone())?;
    Ok(out)
}

/// Reads by every door, checks that they agree, and gives what they say.
///
/// # Errors
/// What all doors say is wrong with the bytes.
#[track_caller]
pub fn agree<T: Wire + Debug>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> Verdict<T> {
    agreed(bytes, order, args, |piped, first| piped == first)
}

/// The same of bytes with which more than one thing may be wrong. A slice says that something is cut off before it looks at what is
/// there of it; a pipe cannot know, and first finds what else is wrong.
#[track_caller]
pub(crate) fn agree_on_any<T: Wire + Debug>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> Verdict<T> {
    agreed(bytes, order, args, |piped, first| piped == first || first == Class::Truncated)
}

/// With what classes of failures of a pipe and of a slice are as good as the same.
#[track_caller]
fn agreed<T: Wire + Debug>(
    bytes: &[u8],
    order: Endian,
    args: &T::Args<'_>,
    same: fn(Class, Class) -> bool,
) -> Verdict<T> {
    let first = read::<T>(bytes, order, args);
    let stream = seek::<T>(bytes, 0, order, args);
    assert_eq!(shown(&stream), shown(&first), "a stream and a slice disagree about {}", printed(bytes));
    let away = seek::<T>(bytes, AWAY, order, args);
    assert_eq!(place(&away, 0), place(&first, AWAY), "another offset changes {}", printed(bytes));
    let piped = pipe::<T>(bytes, order, args);
    match (&piped, &first) {
        (Err(e), _) if e.class == Class::NeedsSource => {}
        (Ok(_), Ok(_)) => {
            assert_eq!(shown(&piped), shown(&first), "a pipe and a slice disagree about {}", printed(bytes));
        }
        (Err(e), Err(first)) => assert!(same(e.class, first.class), "{e}, but {first}: {}", printed(bytes)),
        _ => panic!("a pipe gives {piped:?}, a slice {first:?}: {}", printed(bytes)),
    }
    first
}

/// A stream that can seek, with other bytes in front. After a failure it stands where it stood.
fn seek<T: Wire>(bytes: &[u8], before: usize, order: Endian, args: &T::Args<'_>) -> Verdict<T> {
    let mut input = vec![0xa5; before];
    input.extend_from_slice(bytes);
    let start = u64::try_from(before).unwrap_or(0);
    let mut reader = Cursor::new(input);
    reader.set_position(start);
    let value = read_stream::<T, _>(&mut reader, order, args.clone());
    let taken = reader.position().saturating_sub(start);
    if value.is_err() {
        assert_eq!(taken, 0, "the position is not restored");
    }
    Ok((value?, usize::try_from(taken).unwrap_or(usize::MAX)))
}

/// A plain reader.
pub(crate) fn pipe<T: Wire>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> Verdict<T> {
    piped(bytes, order, args)
}

/// A reader that cannot seek, whatever it gives at a time.
pub(crate) fn piped<T: Wire>(reader: impl Read, order: Endian, args: &T::Args<'_>) -> Verdict<T> {
    let mut source = Source::new(ReadInput::new(reader), 0);
    let value = T::read_from(&mut source, order, args.clone())?;
    source.settle()?;
    Ok((value, usize::try_from(source.position()).unwrap_or(usize::MAX)))
}

/// What is compared between doors at the same offset: all that a failure says, all that a value holds.
pub(crate) fn shown<T: Debug>(verdict: &Verdict<T>) -> std::result::Result<String, &Failure> {
    verdict.as_ref().map(|(value, taken)| format!("{taken} bytes: {value:?}"))
}

/// What is compared between offsets: the length of a value; a failure's path, class and offset.
fn place<T>(verdict: &Verdict<T>, moved: usize) -> std::result::Result<usize, (String, Class, Option<u64>)> {
    let moved = u64::try_from(moved).unwrap_or(0);
    let failure = |e: &Failure| (e.path.clone(), e.class, e.offset.map(|o| o.saturating_add(moved)));
    verdict.as_ref().map(|(_, taken)| *taken).map_err(failure)
}

/// Law one: all bytes are read, and written back the same by every door.
#[track_caller]
pub fn round_trip<T: Wire + Debug>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> T {
    let (value, taken) = match agree::<T>(bytes, order, args) {
        Ok(read) => read,
        Err(e) => panic!("refused: {e}: {}", printed(bytes)),
    };
    assert_eq!(taken, bytes.len(), "bytes are left over: {value:?}");
    let written = write(&value, bytes, order, args).unwrap_or_else(|e| panic!("not written: {e}: {value:?}"));
    assert!(written == bytes, "written otherwise, as {}: {value:?}", printed(&written));
    assert_eq!(usize::try_from(value.wire_len(args.clone())).ok(), Some(bytes.len()), "its length: {value:?}");
    without_source(&value, bytes, order, args);
    value
}

/// The doors that have no source write the same, or say that they need one and write nothing.
#[track_caller]
fn without_source<T: Wire + Debug>(value: &T, bytes: &[u8], order: Endian, args: &T::Args<'_>) {
    let mut held = b"before".to_vec();
    match value.write_with(&mut held, order, args.clone()) {
        Ok(()) => assert!(held.strip_prefix(b"before") == Some(bytes), "a vector: {value:?}"),
        Err(e) => {
            assert_eq!(e.class(), Class::NeedsSource, "{e}");
            assert_eq!(held, b"before", "something was written before {e}");
        }
    }
    let mut streamed = Vec::new();
    match write_stream(value, &mut streamed, order, args.clone()).map_err(Failure::from) {
        Ok(()) => assert!(streamed == bytes, "a stream: {value:?}"),
        Err(e) => assert_eq!(e.class, Class::NeedsSource, "{e}"),
    }
}

/// The type's own `BinRead` and `BinWrite` say what the other doors say, as when it nests in a struct of somebody's own.
#[track_caller]
pub fn nests<T>(bytes: &[u8], order: Endian)
where
    T: Debug + for<'a> Wire<Args<'a> = ()> + for<'a> BinRead<Args<'a> = ()> + for<'a> BinWrite<Args<'a> = ()>,
{
    let mut reader = Cursor::new(bytes);
    let nested = T::read_options(&mut reader, order, ()).map_err(Failure::from);
    let nested = nested.map(|value| (value, usize::try_from(reader.position()).unwrap_or(usize::MAX)));
    assert_eq!(shown(&nested), shown(&read::<T>(bytes, order, &())), "nested: {}", printed(bytes));
    let Ok((value, taken)) = nested else { return };
    let mut out = Cursor::new(Vec::new());
    match value.write_options(&mut out, order, ()).map_err(Failure::from) {
        Ok(()) => assert_eq!(Some(out.get_ref().as_slice()), bytes.get(..taken), "nested: {value:?}"),
        Err(e) => assert_eq!(e.class, Class::NeedsSource, "{e}"),
    }
}

/// The bytes in hex, the middle of long ones left out.
pub(crate) fn printed(bytes: &[u8]) -> String {
    match (bytes.get(..256), bytes.len()) {
        (Some(head), n) if n > 512 => format!("{}... ({n} bytes)", hex_of(head)),
        _ => hex_of(bytes),
    }
}
