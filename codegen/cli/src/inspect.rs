//! A file to look into with its spec: what the commands that do so take, and what they get.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{ArgGroup, Args, ValueEnum};
use vmspec::format::{Format as BuiltIn, head};
use vmspec::qevm::devices::Devices;
use vmspec::qevm::schema::Schema;
use vmspec_codegen::diagnostic::{did_you_mean, printable};
use vmspec_codegen::interpret::{self, FileBytes, Look, Reading, Start, Trouble, Wanted, Why};
use vmspec_codegen::model::{Format, ParamTy, Type, TypeId};
use vmspec_codegen::source::Source;

use crate::description::{self, Description, Json};
use crate::inputs::Inputs;
use crate::offset;
use crate::recognise;
use crate::refusal::Refusal;
use crate::replayed::{self, Replayed};
use crate::spec;
use crate::stream::{self, Carried, Stream, Unpacking};
use crate::told::Told;

/// Which file is looked into, from where on, and as what.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("described").args(["format", "spec"]))]
pub struct Inspect {
    /// Read the file as this format; without it the first bytes tell
    #[arg(long, value_name = "ID", value_parser = recognise::format_parser())]
    format: Option<&'static BuiltIn>,
    /// Read the file as this spec says
    #[arg(long, value_name = "SPEC")]
    spec: Option<PathBuf>,
    /// Read this type of the format or spec instead of the one that the first bytes tell; it must take no params
    #[arg(long, value_name = "TYPE", requires = "described")]
    root: Option<String>,
    /// The byte order, where the type has none of its own
    #[arg(long, value_name = "ORDER", default_value = "le", requires = "described")]
    endian: Endian,
    /// Start N bytes into the file (512, 0x200, 64K, 1M, 2G)
    #[arg(long, value_name = "N", default_value = "0", value_parser = offset::parse)]
    offset: u64,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    description: Description,
    /// The file to look into
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// A byte order, by the names it has in specs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endian {
    Little,
    Big,
}

impl ValueEnum for Endian {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Little, Self::Big]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(if *self == Self::Big { "be" } else { "le" }))
    }
}

/// A file with its spec, ready to be read.
pub struct Inspected {
    /// What the spec means.
    pub format: Format,
    /// What is read, and from where.
    pub start: Start,
    /// The file.
    pub bytes: FileBytes,
    /// The format built in, where it is one.
    pub built_in: Option<&'static BuiltIn>,
    /// The description of devices that no spec describes.
    description: Option<Json>,
}

/// What is read, before its spec is compiled.
struct Opened {
    file: File,
    /// Where the value starts.
    offset: u64,
    /// What its input `origin` is.
    origin: u64,
    source: Source,
    /// Its format; none where a spec is given.
    built_in: Option<&'static BuiltIn>,
}

impl Inspect {
    /// Opens the file, settles the spec and compiles it.
    pub fn open(&self) -> Result<Inspected, Refusal> {
        self.compiled(self.opened()?)
    }

    /// The same with the stream that the file carries, where that is asked for.
    pub fn open_carried(&self, carried: &Carried) -> Result<Inspected, Refusal> {
        if carried.stream { self.open_stream(carried.unpacking) } else { self.open() }
    }

    /// The same with the QEMU stream that the file is or carries. What is read with a spec of one's own is the file itself.
    pub fn open_stream(&self, unpacking: Unpacking) -> Result<Inspected, Refusal> {
        let opened = self.opened()?;
        let Some(format) = opened.built_in else { return self.compiled(opened) };
        let followed = stream::follow(format, opened.file, opened.offset, (&self.file, unpacking))?;
        let Stream { file, offset, origin, .. } = followed.ok_or_else(|| stream::none(format))?;
        let format = stream::format()?;
        self.compiled(Opened { file, offset, origin, source: spec::built_in(format), built_in: Some(format) })
    }

    fn opened(&self) -> Result<Opened, Refusal> {
        let (mut file, _) = recognise::open(&self.file, self.offset)?;
        let (source, built_in) = match (&self.spec, self.format) {
            (Some(path), _) => (from_file(path)?, None),
            (None, Some(format)) => (spec::built_in(format), Some(format)),
            (None, None) => {
                let format = recognise::recognise(&mut file, self.offset)?;
                (spec::built_in(format), Some(format))
            }
        };
        Ok(Opened { file, offset: self.offset, origin: self.offset, source, built_in })
    }

    fn compiled(&self, opened: Opened) -> Result<Inspected, Refusal> {
        let Opened { mut file, offset, origin, source, built_in } = opened;
        let (mut format, _) = vmspec_codegen::compile(&source)?;
        let description = match built_in {
            Some(built_in) => self.description.json(built_in, &mut file, offset)?,
            None => self.description.other()?.map(Json::Another),
        };
        if let Some(json) = &description {
            description::set_inputs(&mut format, json.text())?;
        }
        self.inputs.set(&mut format, origin)?;
        let ty = match self.root.as_deref() {
            Some(name) => root(&format, name).map_err(Refusal::Choice)?,
            None => format.root_of(&head(&mut file, offset)?),
        };
        let start = Start { ty, at: offset, big: self.endian == Endian::Big };
        Ok(Inspected { format, start, bytes: FileBytes::new(file)?, built_in, description })
    }
}

fn from_file(path: &Path) -> Result<Source, Refusal> {
    spec::from_file(path).map_err(|e| Refusal::Elsewhere(path.to_owned(), e))
}

/// The type called `name`, which must be readable by itself.
fn root(format: &Format, name: &str) -> Result<TypeId, String> {
    let names = || format.types.iter().map(|ty| ty.name.as_str());
    let Some(index) = names().position(|known| known == name) else {
        let hint = did_you_mean(name, names()).map_or_else(String::new, |hint| format!("; {hint}"));
        return Err(format!("there is no type `{}` in {}{hint}", printable(name), spec_name(format)));
    };
    let id = TypeId(index);
    match needs(format, format.ty(id)) {
        Some(needs) => Err(format!("`{name}` cannot be read by itself: {needs}")),
        None => Ok(id),
    }
}

/// What a type gets from where it is used, and so cannot be read without.
fn needs(format: &Format, ty: &Type) -> Option<String> {
    let names = |captured| {
        let of_kind = ty.params.iter().filter(move |p| p.captured == captured && !p.ty.is_handed_down());
        of_kind.map(|param| format!("`{}`", param.name)).collect::<Vec<_>>().join(", ")
    };
    let states = ty.params.iter().filter_map(|param| match param.ty {
        ParamTy::State(id) => Some(format!("`{}`", format.ty(id.of(&format.scopes).per).name)),
        _ => None,
    });
    let all = [
        ("takes the params ", names(false)),
        ("depends on what is around it, ", names(true)),
        ("shares the state of ", states.collect::<Vec<_>>().join(", ")),
    ];
    let said: Vec<_> =
        all.iter().filter(|(_, names)| !names.is_empty()).map(|(verb, of)| format!("{verb}{of}")).collect();
    if said.is_empty() { None } else { Some(format!("it {}", said.join(", and "))) }
}

/// The spec as people know it.
fn spec_name(format: &Format) -> &str {
    format.files.first().map_or(format.id.as_str(), String::as_str)
}

impl Inspected {
    /// Reads it, with what is wanted of lists that are read one by one.
    pub fn read(&self, wanted: &Wanted) -> Reading {
        let schema = self.schema();
        let devices = self.devices(&schema);
        interpret::read_asking(&self.format, self.start, (&[], &Told(&devices), wanted), &self.bytes)
    }

    /// What its description says, which could be read when the file was opened.
    pub fn schema(&self) -> Schema<'_> {
        self.description.as_ref().and_then(|json| Schema::parse(json.text()).ok()).unwrap_or_default()
    }

    /// What tells the lengths of states, by this schema.
    pub fn devices<'a>(&self, schema: &'a Schema<'a>) -> Devices<'a> {
        self.description.as_ref().map_or_else(Devices::new, |json| json.devices(schema))
    }

    /// Reads it, and looks through its journals.
    pub fn read_with_journals(&self, wanted: &Wanted) -> Reading {
        let mut reading = self.read(wanted);
        interpret::scan_journals(&self.format, &mut reading, &self.bytes, wanted);
        reading
    }

    /// The file as it would be if its log were replayed, where there are tables to be read from that.
    pub fn replayed(&self, path: &Path) -> Option<Result<Replayed, vmspec::Error>> {
        replayed::tables(self).map(|ty| Replayed::open(path, ty))
    }

    /// Whether something in the format is a journal, so that what lies in the file may not be what counts.
    pub fn has_journal(&self) -> bool {
        let fields = self.format.types.iter().filter_map(|ty| ty.as_struct()).flat_map(|s| &s.fields);
        fields.into_iter().any(|field| field.journal.is_some())
    }

    /// The value at a path, of which every byte was read. An error of the reading that lies behind it does not count.
    pub fn find<'a>(&'a self, reading: &'a Reading, path: &str) -> Result<Look<'a>, Refusal> {
        let located = interpret::locate(&Look::root(&self.format, &reading.root), path);
        let at = match &located {
            Ok((_, at)) => at,
            Err(not_found) if not_found.may_be_unread() => &not_found.reached,
            Err(_) => return located.map(|(look, _)| look).map_err(Refusal::from),
        };
        match &reading.error {
            Some(error) if concerns(error, at) || matches!(&located, Err(e) if e.why == Why::Unread) => {
                Err(error.clone().into())
            }
            _ => located.map(|(look, _)| look).map_err(Refusal::from),
        }
    }
}

/// Whether an error is about the value at a path, or a part of it.
fn concerns(error: &Trouble, path: &str) -> bool {
    let rest = error.path.strip_prefix(path);
    rest.is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
}
