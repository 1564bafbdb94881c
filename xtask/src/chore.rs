//! Which chores there are, by name, and how one fails.

use std::fmt::{self, Display};
use std::path::Path;

use crate::fuzz::{self, Wanted};
use crate::tree::Tree;
use crate::{
    bench, ci, cost, coverage, demo, dependencies, docs, downstream, gate, generate, miri, package, panics, tidy,
};

const RULES: &[&str] = &["run", "--quiet", "--package", "vmspec-rules"];

const NAMES: &[&str] = &[
    "generate",
    "demo",
    "bench",
    "cost",
    "gate",
    "tidy",
    "downstream",
    "docs",
    "package",
    "dependencies",
    "panics",
    "miri",
    "coverage",
    "fuzz",
    "ci",
];

/// One chore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chore<'a> {
    /// Says what there is.
    Help,
    /// Writes the generated files.
    Generate,
    /// Says which generated files are not as they should be.
    GenerateCheck,
    /// Shows what the project does.
    Demo,
    /// Measures generated code beside its peers.
    Bench(Option<&'a str>),
    /// Writes about that.
    BenchWrite,
    /// Measures generating and compiling.
    Cost(&'a str),
    /// Holds the instructions of generated code against the baseline.
    Gate,
    /// Writes that anew.
    GateWrite,
    /// Says which rules tests keep and break, or which changes of specs they notice: hands its words on.
    Rules(&'a [&'a str]),
    /// Holds the files against the rules of style.
    Tidy,
    /// Builds and tests crates that use the project as anybody's do.
    Downstream,
    /// Makes the book.
    Docs,
    /// Makes the book, with the documentation of the crates in it.
    DocsWithApi,
    /// Packs the crates that are for others, and builds what is packed.
    Package,
    /// Packs them, and builds nothing.
    PackageCheck,
    /// Looks at the crates of others.
    Dependencies,
    /// Finds the ways into a panic in machine code.
    Panics,
    /// Finds them, and writes nothing.
    PanicsCheck,
    /// Runs tests in an interpreter that notices undefined behaviour.
    Miri,
    /// Says which code the tests run.
    Coverage,
    /// Lets cargo-fuzz run.
    Fuzz(Wanted),
    /// Runs every check.
    Ci,
}

/// With what the tests have built: the interpreter is optimised there, and all the rest takes minutes to build.
fn rules(tree: &Tree, words: &[&str]) -> Result<(), Failure> {
    ci::cargo(tree, &[RULES, &["--"], words].concat())
}

impl<'a> Chore<'a> {
    /// The chore that the words of the command line say; otherwise a complaint.
    pub fn named(words: &'a [&'a str]) -> Result<Self, String> {
        match words {
            ["rules" | "mutate", ..] => Ok(Self::Rules(words)),
            [] | ["help" | "-h" | "--help"] | [_, "-h" | "--help"] => Ok(Self::Help),
            ["generate"] => Ok(Self::Generate),
            ["generate", "--check"] => Ok(Self::GenerateCheck),
            ["demo"] => Ok(Self::Demo),
            ["bench"] => Ok(Self::Bench(None)),
            ["bench", "--write"] => Ok(Self::BenchWrite),
            ["bench", name] if !name.starts_with('-') => Ok(Self::Bench(Some(name))),
            ["cost"] => Ok(Self::Cost("")),
            ["cost", name] if !name.starts_with('-') => Ok(Self::Cost(name)),
            ["gate"] => Ok(Self::Gate),
            ["gate", "--write"] => Ok(Self::GateWrite),
            ["tidy"] => Ok(Self::Tidy),
            ["downstream"] => Ok(Self::Downstream),
            ["docs"] => Ok(Self::Docs),
            ["docs", "--api"] => Ok(Self::DocsWithApi),
            ["package"] => Ok(Self::Package),
            ["package", "--check"] => Ok(Self::PackageCheck),
            ["dependencies"] => Ok(Self::Dependencies),
            ["panics"] => Ok(Self::Panics),
            ["miri"] => Ok(Self::Miri),
            ["coverage"] => Ok(Self::Coverage),
            ["panics", "--check"] => Ok(Self::PanicsCheck),
            ["fuzz", rest @ ..] => Wanted::of(rest).map(Self::Fuzz),
            ["ci"] => Ok(Self::Ci),
            [chore, rest @ ..] if NAMES.contains(chore) => Err(format!("unexpected '{}'", rest.join(" "))),
            [other, ..] => Err(format!("there is no chore '{other}'")),
        }
    }

    /// Does it.
    pub fn run(self, tree: &Tree) -> Result<(), Failure> {
        match self {
            Self::Help => Ok(()),
            Self::Generate => generate::write(tree),
            Self::GenerateCheck => generate::check(tree),
            Self::Demo => demo::run(tree),
            Self::Bench(name) => bench::run(tree, name),
            Self::BenchWrite => bench::write(tree),
            Self::Cost(name) => cost::run(tree, name),
            Self::Gate => gate::check(tree),
            Self::GateWrite => gate::write(tree),
            Self::Rules(words) => rules(tree, words),
            Self::Tidy => tidy::run(tree),
            Self::Downstream => downstream::run(tree),
            Self::Docs => docs::run(tree),
            Self::DocsWithApi => docs::run_with_api(tree),
            Self::Package => package::run(tree),
            Self::PackageCheck => package::check(tree),
            Self::Dependencies => dependencies::run(tree),
            Self::Panics => panics::run(tree),
            Self::PanicsCheck => panics::check(tree),
            Self::Miri => miri::run(tree),
            Self::Coverage => coverage::run(tree),
            Self::Fuzz(wanted) => fuzz::run(tree, &wanted),
            Self::Ci => ci::run(tree),
        }
    }
}

/// Why a chore failed, in words for whoever ran it.
#[derive(Debug)]
pub struct Failure(pub String);

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// Something went wrong with a file.
    pub fn at(path: &Path, cause: impl Display) -> Self {
        Self(format!("{}: {cause}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::Chore;

    #[test]
    fn chores_go_by_name() {
        assert_eq!(Chore::named(&["generate", "--check"]), Ok(Chore::GenerateCheck));
        assert_eq!(Chore::named(&["downstream"]), Ok(Chore::Downstream));
        assert_eq!(Chore::named(&["package", "--check"]), Ok(Chore::PackageCheck));
        assert_eq!(Chore::named(&["bench", "header"]), Ok(Chore::Bench(Some("header"))));
        assert_eq!(Chore::named(&["ci", "--help"]), Ok(Chore::Help));
        assert_eq!(Chore::named(&[]), Ok(Chore::Help));
        assert_eq!(Chore::named(&["rules", "--check"]), Ok(Chore::Rules(&["rules", "--check"])));
    }

    #[test]
    fn other_words_are_named_in_the_complaint() {
        let complaint = |words: &[&str]| Chore::named(words).err();
        assert_eq!(complaint(&["tidy", "up"]), Some("unexpected 'up'".into()));
        assert_eq!(complaint(&["package", "up", "--check"]), Some("unexpected 'up --check'".into()));
        assert_eq!(complaint(&["bench", "--read"]), Some("unexpected '--read'".into()));
        assert_eq!(complaint(&["fly"]), Some("there is no chore 'fly'".into()));
    }
}
