//! `vmspec qevm-state`: the states of devices in a QEMU migration stream.

use std::io::{self, Write};

use clap::Args;
use vmspec::Finding;
use vmspec::qevm::device_state::{Released, decode};
use vmspec::qevm::devices::{Devices, Guess};
use vmspec::qevm::schema::{Field, Vmsd};
use vmspec::qevm::state_json::StateJson;
use vmspec_codegen::interpret::{Bytes, Look, Wanted as Lists};

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
                for finding in &states.findings {
                    screen::warn(&format!("{}: {finding}\n", self.inspect.file.display()));
                }
                let mut out = screen.buffered();
                writeln!(out, "{}", states.json.finish())?;
                out.flush()?;
                Ok(Outcome::Good)
            }
            Err(refusal) => refusal.report(&self.inspect.file, screen),
        }
    }
}

/// The states of a stream.
struct States {
    json: StateJson,
    /// What there is to say of them: where a spec and a description do not agree, and which lengths were guessed.
    findings: Vec<Finding>,
}

fn states(inspected: &Inspected) -> Result<States, Refusal> {
    let reading = inspected.read(&Lists::default());
    if let Some(error) = reading.error {
        return Err(error.into());
    }
    let schema = inspected.schema();
    let devices = inspected.devices(&schema);
    let mut states = States { json: StateJson::new(), findings: Vec::new() };
    for section in sections(&Look::root(&inspected.format, &reading.root)) {
        let name = section.name();
        match &section.state {
            State::Memory(blocks) => {
                states.json.ram(&name, section.id, blocks.iter().map(|(name, len)| (&**name, *len)));
            }
            State::Other => states.json.unshown(&name, section.id),
            State::Known(state) => {
                let (at, len) = (state.node.at, state.node.len);
                states.known(&section, &described::describe(state), &bytes(inspected, at, len)?, (at, &devices))?;
            }
            State::Opaque(at, len) => states.opaque(&section, &bytes(inspected, *at, *len)?, *at, &devices)?,
        }
    }
    Ok(states)
}

fn bytes(inspected: &Inspected, at: u64, len: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
    inspected.bytes.read_at(at, &mut bytes)?;
    Ok(bytes)
}

impl States {
    /// Adds a device that a spec describes, as it is described in the stream where it is.
    fn known(
        &mut self,
        section: &Section<'_>,
        own: &Vmsd<'_>,
        bytes: &[u8],
        (at, devices): (u64, &Devices<'_>),
    ) -> Result<(), Refusal> {
        let own = decode(own, bytes, at, &Released)?;
        self.findings.extend(drift::finding(section, &own, devices));
        let theirs = devices.describes(&section.wanted(at)).and_then(|device| devices.decode(device, bytes, at).ok());
        self.json.device(&section.name(), section.id, theirs.as_ref().unwrap_or(&own));
        Ok(())
    }

    /// Adds a device that no spec describes.
    fn opaque(&mut self, section: &Section<'_>, bytes: &[u8], at: u64, devices: &Devices<'_>) -> Result<(), Refusal> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let whole = opaque(length);
        let state = if let Some(device) = devices.describes(&section.wanted(at)) {
            devices.decode(device, bytes, at)?
        } else {
            let (idstr, section_id) = (section.idstr.clone(), section.id);
            self.findings.push(Guess { offset: at, length, idstr, section_id }.finding());
            decode(&whole, bytes, at, &Released)?
        };
        self.json.device(&section.name(), section.id, &state);
        Ok(())
    }
}

/// A state of which nothing but the length is known.
fn opaque(len: u64) -> Vmsd<'static> {
    let mut vmsd = Vmsd::default();
    vmsd.fields.push(Field::new("data", "buffer", len));
    vmsd
}
