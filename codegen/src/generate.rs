//! The one way from a spec to Rust, behind every front door.

use crate::compile::{Failure, compile};
use crate::emit::names;
use crate::model::{Format, Place, Root, Step, TypeId};
use crate::options::Options;
use crate::source::{Source, Sources};
use crate::{emit, render};

/// What a spec becomes.
#[derive(Debug, Clone)]
pub struct Generated {
    /// `format.id`.
    pub id: String,
    /// `format.title`.
    pub title: String,
    /// The root type's name in Rust.
    pub root: String,
    /// The further roots that a file is told by.
    pub told_roots: Vec<ToldRoot>,
    /// Whether the root says its own byte order, so that no reader need name one.
    pub own_order: bool,
    /// Whether code by hand tells lengths of what is in it.
    pub has_externs: bool,
    /// The module, formatted, without a first line that says where it comes from.
    pub rust: String,
    /// Its tests, formatted. They call the module `spec`, which whoever places them brings into scope.
    pub tests: String,
    /// The files read.
    pub inputs: Vec<String>,
    /// What the types of the format are called in Rust.
    pub types: Vec<String>,
}

/// A further root that a file is told by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRoot {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// What it may begin with.
    pub magics: Vec<Vec<u8>>,
}

impl Generated {
    /// The module with its name and body: `pub mod note { .. }`. Whatever lints the crate around it has on, they are for
    /// what people write. Those against panics are kept: it is what the code promises. A name that is a keyword is a raw one.
    #[must_use]
    pub fn as_module(&self, vis: &str, name: &str) -> String {
        let raw = names::is_keyword(name).then(|| names::ident(name).to_string());
        let name = raw.as_deref().unwrap_or(name);
        format!("{LINTS}\n{vis} mod {name} {{\n{}}}\n", self.rust)
    }
}

const LINTS: &str = "\
#[allow(
    dead_code,
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    clippy::restriction,
    reason = \"generated: it has all of the format, and one shape whatever that is\"
)]
#[deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = \"generated: nothing in it can panic\"
)]";

/// A spec without faults.
#[derive(Debug, Clone)]
pub struct Checked {
    /// `format.id`.
    pub id: String,
    /// How many types it describes, inline ones included.
    pub types: usize,
    /// Which fields follow from others.
    pub driven: Vec<Driven>,
    /// The files of the run.
    pub sources: Sources,
}

/// A field that follows from another.
#[derive(Debug, Clone)]
pub struct Driven {
    /// The field.
    pub field: String,
    /// What it follows from.
    pub by: String,
    /// Its line in the spec.
    pub line: u32,
}

/// Checks a spec.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(source: &Source) -> Result<Checked, Failure> {
    let (format, sources) = compile(source)?;
    Ok(Checked { id: format.id.clone(), types: format.types.len(), driven: driven(&format), sources })
}

/// Generates the Rust of a spec, to be checked in: what needs serde or arbitrary stands behind features of these names.
///
/// # Errors
/// Everything that is wrong with it.
pub fn generate(source: &Source) -> Result<Generated, Failure> {
    generate_with(source, &Options::with_features())
}

/// Generates the Rust of a spec as a crate wants it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn generate_with(source: &Source, options: &Options) -> Result<Generated, Failure> {
    let (format, sources) = compile(source)?;
    let rust = text(emit::adapt::adapt(emit::module::emit(&format), options));
    let root = format.ty(format.root);
    Ok(Generated {
        id: format.id.clone(),
        title: format.title.clone(),
        root: root.rust.clone(),
        told_roots: told_roots(&format),
        own_order: root.has_own_order(),
        has_externs: !format.externs.is_empty(),
        rust,
        tests: text(emit::tests::emit(&format)),
        inputs: inputs(&sources),
        types: types(&format),
    })
}

fn told_roots(format: &Format) -> Vec<ToldRoot> {
    let told = |id: TypeId| {
        let (ty, magics) = (format.ty(id), format.magics(id));
        let magics = magics.into_iter().map(<[u8]>::to_vec).collect();
        ToldRoot { name: ty.name.clone(), rust: ty.rust.clone(), magics }
    };
    format.told_roots().into_iter().map(told).collect()
}

/// Tokens as text. Ours always parse; should they not, the text says where, and does not compile.
fn text(tokens: proc_macro2::TokenStream) -> String {
    match render::file(tokens, "") {
        Ok(text) => text.trim_start().to_owned(),
        Err(refused) => format!("compile_error!({:?});\n\n/*\n{}\n*/\n", refused.to_string(), refused.tokens),
    }
}

fn inputs(sources: &Sources) -> Vec<String> {
    sources.ids().map(|id| sources.path(id).to_owned()).collect()
}

fn types(format: &Format) -> Vec<String> {
    let choices = format.enums.iter().map(|e| &e.rust).chain(format.flags.iter().map(|f| &f.rust));
    format.types.iter().map(|ty| &ty.rust).chain(choices).cloned().collect()
}

fn driven(format: &Format) -> Vec<Driven> {
    let mut out = Vec::new();
    for (i, ty) in format.types.iter().enumerate() {
        let Some(s) = ty.as_struct() else { continue };
        for field in &s.fields {
            if let crate::model::Role::Driven(drives) = &field.role {
                out.extend(drives.iter().map(|d| Driven {
                    field: format!("{}.{}", ty.name, field.name),
                    by: d.text.clone(),
                    line: field.site.line,
                }));
            }
        }
        for drive in &s.drives {
            let place = Place { root: Root::Field(drive.holder), steps: vec![Step::Field(drive.of, drive.target)] };
            let line = format.field(drive.of, drive.target).map_or(0, |f| f.site.line);
            out.extend(drive.drives.iter().map(|d| Driven {
                field: shown(format, TypeId(i), &place),
                by: d.text.clone(),
                line,
            }));
        }
    }
    out
}

/// A place as people write it.
fn shown(format: &Format, ty: TypeId, place: &Place) -> String {
    let mut names = vec![format.ty(ty).name.clone()];
    if let Root::Field(id) = place.root {
        names.extend(format.field(ty, id).map(|f| f.name.clone()));
    }
    for step in &place.steps {
        if let Step::Field(ty, id) = step {
            names.extend(format.field(*ty, *id).map(|f| f.name.clone()));
        }
    }
    names.join(".")
}
