//! The formats as a table, for programs that learn at run time what they have: `vmspec verify` is one.
//! Not for reading a file whose format is known: its root type does that, and gives a value.

use alloc::vec::Vec;
use std::io::{self, Read, Seek, SeekFrom, Write};

use vmspec_runtime::{Class, Endian, Error, Finding, Findings, Found, OwnOrder, SeekInput, SetInput, Source};

#[doc(inline)]
pub use crate::generated::FORMATS;

/// A reader that can seek, as one trait, so that it can be a trait object.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// Reads the value at an offset and lists the soft rules that it breaks.
type Verify = fn(&mut dyn ReadSeek, u64, Inputs<'_>) -> Result<Report, Error>;

/// Reads the value at an offset and writes it.
type Rewrite = fn(&mut dyn ReadSeek, u64, &mut dyn Write, Inputs<'_>) -> Result<(), Error>;

/// Inputs by their names in the spec, each with what [`SetInput::set_input`] takes.
pub type Inputs<'a> = &'a [(&'a str, &'a str)];

/// What has to be known before a file of a format is read, and how it comes by that.
pub trait Prepare<T: OwnOrder> {
    /// Hands `then` the arguments of the root that starts at `offset`: what the file itself tells in advance, and these inputs.
    ///
    /// # Errors
    /// Those of `then` and of the reader; class `unsupported` for an input that the format does not have or that does not take
    /// the value.
    fn prepared<R>(
        reader: &mut dyn ReadSeek,
        offset: u64,
        inputs: Inputs<'_>,
        then: impl FnOnce(&mut dyn ReadSeek, T::Args<'_>) -> Result<R, Error>,
    ) -> Result<R, Error>;

    /// The same for what reports on the value, with what there is to say of how it was read.
    ///
    /// # Errors
    /// As [`Prepare::prepared`].
    fn reported(
        reader: &mut dyn ReadSeek,
        offset: u64,
        inputs: Inputs<'_>,
        then: impl FnOnce(&mut dyn ReadSeek, T::Args<'_>) -> Result<Report, Error>,
    ) -> Result<Report, Error> {
        Self::prepared(reader, offset, inputs, then)
    }
}

/// Nothing is to be known in advance.
#[derive(Clone, Copy, Debug)]
pub struct Unprepared;

impl<T> Prepare<T> for Unprepared
where
    T: OwnOrder,
    for<'a> T::Args<'a>: Default + SetInput,
{
    fn prepared<R>(
        reader: &mut dyn ReadSeek,
        _: u64,
        inputs: Inputs<'_>,
        then: impl FnOnce(&mut dyn ReadSeek, T::Args<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let mut args = T::Args::default();
        set(&mut args, inputs)?;
        then(reader, args)
    }
}

/// One format: what it is called, how to recognise it, and what can be done with a file of it.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its id, which is also the name of its module.
    pub id: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The spec it was generated from.
    pub spec: &'static str,
    /// What a file of this format may begin with, that is none of the others. Empty where nothing tells the format.
    pub magics: &'static [&'static [u8]],
    /// What else a file of this format may be, told by how it begins.
    pub others: &'static [Root],
    /// The text of that spec and of those it uses, each with its path as they name each other: `spec` is the first.
    pub files: &'static [(&'static str, &'static str)],
    verify: Verify,
    rewrite: Rewrite,
}

/// What else a file of a format may be: a type that begins with a magic of its own.
#[derive(Clone, Copy, Debug)]
pub struct Root {
    /// Its name in the spec.
    pub name: &'static str,
    /// What it may begin with.
    pub magics: &'static [&'static [u8]],
    verify: Verify,
    rewrite: Rewrite,
}

impl Root {
    /// The type `T`, prepared by `P`.
    #[must_use]
    pub const fn of<T, P>(name: &'static str, magics: &'static [&'static [u8]]) -> Self
    where
        T: OwnOrder,
        for<'a> T::Args<'a>: Copy,
        P: Prepare<T>,
    {
        Self { name, magics, verify: verify::<T, P>, rewrite: rewrite::<T, P> }
    }

    fn matches(&self, head: &[u8]) -> bool {
        self.magics.iter().any(|magic| head.starts_with(magic))
    }
}

impl Format {
    /// The format with the root type `T`, prepared by `P`.
    #[must_use]
    pub const fn of<T, P>(
        id: &'static str,
        title: &'static str,
        spec: &'static str,
        magics: &'static [&'static [u8]],
        files: &'static [(&'static str, &'static str)],
    ) -> Self
    where
        T: OwnOrder,
        for<'a> T::Args<'a>: Copy,
        P: Prepare<T>,
    {
        Self { id, title, spec, magics, others: &[], files, verify: verify::<T, P>, rewrite: rewrite::<T, P> }
    }

    /// The format, whose files may be one of these too.
    #[must_use]
    pub const fn or(mut self, others: &'static [Root]) -> Self {
        self.others = others;
        self
    }

    /// Whether a file that begins with `head` is of this format.
    #[must_use]
    pub fn matches(&self, head: &[u8]) -> bool {
        self.all_magics().any(|magic| head.starts_with(magic))
    }

    /// Whether `head` is cut off before it could tell: a beginning of one of the magics.
    #[must_use]
    pub fn may_continue(&self, head: &[u8]) -> bool {
        !head.is_empty() && self.all_magics().any(|magic| magic.starts_with(head))
    }

    /// What else a file is that begins with `head`; `None` where it is read as the root of the format.
    #[must_use]
    pub fn other(&self, head: &[u8]) -> Option<&'static Root> {
        if self.magics.iter().any(|magic| head.starts_with(magic)) {
            return None;
        }
        self.others.iter().find(|other| other.matches(head))
    }

    fn all_magics(&self) -> impl Iterator<Item = &'static [u8]> {
        self.magics.iter().chain(self.others.iter().flat_map(|other| other.magics)).copied()
    }

    /// What the value at an offset is read as.
    fn doors(&self, reader: &mut dyn ReadSeek, offset: u64) -> Result<(Verify, Rewrite), Error> {
        if self.others.is_empty() {
            return Ok((self.verify, self.rewrite));
        }
        let head = head(reader, offset).map_err(|e| Error::io(offset, e))?;
        Ok(self.other(&head).map_or((self.verify, self.rewrite), |other| (other.verify, other.rewrite)))
    }

    /// Reads the value that starts at `offset` and lists the soft rules it breaks.
    ///
    /// # Errors
    /// When the bytes are no value of this format, when bytes follow it, and when the reader fails.
    pub fn verify(&self, reader: &mut dyn ReadSeek, offset: u64) -> Result<Report, Error> {
        self.verify_with(reader, offset, &[])
    }

    /// The same with some inputs that are not what they are first.
    ///
    /// # Errors
    /// As [`Format::verify`]; class `unsupported` for an input that the format does not have or that does not take the value.
    pub fn verify_with(&self, reader: &mut dyn ReadSeek, offset: u64, inputs: Inputs<'_>) -> Result<Report, Error> {
        let (verify, _) = self.doors(reader, offset)?;
        verify(reader, offset, inputs)
    }

    /// Reads the value that starts at `offset` and writes it back. Bytes that follow it are not written.
    ///
    /// # Errors
    /// When the bytes are no value of this format, and when the reader or the writer fails.
    pub fn rewrite(&self, reader: &mut dyn ReadSeek, offset: u64, writer: &mut dyn Write) -> Result<(), Error> {
        self.rewrite_with(reader, offset, writer, &[])
    }

    /// The same with some inputs that are not what they are first.
    ///
    /// # Errors
    /// As [`Format::rewrite`]; class `unsupported` for an input that the format does not have or that does not take the value.
    pub fn rewrite_with(
        &self,
        reader: &mut dyn ReadSeek,
        offset: u64,
        writer: &mut dyn Write,
        inputs: Inputs<'_>,
    ) -> Result<(), Error> {
        let (_, rewrite) = self.doors(reader, offset)?;
        rewrite(reader, offset, writer, inputs)
    }
}

/// The soft rules that a value breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The findings, in the order of the fields.
    pub findings: Vec<Finding>,
    /// How many more there were than are kept.
    pub left_out: u64,
}

/// How many findings are kept.
const MOST: usize = 1000;

impl Report {
    /// Adds findings, of which a few are kept.
    pub fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            if self.findings.len() < MOST {
                self.findings.push(finding);
            } else {
                self.left_out = self.left_out.saturating_add(1);
            }
        }
    }

    /// Whether nothing worse was found than notes. Findings that were not kept may have been worse.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        self.left_out == 0 && self.findings.iter().all(|f| f.class().is_note())
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left_out == 0 && self.findings.is_empty()
    }
}

/// How much of a file tells its format.
pub const HEAD: u64 = 64;

/// The first bytes from `offset` on, as many as tell a format.
///
/// # Errors
/// Those of the reader.
pub fn head(mut reader: &mut dyn ReadSeek, offset: u64) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.seek(SeekFrom::Start(offset))?;
    (&mut reader).take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// The format of a file that begins with `head`. The longer the head, the surer the answer: [`HEAD`] bytes are plenty.
#[must_use]
pub fn find(head: &[u8]) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.matches(head))
}

/// The format with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}

/// The order given here is never used: a root has its own.
fn verify<T, P>(reader: &mut dyn ReadSeek, offset: u64, inputs: Inputs<'_>) -> Result<Report, Error>
where
    T: OwnOrder,
    for<'a> T::Args<'a>: Copy,
    P: Prepare<T>,
{
    P::reported(reader, offset, inputs, |reader, args| {
        let mut source = start(reader, offset)?;
        let value = T::read_from(&mut source, Endian::Little, args).map_err(|e| e.spec(T::SPEC))?;
        refuse_tail(&mut source)?;
        let mut findings = Findings::default();
        value.check_into(offset, args, &mut findings);
        Ok(Report { left_out: findings.left_out(), findings: findings.finish() })
    })
}

fn rewrite<T, P>(
    reader: &mut dyn ReadSeek,
    offset: u64,
    writer: &mut dyn Write,
    inputs: Inputs<'_>,
) -> Result<(), Error>
where
    T: OwnOrder,
    for<'a> T::Args<'a>: Copy,
    P: Prepare<T>,
{
    P::prepared(reader, offset, inputs, |reader, args| {
        let mut from = start(reader, offset)?;
        let value = T::read_from(&mut from, Endian::Little, args).map_err(|e| e.spec(T::SPEC))?;
        let (mut source, mut dest) = (reader, writer);
        value.write_from_with(&mut source, &mut dest, Endian::Little, args)
    })
}

/// Sets inputs in the arguments of a root.
///
/// # Errors
/// Class `unsupported` for an input that there is not or that does not take the value.
pub fn set<A: SetInput>(args: &mut A, inputs: Inputs<'_>) -> Result<(), Error> {
    for (name, value) in inputs {
        if !args.set_input(name, value) {
            let expected = format!("an input `{name}` that can be `{value}`");
            return Err(Error::new(Class::Unsupported, expected, Found::Nothing));
        }
    }
    Ok(())
}

/// A source of the bytes from `offset` on.
pub(crate) fn start(reader: &mut dyn ReadSeek, offset: u64) -> Result<FileSource<'_>, Error> {
    reader.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(offset, e))?;
    Ok(Source::new(SeekInput(reader), offset))
}

pub(crate) type FileSource<'a> = Source<SeekInput<&'a mut dyn ReadSeek>>;

/// A format without `blob(rest)` says where its files end; what follows there would be lost on write.
fn refuse_tail(source: &mut FileSource<'_>) -> Result<(), Error> {
    source.settle()?;
    let (end, more) = (source.position(), source.rest()?);
    if more == 0 {
        return Ok(());
    }
    let expected = "no bytes behind the end of the format";
    Err(Error::new(Class::Invalid, expected, more).located(end))
}
