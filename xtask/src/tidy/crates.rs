//! Rules about what a crate may know: which others it depends on, which stage of codegen sees which, and no format's name
//! where every format is served.

use std::path::Path;

use super::{Breach, TextFile};
use crate::chore::Failure;
use crate::tree::Tree;

/// What `specs` may depend on: whoever uses the formats gets nothing else.
const SPECS_MAY: &[&str] = &["vmspec-runtime", "miniz_oxide", "serde", "arbitrary"];
/// Where every format is served, so that none may be named.
const FORMAT_FREE: &[&str] = &["codegen/src", "runtime/src"];

/// Stages of codegen, each with one that it must not look at: the interpreter can hold the emitters to account only as long as
/// neither knows the other.
const BLIND: &[(&str, &str)] =
    &[("emit", "syntax"), ("emit", "interpret"), ("interpret", "emit"), ("interpret", "syntax")];

/// The breaches of the whole checkout.
pub fn breaches(tree: &Tree, files: &[TextFile]) -> Result<Vec<Breach>, Failure> {
    let names = format_names(tree)?;
    let mut breaches = Vec::new();
    for file in files {
        if FORMAT_FREE.iter().any(|folder| file.is_in(folder)) {
            breaches.extend(lines(file, |line| {
                let name = names.iter().find(|name| has_word(line, name))?;
                Some(format!("`{name}` is a format; this code serves every format"))
            }));
        }
        for (stage, other) in BLIND.iter().filter(|(stage, _)| file.is_in(&format!("codegen/src/{stage}"))) {
            breaches.extend(lines(file, |line| {
                let code = line.split("//").next().unwrap_or_default();
                has_word(code, other).then(|| format!("{stage} must not look at `{other}`"))
            }));
        }
        breaches.extend(manifest(file));
    }
    Ok(breaches)
}

fn lines(file: &TextFile, what: impl Fn(&str) -> Option<String>) -> Vec<Breach> {
    let numbered = (1..).zip(file.text.lines());
    numbered.filter_map(|(number, line)| Some(Breach::new(&file.path, number, what(line)?))).collect()
}

/// The stems of the specs, and their first words: `abc_save` and `abc`.
fn format_names(tree: &Tree) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for path in tree.files_in("specs", "yaml")? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let first = stem.split('_').next().unwrap_or_default();
        names.push(first.to_owned());
        names.push(stem.into_owned());
    }
    Ok(names)
}

/// Whether the word is there as a word of a name, in any case: `AbcSave` and `read_abc` have `abc`, `abcd` does not.
fn has_word(line: &str, word: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.match_indices(word).any(|(at, found)| {
        let end = at.saturating_add(found.len());
        let before = line.get(..at).and_then(|l| l.chars().next_back());
        let start = line.get(at..).and_then(|l| l.chars().next());
        let behind = line.get(end..).and_then(|l| l.chars().next());
        let starts = before.is_none_or(|c| !c.is_alphanumeric())
            || start.is_some_and(char::is_uppercase) && before.is_some_and(char::is_lowercase);
        starts && behind.is_none_or(|c| !c.is_lowercase() && !c.is_numeric())
    })
}

fn manifest(file: &TextFile) -> Vec<Breach> {
    let specs = file.path == Path::new("specs/Cargo.toml");
    let xtask = file.path == Path::new("xtask/Cargo.toml");
    let mut breaches = Vec::new();
    for (line, name) in dependencies(&file.text) {
        if specs && !SPECS_MAY.contains(&name) {
            let what = format!("`{name}`: specs may depend on {} alone", SPECS_MAY.join(", "));
            breaches.push(Breach::new(&file.path, line, what));
        }
        if xtask && name == "quote" {
            let what = "chores generate through codegen, not with `quote`";
            breaches.push(Breach::new(&file.path, line, what));
        }
    }
    breaches
}

/// The names under `[dependencies]`, with their lines.
fn dependencies(manifest: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(manifest.lines()) {
        if let Some(table) = line.strip_prefix('[') {
            inside = table.trim_end().ends_with("dependencies]") && !table.starts_with("dev-");
        } else if inside
            && let Some((name, _)) = line.split_once(['.', ' ', '='])
            && !name.is_empty()
            && !name.starts_with('#')
        {
            names.push((number, name));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{dependencies, has_word};

    #[test]
    fn a_word_is_found_in_any_kind_of_name() {
        for line in ["abc", "read_abc()", "AbcSave", "ABC_SIZE", "an abc image", "readAbc"] {
            assert!(has_word(line, "abc"), "{line}");
        }
        for line in ["abcd", "fabc", "Fabc", "ab", "abc2"] {
            assert!(!has_word(line, "abc"), "{line}");
        }
    }

    #[test]
    fn only_what_users_get_is_a_dependency() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\nb.workspace = true\n\
            c = \"1\"\n# d\n\n[dev-dependencies]\ne = \"1\"\n";
        assert_eq!(dependencies(manifest), [(4, "b"), (5, "c")]);
    }
}
