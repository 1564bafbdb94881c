//! The plan: every generated file with its text, and the folders where no other generated file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use vmspec_codegen::Generated;
use vmspec_codegen::diagnostic::Style;
use vmspec_codegen::schema;
use vmspec_codegen::source::Source;

use super::index;
use crate::chore::Failure;
use crate::tree::{GENERATED, Tree};

/// Where the specs of the shipped formats are.
pub const SPECS: &str = "specs";
const MODULES: &str = "specs/src/generated";
const TESTS: &str = "generated-tests/tests/formats/generated";
const FEATURES: &str = "generated-tests/features";
const FEATURE_MODULES: &str = "generated-tests/src/features";
const FEATURE_TESTS: &str = "generated-tests/tests/features";

/// Every generated file, by its path in the checkout.
#[derive(Debug, Default)]
pub struct Plan {
    files: BTreeMap<PathBuf, String>,
    /// Every spec read, also by way of another.
    inputs: BTreeSet<PathBuf>,
}

/// Makes the plan. The errors of all specs are told at once.
pub fn plan(tree: &Tree) -> Result<Plan, Failure> {
    let mut plan = Plan::default();
    let mut errors = String::new();
    let formats = plan.generate(tree, SPECS, &mut errors)?;
    let features = plan.generate(tree, FEATURES, &mut errors)?;
    if !errors.is_empty() {
        return Err(Failure(format!("specs are wrong\n\n{errors}")));
    }
    for spec in &formats {
        plan.put(MODULES, &spec.stem, &spec.path, &spec.generated.rust);
        plan.put(TESTS, &spec.stem, &spec.path, &index::tests_of(spec, "vmspec"));
    }
    for spec in &features {
        let (path, rust) = (&spec.path, &spec.generated.rust);
        plan.put(FEATURE_MODULES, &spec.stem, path, rust);
        plan.put(FEATURE_TESTS, &spec.stem, path, &index::tests_of(spec, "vmspec_generated_tests::features"));
    }
    plan.files.insert(Path::new(SPECS).join(schema::FILE_NAME), schema::text());
    plan.put_index(MODULES, "mod", SPECS, &index::formats(&formats));
    plan.put_index(TESTS, "mod", SPECS, &index::format_tests(&formats));
    plan.put_index(FEATURE_MODULES, "mod", FEATURES, &index::features(&features));
    plan.put_index(FEATURE_TESTS, "main", FEATURES, &index::feature_tests(&features));
    Ok(plan)
}

/// A spec with what came of it.
pub struct Spec {
    /// Its file name without `.yaml`, which is the name of the module.
    pub stem: String,
    /// Its path in the checkout.
    pub path: PathBuf,
    /// What came of it.
    pub generated: Generated,
}

impl Plan {
    /// Every generated file, by its path.
    pub fn files(&self) -> &BTreeMap<PathBuf, String> {
        &self.files
    }

    /// Files in the folders of generated ones that the plan does not name.
    pub fn orphans(&self, tree: &Tree) -> Result<Vec<PathBuf>, Failure> {
        let mut orphans = Vec::new();
        for folder in [MODULES, FEATURE_MODULES, FEATURE_TESTS, TESTS] {
            orphans.extend(tree.files_in(folder, "rs")?.into_iter().filter(|path| !self.files.contains_key(path)));
        }
        Ok(orphans)
    }

    /// Generates from every spec of a folder that describes a format; the others are there to be used by these.
    fn generate(&mut self, tree: &Tree, folder: &str, errors: &mut String) -> Result<Vec<Spec>, Failure> {
        let mut specs = Vec::new();
        let mut parts = Vec::new();
        for path in tree.files_in(folder, "yaml")? {
            let text = tree.text(&path)?.unwrap_or_default();
            if !text.lines().any(|line| line.starts_with("format:")) {
                parts.push(path);
                continue;
            }
            match generate(tree, folder, path) {
                Ok(spec) => {
                    let inputs = spec.generated.inputs.iter();
                    self.inputs.extend(inputs.map(PathBuf::from));
                    specs.push(spec);
                }
                Err(rendered) => errors.push_str(&rendered),
            }
        }
        let used = |path: &PathBuf| self.inputs.iter().any(|input| input.ends_with(path));
        for path in parts.iter().filter(|path| !used(path)) {
            let shown = path.display().to_string();
            errors.extend([&shown, ": it has no `format`, and no other spec uses it\n"]);
        }
        Ok(specs)
    }

    /// Adds the module `stem`. Text that does not say where it comes from is told to.
    pub fn put(&mut self, folder: &str, stem: &str, spec: &Path, text: &str) {
        let spec = spec.display().to_string().replace('\\', "/");
        let header = format!("{GENERATED} from {spec}. Do not edit.");
        let text =
            if text.starts_with(GENERATED) { text.to_owned() } else { format!("{header}\n\n{}", text.trim_start()) };
        let path = Path::new(folder).join(stem).with_extension("rs");
        self.files.insert(path, text);
    }

    fn put_index(&mut self, folder: &str, stem: &str, specs: &str, text: &str) {
        let path = Path::new(folder).join(stem).with_extension("rs");
        let text = format!("{GENERATED} from {specs}/*.yaml. Do not edit.\n\n{text}");
        self.files.insert(path, text);
    }
}

fn generate(tree: &Tree, folder: &str, path: PathBuf) -> Result<Spec, String> {
    let source = Source::file(tree.path(&path), tree.path(folder));
    let generated = vmspec_codegen::generate(&source).map_err(|failure| failure.render(Style::Plain))?;
    let stem = path.file_stem().unwrap_or_default();
    let stem = stem.to_string_lossy().into_owned();
    Ok(Spec { stem, path, generated })
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;
    use std::path::Path;

    use super::plan;
    use crate::tree::Tree;

    /// Of the macro, whose tests hold the two together; those of the command hold it to the same text.
    const SPECS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../codegen/macros/tests/ui");

    #[test]
    fn a_wrong_spec_is_told_in_the_words_of_the_command() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let tree = Tree::at(folder.path());
        for spec in ["specs/three_errors.yaml", "specs/parts/more.yaml"] {
            fs::create_dir_all(tree.path(spec).parent().unwrap_or(Path::new("")))?;
            fs::copy(Path::new(SPECS).join(spec), tree.path(spec))?;
        }
        let told = plan(&tree).err().ok_or("it is wrong")?.to_string();
        let told = told.replace(&format!("{}/", folder.path().display()), "./");
        let expected = fs::read_to_string(Path::new(SPECS).join("spec_wrong.txt"))?;
        assert_eq!(told, format!("specs are wrong\n\n{}", expected.trim_end()));
        Ok(())
    }
}
