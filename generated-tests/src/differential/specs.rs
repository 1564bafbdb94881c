//! The models of the specs that generated code comes from, each made once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use vmspec_codegen::compile;
use vmspec_codegen::diagnostic::Style;
use vmspec_codegen::model::{Argument, Format, TypeId};
use vmspec_codegen::source::Source;

/// Where specs are: those of the formats, and those of features.
const FOLDERS: [&str; 2] = ["../specs", "features"];

static MODELS: Mutex<BTreeMap<String, &'static Format>> = Mutex::new(BTreeMap::new());

/// The model of a spec, by its file name.
#[must_use]
pub fn model(spec: &str) -> &'static Format {
    let mut models = MODELS.lock().unwrap_or_else(PoisonError::into_inner);
    models.entry(spec.to_owned()).or_insert_with(|| Box::leak(Box::new(compiled(spec))))
}

/// The model with other inputs than their first ones.
#[must_use]
pub fn with_inputs(format: &'static Format, inputs: &[(usize, Argument)]) -> &'static Format {
    if inputs.is_empty() {
        return format;
    }
    Box::leak(Box::new(format.with_inputs(inputs)))
}

fn compiled(spec: &str) -> Format {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = FOLDERS.iter().map(|folder| here.join(folder));
    let folder = folders.find(|folder| folder.join(spec).is_file());
    let folder = folder.unwrap_or_else(|| panic!("there is no spec {spec}"));
    match compile(&Source::file(folder.join(spec), folder)) {
        Ok((format, _)) => format,
        Err(failure) => panic!("{spec}:\n{}", failure.render(Style::Plain)),
    }
}

/// A type by its name in the spec.
#[must_use]
pub fn type_named(format: &Format, name: &str) -> TypeId {
    let at = format.types.iter().position(|ty| ty.name == name);
    TypeId(at.unwrap_or_else(|| panic!("{} has no type {name}", format.id)))
}
