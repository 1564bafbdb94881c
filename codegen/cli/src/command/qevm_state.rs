//! `vmspec qevm-state`: the states of devices in a QEMU migration stream.

use std::io::{self, Write};

use clap::Args;
use vmspec::qevm::device_state::{Released, decode};
use vmspec::qevm::devices::{Devices, State as Wanted};
use vmspec::qevm::schema::{Field, Schema, Vmsd};
use vmspec::qevm::state_json::StateJson;
use vmspec_codegen::interpret::{Bytes, FileBytes, Look, Wanted as Lists};

use crate::inspect::{Inspect, Inspected};
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{self, Screen};
use crate::states::{Section, State, described, drift, sections};
use crate::stream::Unpacking;

/// Print the states of devices in a QEMU migration stream as JSON
///
/// What is printed is what QEMU's own scripts/analyze-migration.py -d state prints. A device is taken apart by the
/// description at the end of the stream, or by that of another stream of the same machine; without one, by the spec that is
/// built in. Where both know a device and do not agree, that is said on standard error. A state that neither knows is shown
/// as bytes.
///
/// The stream may be that of a libvirt save image; it is unpacked where it is packed.
#[derive(Debug, Args)]
#[command(name = "qevm-state")]
#[command(
    after_help = "Exit status: 0 when the states were printed, 1 when the file has no such stream or it cannot be read \
    to its end, 2 when it cannot be opened or read."
)]
pub struct QevmState {
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    unpacking: Unpacking,
}

impl QevmState {
    /// Reads the stream and prints what is in it.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.inspect.open_stream(self.unpacking).and_then(|inspected| states(&inspected)) {
            Ok(states) => {
                for note in &states.notes {
                    screen::warn(&format!("note: {}: {note}\n", self.inspect.file.display()));
                }
                let mut out = screen.buffered();
                writeln!(out, "{}", states.json)?;
                out.flush()?;
                Ok(Outcome::Good)
            }
            Err(refusal) => refusal.report(&self.inspect.file, screen),
        }
    }
}

/// The states of a stream.
struct States {
    json: String,
    /// Where a spec and a description do not agree.
    notes: Vec<String>,
}

fn states(inspected: &Inspected) -> Result<States, Refusal> {
    let reading = inspected.read(&Lists::default());
    if let Some(error) = reading.error {
        return Err(error.into());
    }
    let schema = inspected.schema();
    let (mut json, mut notes) = (StateJson::new(), Vec::new());
    for section in sections(&Look::root(&inspected.format, &reading.root)) {
        let name = section.name();
        match &section.state {
            State::Memory(blocks) => json.ram(&name, section.id, blocks.iter().map(|(name, len)| (&**name, *len))),
            State::Other => json.unshown(&name, section.id),
            State::Known(state) => {
                let (at, len, own) = (state.node.at, state.node.len, described::describe(state));
                notes.extend(device(&inspected.bytes, &section, (at, len), (&schema, Some(&own)), &mut json)?);
            }
            State::Opaque(at, len) => {
                notes.extend(device(&inspected.bytes, &section, (*at, *len), (&schema, None), &mut json)?);
            }
        }
    }
    Ok(States { json: json.finish(), notes })
}

/// Adds a device; says where its spec and its description do not agree.
fn device(
    file: &FileBytes,
    section: &Section<'_>,
    (at, len): (u64, u64),
    (schema, own): (&Schema<'_>, Option<&Vmsd<'_>>),
    json: &mut StateJson,
) -> Result<Option<String>, Refusal> {
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
    file.read_at(at, &mut bytes)?;
    let Section { instance, version, id: section_id, ref idstr, .. } = *section;
    let devices = Devices::described_by(schema);
    let theirs = devices.describes(&Wanted { offset: at, idstr, instance, version, section_id });
    let theirs = theirs.map(|device| decode(&device.state, &bytes, at, &Released)).transpose();
    let own = own.map(|own| decode(own, &bytes, at, &Released)).transpose()?;
    let whole = opaque(len);
    let (shown, note) = match (theirs, own) {
        (Ok(Some(theirs)), own) => {
            let note = own.and_then(|own| drift::difference(&own, &theirs));
            (theirs, note)
        }
        (Ok(None), Some(own)) => (own, None),
        (Ok(None), None) => {
            (decode(&whole, &bytes, at, &Released)?, Some("nothing but a footer tells its length".to_owned()))
        }
        (Err(error), Some(own)) => (own, Some(format!("it is not as the stream describes it: {error}"))),
        (Err(error), None) => return Err(error.into()),
    };
    json.device(&section.name(), section_id, &shown);
    Ok(note.map(|note| format!("`{}` (section {section_id}): {note}", section.name())))
}

/// A state of which nothing but the length is known.
fn opaque(len: u64) -> Vmsd<'static> {
    let mut vmsd = Vmsd::default();
    vmsd.fields.push(Field::new("data", "buffer", len));
    vmsd
}
