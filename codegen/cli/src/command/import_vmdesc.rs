//! `vmspec import-vmdesc`: a spec of the devices of QEMU streams, from the streams' own descriptions.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec::format::FORMATS;
use vmspec::qevm::import_vmdesc::{Base, import};
use vmspec::qevm::schema::{Device, Schema};
use vmspec::qevm::{self, description};
use vmspec_codegen::model::{Body, Case, Type};

use crate::offset;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::Screen;
use crate::spec;
use crate::stream::{self, Unpacking};

/// Where devices are added to.
const SWITCH: &str = "device.body";

/// Write a spec of the devices of QEMU streams
///
/// The spec is made from the descriptions that streams have at their ends, and goes to standard output. Its comments say what
/// it could not know. Devices that the built-in spec describes in the version that was sent are left out, unless `--all` is
/// given.
///
/// Save it beside `qevm.yaml`, in the folder `specs` of vmspec: `vmspec check`, and `--spec` of other commands, take it as a spec
/// of its own. To make it part of the format, name it in `use` of `qevm.yaml`. Every case says for which versions it is, so
/// that a device can have one in several specs. Of two for one version the first counts: in a spec of its own, the imported one.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 when the spec was written, 1 when a file has no description, 2 when a file cannot be \
    opened or read."
)]
pub struct ImportVmdesc {
    /// Streams, or libvirt save images that carry one; what several say of a device is put together
    #[arg(required = true, value_name = "STREAM")]
    streams: Vec<PathBuf>,
    /// Start N bytes into each file (512, 0x200, 64K, 1M, 2G)
    #[arg(long, value_name = "N", default_value = "0", value_parser = offset::parse)]
    offset: u64,
    #[command(flatten)]
    unpacking: Unpacking,
    /// Write devices too that the built-in spec describes, for a QEMU that sends more of them
    #[arg(long)]
    all: bool,
}

impl ImportVmdesc {
    /// Writes the spec. Complaints go to standard error: what is on standard output is the spec.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let mut texts = Vec::new();
        for path in &self.streams {
            match self.json(path) {
                Ok(json) => texts.push((path, json)),
                Err(refusal) => return Ok(refusal.complain(path)),
            }
        }
        let mut schemas = Vec::new();
        for (path, json) in &texts {
            match Schema::parse(json) {
                Ok(schema) => schemas.push(self.wanted(schema)),
                Err(e) => return Ok(Refusal::from(e).complain(path)),
            }
        }
        match base() {
            Ok(base) => screen.text(&import(&schemas, &base)).map(|()| Outcome::Good),
            Err(refusal) => Ok(refusal.complain(Path::new(qevm::SPEC))),
        }
    }

    fn json(&self, path: &Path) -> Result<String, Refusal> {
        let (mut file, offset) = stream::open(path, self.offset, self.unpacking)?;
        let found = description::find(&mut file, offset)?;
        found.ok_or_else(|| {
            let message =
                "there is no description of devices: the machine is older than pc-2.2, or the file was cut off";
            Refusal::Unknown(message.into())
        })
    }

    fn wanted<'a>(&self, mut schema: Schema<'a>) -> Schema<'a> {
        // Where QEMU does not describe a state, it gives no version either.
        let is_described =
            |it: &Device<'_>| !it.state.name.is_empty() && qevm::is_described(&it.name, it.state.version);
        schema.devices.retain(|device| self.all || !is_described(device));
        schema
    }
}

/// What the built-in spec has.
fn base() -> Result<Base, Refusal> {
    let mut base = Base::default();
    for format in FORMATS.iter().filter(|format| format.spec == qevm::SPEC) {
        let (model, _) = vmspec_codegen::compile(&spec::built_in(format))?;
        base.types.extend(model.enums.iter().map(|it| it.rust.clone()));
        base.types.extend(model.flags.iter().map(|it| it.rust.clone()));
        base.types.extend(model.types.iter().map(|it| it.rust.clone()));
        for case in model.types.iter().filter(|it| it.name == SWITCH).flat_map(cases) {
            base.cases.insert(case.rust.clone());
            base.labels.insert(case.written.clone());
        }
    }
    Ok(base)
}

fn cases(ty: &Type) -> &[Case] {
    if let Body::Union(union) = &ty.body { &union.cases } else { &[] }
}
