//! For build scripts: Rust from specs, whenever these change.
//!
//! In `Cargo.toml`:
//!
//! ```toml
//! [dependencies]
//! vmspec-runtime = { path = "../vmspec/runtime" }
//!
//! [build-dependencies]
//! vmspec-codegen = { path = "../vmspec/codegen" }
//! ```
//!
//! `build.rs`:
//!
//! ```no_run
//! use vmspec_codegen::build::{Config, Error};
//!
//! fn main() -> Result<(), Error> {
//!     Config::new().spec("specs/note.yaml").compile()
//! }
//! ```
//!
//! The module `note` is then had by a line in `src/lib.rs`:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/note.rs"));
//! ```
//!
//! Modules can be checked in instead, so that they are reviewed as other code is, and whoever builds the crate needs no
//! generator. Where continuous integration runs, such a build script writes nothing and fails where it would:
//!
//! ```no_run
//! # use vmspec_codegen::build::{Config, Error};
//! fn main() -> Result<(), Error> {
//!     let config = Config::new().spec("specs/note.yaml").folder("src/generated");
//!     if std::env::var_os("CI").is_some() { config.check() } else { config.compile() }
//! }
//! ```
//!
//! These are files as any other: `#[rustfmt::skip] mod note;` keeps the generator's own layout, which `check` expects.

mod error;

pub use error::Error;

use crate::options::{Derive, Gate, Options, is_name};
use crate::output::{self, State};
use crate::source::Source;
use crate::{Generated, generate_with};
use error::Fault;
use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

/// Which specs become Rust, where it goes, and what it is to be like.
#[derive(Debug, Clone, Default)]
pub struct Config {
    specs: Vec<String>,
    folder: Option<PathBuf>,
    vis: Option<String>,
    options: Options,
    /// Choices that cannot be made.
    faults: Vec<Fault>,
}

impl Config {
    /// No specs yet; modules go to the folder that cargo gives each build script, and are public.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a spec. Its path is seen from the folder of the package; the module is called as the file is.
    #[must_use]
    pub fn spec(mut self, path: impl AsRef<Path>) -> Self {
        self.specs.push(path.as_ref().display().to_string());
        self
    }

    /// Puts modules into a folder of the package, as files for `mod note;`.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// How visible the modules are, such as `pub(crate)`; none for private. In a folder of the package the `mod` line says.
    #[must_use]
    pub fn vis(mut self, vis: &str) -> Self {
        self.vis = Some(vis.to_owned());
        self
    }

    /// Lets every type of the format derive a trait, such as `Hash`.
    #[must_use]
    pub fn derive(self, path: &str) -> Self {
        self.derive_for(&[], path)
    }

    /// Lets some types of the format, by their names in Rust, derive a trait.
    #[must_use]
    pub fn derive_for(mut self, types: &[&str], path: &str) -> Self {
        match path.parse() {
            Ok(path) => {
                let types = types.iter().map(|&name| name.to_owned()).collect();
                self.options.derives.push(Derive { traits: vec![path], types });
            }
            Err(e) => self.faults.push(Fault::Choice(e.to_string())),
        }
        self
    }

    /// Whether types are `serde::Serialize`. The runtime needs its feature `serde` then.
    #[must_use]
    pub fn serde(mut self, gate: Gate) -> Self {
        self.options.serde = gate;
        self
    }

    /// Whether types are `arbitrary::Arbitrary`. The runtime needs its feature `arbitrary` then.
    #[must_use]
    pub fn arbitrary(mut self, gate: Gate) -> Self {
        self.options.arbitrary = gate;
        self
    }

    /// Where the runtime is, when it is not the crate `vmspec_runtime`: `vmspec::runtime` in a crate that uses formats of
    /// `vmspec` too.
    #[must_use]
    pub fn runtime(mut self, path: &str) -> Self {
        match path.parse() {
            Ok(path) => self.options.runtime = path,
            Err(e) => self.faults.push(Fault::Choice(e.to_string())),
        }
        self
    }

    /// Writes each module that is not as its spec says, and tells cargo which files they are made from.
    ///
    /// # Errors
    /// Everything that is wrong with all of the specs, in full, to be given back by `main`. Cargo is told each in a line.
    pub fn compile(&self) -> Result<(), Error> {
        self.run(|path, text| match output::write(path, text) {
            Ok(_) => None,
            Err(e) => Some(Fault::File(path.to_owned(), e.to_string())),
        })
    }

    /// Writes nothing.
    ///
    /// # Errors
    /// Where [`compile`](Self::compile) would write, or fail.
    pub fn check(&self) -> Result<(), Error> {
        self.run(|path, text| match output::state(path, text) {
            Ok(State::Fresh) => None,
            Ok(state) => Some(Fault::NotFresh(path.to_owned(), state)),
            Err(e) => Some(Fault::File(path.to_owned(), e.to_string())),
        })
    }

    /// Hands every module to `put`, and goes on where it fails.
    fn run(&self, put: impl Fn(&Path, &str) -> Option<Fault>) -> Result<(), Error> {
        let mut told = Told::default();
        let mut faults = self.faults.clone();
        let mut modules = BTreeSet::new();
        for spec in &self.specs {
            match self.module(spec, &mut told) {
                Ok((path, _)) if !modules.insert(path.clone()) => faults.push(Fault::Twice(spec.clone(), path)),
                Ok((path, text)) => faults.extend(put(&path, &text)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            faults.extend(self.options.unknown_types(&told.types).map(|(_, said)| Fault::Choice(said)));
        }
        let failed = Error::of(faults);
        for line in told.lines(failed.as_ref()) {
            println!("{line}");
        }
        failed.map_or(Ok(()), Err)
    }

    /// The file of a module, and what it should say.
    fn module(&self, spec: &str, told: &mut Told) -> Result<(PathBuf, String), Fault> {
        let name = module_name(spec).ok_or_else(|| Fault::Name(spec.to_owned()))?;
        let generated = match generate_with(&Source::in_folder("", spec), &self.options) {
            Ok(generated) => generated,
            Err(failure) => {
                told.inputs.extend(failure.inputs());
                return Err(Fault::Spec(Box::new(failure)));
            }
        };
        told.inputs.extend(generated.inputs.iter().cloned());
        told.types.extend(generated.types.iter().cloned());
        let path = self.target()?.join(name).with_extension("rs");
        if self.folder.is_some() {
            told.inputs.insert(path.display().to_string());
        }
        Ok((path, self.text(&generated, name, spec)))
    }

    fn text(&self, generated: &Generated, name: &str, spec: &str) -> String {
        let head = format!("// @generated from {spec} by a build script. Do not edit.\n\n");
        match &self.folder {
            Some(_) => head + &generated.rust,
            None => head + &generated.as_module(self.vis.as_deref().unwrap_or("pub"), name),
        }
    }

    fn target(&self) -> Result<PathBuf, Fault> {
        let given = || env::var_os("OUT_DIR").map(PathBuf::from);
        let none = || Fault::Choice("there is no OUT_DIR, which cargo sets for build scripts".to_owned());
        self.folder.clone().or_else(given).ok_or_else(none)
    }
}

/// The module of a spec: `note` for `specs/note.yaml`, if that is a name.
#[must_use]
pub fn module_name(spec: &str) -> Option<&str> {
    Path::new(spec).file_stem().and_then(|stem| stem.to_str()).filter(|stem| is_name(stem))
}

/// What comes to light on the way.
#[derive(Default)]
struct Told {
    /// What cargo is to look at, to know when to run the script again.
    inputs: BTreeSet<String>,
    /// The types of all formats.
    types: Vec<String>,
}

impl Told {
    /// What cargo is told.
    fn lines(&self, failed: Option<&Error>) -> Vec<String> {
        let inputs = self.inputs.iter().map(|input| format!("cargo::rerun-if-changed={input}"));
        let errors = failed.iter().flat_map(|error| error.lines()).map(|line| format!("cargo::error={line}"));
        inputs.chain(errors).collect()
    }
}

#[cfg(test)]
mod tests;
