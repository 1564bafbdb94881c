//! Files that use each other: which are read, how often, and which are refused.
#![allow(clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use vmspec_codegen::diagnostic::Diagnostics;
use vmspec_codegen::source::{Source, Sources};
use vmspec_codegen::syntax::load;

/// The paths of the files read, and what is reported.
fn run(source: &Source) -> (Vec<String>, Vec<String>) {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let files = load(source, &mut sources, &mut diagnostics);
    let paths = files.iter().map(|spec| sources.path(spec.file).to_owned()).collect();
    let short = |d: &&vmspec_codegen::diagnostic::Diagnostic| {
        format!("{} {}", d.code.as_str(), sources.text(d.primary.span)).trim_end().to_owned()
    };
    (paths, diagnostics.sorted().iter().map(short).collect())
}

fn memory(texts: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let map: BTreeMap<_, _> = texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    run(&Source::memory(texts[0].0, map))
}

fn uses(paths: &str) -> String {
    format!("spec: 1\nuse: [{paths}]\n")
}

#[test]
fn each_file_once_and_the_main_one_first() {
    let a = uses("b/c.yaml, ./b/../d.yaml, a.yaml");
    let c = uses("../a.yaml, ../d.yaml, e.yaml");
    let (paths, reported) =
        memory(&[("a.yaml", &a), ("b/c.yaml", &c), ("d.yaml", "spec: 1\n"), ("b/e.yaml", "spec: 1\n")]);
    assert_eq!(paths, ["a.yaml", "b/c.yaml", "d.yaml", "b/e.yaml"]);
    assert_eq!(reported, [""; 0]);
}

#[test]
fn missing_and_outside_files_are_reported_where_they_are_used() {
    let (paths, reported) = memory(&[("s/a.yaml", &uses("b.yaml, ../../c.yaml, /d.yaml, ''"))]);
    assert_eq!(paths, ["s/a.yaml"]);
    assert_eq!(reported, ["F001 b.yaml", "F002 ../../c.yaml", "F002 /d.yaml", "S121 ''"]);
    assert_eq!(run(&Source::memory("none.yaml", BTreeMap::new())).1, ["F001"]);
}

#[test]
fn a_bad_file_does_not_stop_the_others() {
    let texts = [("a.yaml", uses("b.yaml, c.yaml")), ("b.yaml", "[".to_owned()), ("c.yaml", "spec: 3\n".to_owned())];
    let texts: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (paths, reported) = memory(&texts);
    assert_eq!(paths, ["a.yaml", "c.yaml"]);
    assert_eq!(reported, ["Y001 [", "S112 3"]);
}

#[test]
fn not_over_1000_files() {
    let names: Vec<String> = (0..1200).map(|n| format!("f{n}.yaml")).collect();
    let main = uses(&names.join(", "));
    let mut texts = vec![("a.yaml", main.as_str())];
    texts.extend(names.iter().map(|name| (name.as_str(), "spec: 1\n")));
    let (paths, reported) = memory(&texts);
    assert_eq!(paths.len(), 1000);
    assert!(reported.iter().all(|line| line.starts_with("F006")));
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("syntax_load").join(name);
    let _ = fs::remove_dir_all(&path);
    assert!(fs::create_dir_all(path.join("specs/sub")).is_ok());
    path
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    assert!(fs::write(path, text).is_ok(), "{}", path.display());
}

#[test]
fn files_on_disk() {
    let top = folder("disk");
    let specs = top.join("specs");
    write(&specs.join("a.yaml"), uses("sub/b.yaml, sub/../sub/b.yaml, ../out.yaml, none.yaml, sub"));
    write(&specs.join("sub/b.yaml"), uses("../a.yaml"));
    write(&top.join("out.yaml"), "spec: 1\n");
    let (paths, reported) = run(&Source::file(specs.join("a.yaml"), &specs));
    let shown = |path: &str| specs.join(path).display().to_string();
    assert_eq!(paths, [shown("a.yaml"), shown("sub/b.yaml")]);
    assert_eq!(reported, ["F002 ../out.yaml", "F001 none.yaml", "F005 sub"]);
    assert_eq!(run(&Source::file(specs.join("none.yaml"), &specs)).1, ["F001"]);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_folder() {
    let top = folder("links");
    let specs = top.join("specs");
    write(&top.join("out.yaml"), "spec: 1\n");
    write(&specs.join("in.yaml"), "spec: 1\n");
    write(&specs.join("a.yaml"), uses("out.yaml, up/out.yaml, in_too.yaml, in.yaml"));
    for (to, from) in [("../out.yaml", "out.yaml"), ("..", "up"), ("in.yaml", "in_too.yaml")] {
        assert!(std::os::unix::fs::symlink(to, specs.join(from)).is_ok());
    }
    let (paths, reported) = run(&Source::file(specs.join("a.yaml"), &specs));
    assert_eq!(paths.len(), 2, "a link to a file that has been read is that file");
    assert_eq!(reported, ["F002 out.yaml", "F002 up/out.yaml"]);
}

#[test]
fn files_that_are_no_text_or_too_long() {
    let specs = folder("bytes").join("specs");
    write(&specs.join("a.yaml"), uses("latin.yaml, long.yaml"));
    write(&specs.join("latin.yaml"), b"spec: 1 # \xfc\n");
    write(&specs.join("long.yaml"), vec![b'#'; 4 * 1024 * 1024 + 1]);
    assert_eq!(run(&Source::file(specs.join("a.yaml"), &specs)).1, ["F004 latin.yaml", "F003 long.yaml"]);
    assert_eq!(run(&Source::file(specs.join("latin.yaml"), &specs)).1, ["F004"]);
    write(&specs.join("long.yaml"), vec![b'#'; 4 * 1024 * 1024]);
    assert_eq!(run(&Source::file(specs.join("long.yaml"), &specs)).1, ["Y008"]);
}
