//! The formats, and the inputs that their tests hold: examples as they are, and those that are crafted from them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use vmspec_codegen::compile;
use vmspec_codegen::diagnostic::Style;
use vmspec_codegen::interpret::Datum;
use vmspec_codegen::model::{Example, ExampleBytes, Format};
use vmspec_codegen::source::Source;
use vmspec_generated_tests::crafted::{Crafted, crafted};
use vmspec_generated_tests::differential::Subject;

/// Why something could not be done.
pub type Failure = String;

/// The folder of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The specs of all formats by their file names, sorted.
pub fn specs() -> Result<Vec<String>, Failure> {
    let folder = root().join("specs");
    let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut all: Vec<String> = names.filter(|name| is_spec(name)).collect();
    all.sort();
    Ok(all)
}

fn is_spec(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "yaml")
}

/// The texts of all specs by their paths, which use each other by these.
pub fn texts() -> Result<BTreeMap<String, String>, Failure> {
    let mut texts = BTreeMap::new();
    collect(&root().join("specs"), "", &mut texts).map_err(|e| e.to_string())?;
    Ok(texts)
}

fn collect(folder: &Path, prefix: &str, texts: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = format!("{prefix}{}", name.to_string_lossy());
        if path.is_dir() && name != "src" {
            collect(&path, &format!("{name}/"), texts)?;
        } else if is_spec(&name) {
            texts.insert(name, fs::read_to_string(path)?);
        }
    }
    Ok(())
}

/// The model of a spec, from texts.
pub fn model(spec: &str, texts: BTreeMap<String, String>) -> Result<Format, Failure> {
    match compile(&Source::memory(spec, texts)) {
        Ok((format, _)) => Ok(format),
        Err(failure) => Err(failure.render(Style::Plain)),
    }
}

/// An example of a format: the start of inputs.
#[derive(Clone, Debug)]
pub struct Base {
    /// The example.
    pub example: Example,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The name of its type.
    pub ty: String,
}

impl Base {
    /// What is read, in the format or in another version of it that has this type and its params.
    pub fn subject<'f>(&self, format: &'f Format) -> Option<Subject<'f>> {
        let at = format.types.iter().position(|ty| ty.name == self.ty)?;
        let ty = vmspec_codegen::model::TypeId(at);
        let params = self.example.with.iter().map(|given| Datum::given(format, given)).collect();
        Some(Subject { format, ty, big: self.example.big, params })
    }
}

/// All examples of a format.
pub fn bases(format: &Format) -> Result<Vec<Base>, Failure> {
    let base = |example: &Example| {
        let bytes = match &example.bytes {
            ExampleBytes::Hex(bytes) => bytes.clone(),
            ExampleBytes::Sample(name) => {
                let path = root().join("generated-tests/samples").join(name);
                fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?
            }
        };
        Ok(Base { example: example.clone(), bytes, ty: format.ty(example.of).name.clone() })
    };
    format.examples.iter().map(base).collect()
}

/// The crafted inputs of a spec, each with the index of its example.
pub fn inputs(spec: &str, bases: &[Base]) -> Result<Vec<(usize, Crafted)>, Failure> {
    let of = |input: &Crafted| {
        let at = bases.iter().position(|base| base.example.name == input.base);
        let at = at.ok_or_else(|| format!("{spec} has no example {}", input.base))?;
        Ok((at, input.clone()))
    };
    crafted(spec).iter().map(of).collect()
}
