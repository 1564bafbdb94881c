//! Rules about a file as text: its length, its name, its first line, and no paths of anyone's machine.

use std::path::Path;

use super::{Breach, TextFile};

const MAX_LINES: usize = 500;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc"];
/// Where people's machines keep their files. In pieces, so that this file may say so.
const MACHINE_FOLDERS: &[(&str, &str)] = &[("/", "work"), ("/", "home"), ("/", "root")];

/// The breaches of one file.
pub fn breaches(file: &TextFile) -> Vec<Breach> {
    let mut breaches = Vec::new();
    breaches.extend(machine_paths(&file.path, &file.text));
    if file.is_rust() {
        breaches.extend(empty_name(file));
        breaches.extend(too_long(file));
        breaches.extend(no_introduction(file));
    }
    breaches
}

fn too_long(file: &TextFile) -> Option<Breach> {
    let lines = file.text.lines().count();
    let allowed = file.is_generated() || lines <= MAX_LINES;
    let what = || format!("{lines} lines; at most {MAX_LINES}");
    (!allowed).then(|| Breach::new(&file.path, lines, what()))
}

fn empty_name(file: &TextFile) -> Option<Breach> {
    let path = file.path.with_extension("");
    let mut parts = path.iter().filter_map(|part| part.to_str());
    let name = parts.find(|part| EMPTY_NAMES.contains(part))?;
    let what = format!("the name `{name}` does not say what is inside");
    Some(Breach::new(&file.path, 1, what))
}

/// The first line that is neither blank nor a plain comment introduces the file.
fn no_introduction(file: &TextFile) -> Option<Breach> {
    let is_plain_comment = |line: &&str| line.starts_with("//") && !line.starts_with("//!");
    let mut lines = file.text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !is_plain_comment(line));
    let introduced = first.is_some_and(|line| line.starts_with("//!"));
    (!introduced).then(|| Breach::new(&file.path, 1, "no `//!` that says what this file is"))
}

/// The places in a text where a folder of somebody's machine is named.
pub fn machine_paths(path: &Path, text: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (i, line) in text.lines().enumerate() {
        for (slash, name) in MACHINE_FOLDERS {
            let folder = format!("{slash}{name}");
            if names_folder(line, &folder) {
                let what = format!("`{folder}` is a folder of somebody's machine");
                breaches.push(Breach::new(path, i.saturating_add(1), what));
            }
        }
    }
    breaches
}

/// Whether the folder is there as the start of a path: not within a longer path or name.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, found)| {
        let before = line.get(..at).and_then(|l| l.chars().next_back());
        let behind = line.get(at.saturating_add(found.len())..);
        let behind = behind.and_then(|l| l.chars().next());
        let in_name = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        !before.is_some_and(|c| in_name(c) || c == '}' || c == ')') && !behind.is_some_and(in_name)
    })
}

#[cfg(test)]
mod tests {
    use super::{TextFile, breaches, names_folder};

    fn count(path: &str, text: &str) -> usize {
        let (path, text) = (path.into(), text.into());
        breaches(&TextFile { path, text }).len()
    }

    #[test]
    fn a_file_has_an_introduction() {
        assert_eq!(count("a.rs", "//! What it is.\n"), 0);
        assert_eq!(count("a.rs", "// @x\n\n//! What it is.\n"), 0);
        assert_eq!(count("a.rs", "fn main() {}\n//! Late.\n"), 1);
        assert_eq!(count("a.rs", ""), 1);
    }

    #[test]
    fn a_file_is_short_and_well_named() {
        let long = format!("//! Long.\n{}", "\n".repeat(500));
        assert_eq!(count("a.rs", &long), 1);
        assert_eq!(count("a.snap", &long), 0);
        assert_eq!(count("src/utils.rs", "//! Odds.\n"), 1);
        assert_eq!(count("src/helpers/a.rs", "//! Ends.\n"), 1);
    }

    #[test]
    fn folders_of_machines_are_seen_where_they_start_a_path() {
        let folder = concat!("/", "home");
        assert!(names_folder(&format!("cd {folder}/me"), folder));
        assert!(names_folder(folder, folder));
        assert!(!names_folder(&format!("{folder}page"), folder));
        assert!(!names_folder(&format!("a{folder}"), folder));
    }
}
