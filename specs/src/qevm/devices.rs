//! How long states of devices are that no spec describes.
//!
//! A stream does not say. Its description does, where there is one, and the footer behind the section gives it away, where
//! there is one of these. A length found by a footer is a guess: the same bytes may be part of the state. So it is noted.

use super::device_state::{self, Body, Framing, Released, Subsections};
use super::drift;
use super::schema::{Device, Schema};
use crate::generated::qevm::{Externs, Footer, FooterArgs, RecordKind};
use crate::runtime::binrw::io::{self, Read, Seek, SeekFrom};
use crate::runtime::{Ahead, Found, Result, Rule, len64};
use crate::{Class, Error, Finding};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

/// The longest state that is taken apart by a description, in bytes.
const MAX_STATE: u64 = 64 << 20;
/// How many guesses are kept.
const MAX_GUESSES: usize = 4096;
/// How much is read at once in search of a footer, in bytes.
const STEP: u64 = 4096;

/// Tells the lengths of states: by a description, else by footers.
#[derive(Debug, Default)]
pub struct Devices<'a> {
    schema: Option<&'a Schema<'a>>,
    /// Where the schema is that of another stream.
    others: Option<Subsections<'a>>,
    guesses: RefCell<Vec<Guess>>,
}

/// A state whose end was found by the footer behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// Where the state starts.
    pub offset: u64,
    /// Its length, in bytes.
    pub length: u64,
    /// The device.
    pub idstr: Vec<u8>,
    /// The section it is of.
    pub section_id: u32,
}

/// A state of which a length is wanted.
#[derive(Clone, Copy, Debug)]
pub struct State<'s> {
    /// Where it starts.
    pub offset: u64,
    /// The device.
    pub idstr: &'s [u8],
    /// Which of several of the same name.
    pub instance: u32,
    /// The version in which it was written.
    pub version: u32,
    /// The section it is of.
    pub section_id: u32,
}

/// The end of a state was found by its footer.
static GUESSED: Rule = Rule::new("", 0, Class::Note, "a length that something tells")
    .say("no spec and no description does, so that it ends in front of what looks like its footer");

impl Guess {
    /// The same as a finding.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let path = drift::path(&self.idstr, self.section_id);
        Finding { path, offset: self.offset, rule: &GUESSED, found: self.length.into() }
    }
}

impl<'a> Devices<'a> {
    /// By the footers alone.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// By the stream's own description.
    #[must_use]
    pub fn described_by(schema: &'a Schema<'a>) -> Self {
        Self { schema: Some(schema), ..Self::default() }
    }

    /// By the description of another stream of the same machine, of which the subsections need not be there.
    #[must_use]
    pub fn described_by_another(schema: &'a Schema<'a>) -> Self {
        Self { schema: Some(schema), others: Some(Subsections::of(schema)), ..Self::default() }
    }

    /// The states whose ends were guessed so far, each once, in the order of their offsets.
    #[must_use]
    pub fn guesses(&self) -> Vec<Guess> {
        let mut guesses = self.guesses.try_borrow().map(|guesses| guesses.clone()).unwrap_or_default();
        guesses.sort_by_key(|guess| guess.offset);
        guesses.dedup();
        guesses
    }

    /// The description of a device, in the version that was asked for. Where QEMU does not describe a state, it gives no version.
    #[must_use]
    pub fn describes(&self, state: &State<'_>) -> Option<&'a Device<'a>> {
        let device = self.named(state)?;
        (device.state.name.is_empty() || device.state.version == state.version).then_some(device)
    }

    /// The description of a device in whatever version.
    pub(super) fn named(&self, state: &State<'_>) -> Option<&'a Device<'a>> {
        self.schema?.device(core::str::from_utf8(state.idstr).ok()?, state.instance)
    }

    /// The length of the state that `ahead` starts with.
    ///
    /// # Errors
    /// Those of [`device_state::decode`]; `unsupported` where neither a description nor a footer tells, with the device's name.
    pub fn length<R: Read + Seek>(&self, ahead: &mut R, state: &State<'_>) -> Result<u64> {
        if let Some(device) = self.describes(state) {
            return self.described(ahead, device, state.offset);
        }
        match to_footer(ahead, state.section_id).map_err(|e| Error::io(state.offset, e))? {
            Some(length) => {
                self.note(state, length);
                Ok(length)
            }
            None => Err(unknown(state)),
        }
    }

    /// Takes apart the state of a device that `bytes` start with, and that lies at `offset`.
    ///
    /// # Errors
    /// Those of [`device_state::decode`] or, by the description of another stream, [`device_state::decode_other`].
    pub fn decode<'b>(&self, device: &'b Device<'b>, bytes: &'b [u8], offset: u64) -> Result<Body<'b>>
    where
        'a: 'b,
    {
        match &self.others {
            None => device_state::decode(&device.state, bytes, offset, &Released),
            Some(others) => device_state::decode_other(&device.state, others, bytes, offset, &Released),
        }
    }

    /// The length by a description. As much is looked at as that makes likely; elements of arrays may be longer than the one
    /// that is described, and there may be more subsections.
    fn described<R: Read + Seek>(&self, ahead: &mut R, device: &Device<'_>, offset: u64) -> Result<u64> {
        let beyond = if self.others.is_some() { Released.longest_subsection_head() } else { 0 };
        let likely = device_state::expected_length(&device.state, &Released);
        let mut reach = likely.saturating_add(beyond).clamp(1, MAX_STATE);
        loop {
            let bytes = start_of(ahead, reach).map_err(|e| Error::io(offset, e))?;
            let all = len64(bytes.len()) < reach || reach == MAX_STATE;
            match self.decode(device, &bytes, offset).map(|state| len64(state.bytes.len())) {
                Ok(length) if all || length.saturating_add(beyond) <= reach => return Ok(length),
                Err(error) if all || error.class() != Class::Truncated => return Err(error),
                _ => reach = reach.saturating_mul(2).min(MAX_STATE),
            }
        }
    }

    fn note(&self, state: &State<'_>, length: u64) {
        let Ok(mut guesses) = self.guesses.try_borrow_mut() else { return };
        if guesses.len() < MAX_GUESSES {
            let State { offset, section_id, .. } = *state;
            guesses.push(Guess { offset, length, idstr: state.idstr.to_vec(), section_id });
        }
    }
}

impl Externs for Devices<'_> {
    fn opaque_state(
        &self,
        ahead: &mut Ahead<'_>,
        idstr: &[u8],
        instance: u32,
        version: u32,
        section_id: u32,
    ) -> Result<u64> {
        let state = State { offset: ahead.position(), idstr, instance, version, section_id };
        self.length(ahead, &state)
    }
}

#[cold]
fn unknown(state: &State<'_>) -> Error {
    let State { idstr, instance, version, section_id, .. } = *state;
    let name = String::from_utf8_lossy(idstr);
    let expected = format!(
        "a device that is known: no spec, no description and no footer tells the length of `{name}` \
         (section {section_id}, instance {instance}, version {version})"
    );
    Error::new(Class::Unsupported, expected, Found::Nothing).located(state.offset)
}

fn start_of<R: Read + Seek>(ahead: &mut R, reach: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    ahead.seek(SeekFrom::Start(0))?;
    ahead.take(reach).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// How far it is to the first footer of the section with a record behind it.
fn to_footer<R: Read + Seek>(ahead: &mut R, section_id: u32) -> io::Result<Option<u64>> {
    let Ok(footer) = Footer {}.to_bytes(FooterArgs { section_id }) else { return Ok(None) };
    let (mut held, mut passed) = (Vec::new(), 0_u64);
    ahead.seek(SeekFrom::Start(0))?;
    loop {
        let got = ahead.take(STEP).read_to_end(&mut held)?;
        if let Some(place) = held.windows(Footer::SIZE.saturating_add(1)).position(|at| is_end(at, &footer)) {
            return Ok(Some(passed.saturating_add(len64(place))));
        }
        if got == 0 {
            return Ok(None);
        }
        // A footer may be cut by the step.
        let done = held.len().saturating_sub(Footer::SIZE);
        held.drain(..done);
        passed = passed.saturating_add(len64(done));
    }
}

/// A footer, and the kind of a record.
fn is_end(at: &[u8], footer: &[u8]) -> bool {
    let kind = at.strip_prefix(footer).and_then(<[u8]>::first);
    kind.is_some_and(|kind| RecordKind::from_repr(*kind).is_some())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by it")]
mod tests {
    use super::{Devices, State};
    use crate::Class;
    use crate::qevm::schema::Schema;
    use crate::runtime::binrw::io::Cursor;

    const STATE: State<'_> = State { offset: 10, idstr: b"x", instance: 0, version: 1, section_id: 5 };

    #[test]
    fn a_footer_tells_and_is_noted_as_a_guess() {
        let devices = Devices::new();
        let mut bytes = vec![0x7e; 5000];
        bytes.extend(b"\x7e\0\0\0\x05\x09 no record \x7e\0\0\0\x04\x04 of another section ");
        let length = u64::try_from(bytes.len()).unwrap();
        bytes.extend(b"\x7e\0\0\0\x05\x04");
        assert_eq!(devices.length(&mut Cursor::new(&bytes), &STATE).unwrap(), length);
        let guesses = devices.guesses();
        assert_eq!(guesses.len(), 1);
        assert_eq!((guesses[0].offset, guesses[0].length, &*guesses[0].idstr), (10, length, &b"x"[..]));
    }

    #[test]
    fn nothing_tells_is_an_error_with_the_name() {
        let error = Devices::new().length(&mut Cursor::new(b"\x7e\0\0\0\x05"), &STATE).unwrap_err();
        assert_eq!((error.class(), error.offset()), (Class::Unsupported, Some(10)));
        assert!(error.to_string().contains("`x` (section 5, instance 0, version 1)"), "{error}");
    }

    #[test]
    fn a_description_tells_for_its_version_alone() {
        let json = r#"{"devices": [{"name": "x", "instance_id": 0, "vmsd_name": "x", "version": 1,
            "fields": [{"name": "a", "type": "uint32", "size": 4}]}]}"#;
        let schema = Schema::parse(json).unwrap();
        let devices = Devices::described_by(&schema);
        let bytes = b"abcd\x7e\0\0\0\x05\0\x7e\0\0\0\x05\0";
        assert_eq!(devices.length(&mut Cursor::new(bytes), &STATE).unwrap(), 4);
        assert!(devices.guesses().is_empty());
        let newer = State { version: 2, ..STATE };
        assert_eq!(devices.length(&mut Cursor::new(bytes), &newer).unwrap(), 4);
        assert_eq!(devices.guesses().len(), 1, "by the footer");
        let error = devices.length(&mut Cursor::new(b"abc"), &STATE).unwrap_err();
        assert_eq!(error.class(), Class::Truncated);
    }

    /// A state by the description of another stream has more subsections than that, so that more has to be looked at.
    #[test]
    fn another_description_tells_with_the_subsections_that_are_there() {
        let json = r#"{"devices": [{"name": "x", "instance_id": 0, "vmsd_name": "x", "version": 1,
            "fields": [{"name": "a", "type": "uint32", "size": 4}],
            "subsections": [{"vmsd_name": "x/b", "version": 1, "fields": [{"name": "b", "type": "buffer", "size": 300}]}]}]}"#;
        let schema = Schema::parse(json).unwrap();
        let subsection = [&b"\x05\x03x/b\0\0\0\x01"[..], &[0; 300]].concat();
        for count in 0..3 {
            let bytes = [&b"abcd"[..], &subsection.repeat(count), b"\x04 the next"].concat();
            let devices = Devices::described_by_another(&schema);
            let expected = u64::try_from(4 + subsection.len() * count).unwrap();
            assert_eq!(devices.length(&mut Cursor::new(&bytes), &STATE).unwrap(), expected);
        }
        let own = Devices::described_by(&schema).length(&mut Cursor::new(b"abcd\x04"), &STATE);
        assert_eq!(own.unwrap_err().class(), Class::Invalid, "with its own description a state has what that says");
    }
}
