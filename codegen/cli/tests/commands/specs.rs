//! `vmspec new` and `vmspec schema`; `vmspec check` and `vmspec generate` on the shipped spec, on a wrong one and on none; `vmspec explain`; build scripts on the same wrong one.

use crate::harness;

use std::fs;
use std::path::Path;

use harness::{Bench, Result, Run};
use serde_json::{Value, json};
use vmspec_codegen::build::Config;
use vmspec_codegen::diagnostic::Code;

const SPECS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs");
const MACRO_TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../macros/tests/ui");
const FEATURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../generated-tests/features");
const SPEC: &str = "libvirt_save.yaml";

fn shipped() -> Result<Bench> {
    let bench = Bench::new()?;
    bench.file(SPEC, fs::read(Path::new(SPECS).join(SPEC))?)?;
    Ok(bench)
}

#[test]
fn a_right_spec() -> Result {
    let run = shipped()?.run("check libvirt_save.yaml")?;
    assert!(run.out.starts_with("libvirt_save.yaml: ok (libvirt_save"), "{}", run.out);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    Ok(())
}

#[test]
fn what_drives_what() -> Result {
    let run = shipped()?.run("check --driven libvirt_save.yaml")?;
    assert!(run.out.contains(": image.header.data_len is the size of image.area"), "{}", run.out);
    assert_eq!(run.code, Some(0));
    Ok(())
}

#[test]
fn a_wrong_spec_is_refused_with_its_place() -> Result {
    let bench = Bench::new()?;
    bench.file("bad.yaml", "spec: 1\nfromat: {id: bad}\n")?;
    let run = bench.run("check bad.yaml")?;
    assert!(run.out.contains("bad.yaml:"), "{}", run.out);
    assert!(run.out.contains("fromat"), "{}", run.out);
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    let run = bench.run("check --short bad.yaml")?;
    assert!(run.out.lines().all(|line| line.starts_with("bad.yaml:")), "{}", run.out);
    assert_eq!(run.code, Some(1));
    Ok(())
}

/// A word that does not exist, behind letters of two bytes, and a name that is declared twice.
const FAULTY: &str = "\
spec: 1
format: {id: bad}
root: r
endian: le
types:
  r:
    fields:
      - a: {doc: Übel, type: u8, class: limti}
      - b: u8
";

#[test]
fn a_line_for_each_fault() -> Result {
    let bench = Bench::new()?;
    bench.file("bad.yaml", FAULTY)?;
    let line = "bad.yaml:8:41: error[S102]: unknown word `limti`; allowed: `not_this_format`, `truncated`, `unsupported`, \
                `limit`, `invalid`, `incomplete`, `note` (did you mean `limit`?)\n";
    for words in ["check --message-format short", "check --short", "generate --out new --message-format short"] {
        bench.run(&format!("{words} bad.yaml"))?.gives(1, line);
    }
    let run = bench.run("check --short --message-format json bad.yaml")?;
    assert_eq!(run.code, Some(2), "{}", run.err);
    Ok(())
}

#[test]
fn faults_as_json() -> Result {
    let bench = shipped()?;
    bench.file("bad.yaml", FAULTY)?;
    let run = bench.run("check --message-format json bad.yaml libvirt_save.yaml nowhere.yaml")?;
    assert_eq!((run.code, run.err.as_str()), (Some(2), ""));
    let lines = run.out.lines().map(serde_json::from_str).collect::<std::result::Result<Vec<Value>, _>>()?;
    let [fault, bad, good, missing, unread] = lines.as_slice() else { return Err(run.out.into()) };
    let human = bench.run("check bad.yaml")?.out;
    let rendered = human.strip_suffix("\n\n1 error\n").ok_or("no summary")?;
    let place = json!({
        "file": "bad.yaml", "byte_start": 110, "byte_end": 115, "line_start": 8, "column_start": 41,
        "line_end": 8, "column_end": 46, "is_primary": true, "label": "here",
    });
    let message = "unknown word `limti`; allowed: `not_this_format`, `truncated`, `unsupported`, `limit`, `invalid`, `incomplete`, `note`";
    let expected = json!({
        "type": "diagnostic", "severity": "error", "code": "S102", "title": "unknown word", "message": message,
        "file": "bad.yaml", "spans": [place], "hint": "did you mean `limit`?",
        "suggestion": {"byte_start": 110, "byte_end": 115, "replacement": "limit"}, "rendered": rendered,
    });
    assert_eq!(*fault, expected);
    assert_eq!(FAULTY.get(110..115), Some("limti"));
    let checked =
        json!({"type": "checked", "file": "bad.yaml", "ok": false, "format": null, "errors": 1, "left_out": 0});
    assert_eq!(*bad, checked);
    let checked = json!({"type": "checked", "file": "libvirt_save.yaml", "ok": true, "format": "libvirt_save", "errors": 0, "left_out": 0});
    assert_eq!(*good, checked);
    assert_eq!((missing.get("code"), missing.get("spans")), (Some(&Value::Null), Some(&json!([]))));
    assert_eq!((unread.get("ok"), unread.get("file")), (Some(&json!(false)), Some(&json!("nowhere.yaml"))));
    Ok(())
}

#[test]
fn what_drives_what_as_json() -> Result {
    let run = shipped()?.run("check --driven --message-format json libvirt_save.yaml")?;
    let checked: Value = serde_json::from_str(&run.out)?;
    let driven = checked.get("driven").and_then(Value::as_array).ok_or("none")?;
    let by = json!("size of image.area");
    assert!(driven.iter().any(|d| d.get("field") == Some(&json!("image.header.data_len")) && d.get("by") == Some(&by)));
    Ok(())
}

#[test]
fn the_schema_is_the_one_that_is_checked_in() -> Result {
    let bench = Bench::new()?;
    let schema = fs::read_to_string(Path::new(SPECS).join("spec.schema.json"))?;
    bench.run("schema")?.gives(0, &schema);
    let lines = format!("({} lines)", schema.lines().count());
    bench.run("schema -o specs/spec.schema.json")?.gives(0, &format!("specs/spec.schema.json: written {lines}\n"));
    bench.run("schema -o specs/spec.schema.json")?.gives(0, &format!("specs/spec.schema.json: up to date {lines}\n"));
    assert_eq!(fs::read_to_string(bench.folder().join("specs/spec.schema.json"))?, schema);
    bench.run("new note -o specs")?.gives(0, "specs/note.yaml: written (47 lines)\n");
    let note = fs::read_to_string(bench.folder().join("specs/note.yaml"))?;
    assert_eq!(note.lines().next(), Some("# yaml-language-server: $schema=spec.schema.json"));
    bench.run("check specs/note.yaml")?.gives(0, "specs/note.yaml: ok (note)\n");
    let run = bench.run("schema -o specs")?;
    assert!(run.err.starts_with("error: specs: "), "{}", run.err);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    Ok(())
}

#[test]
fn every_spec_is_looked_at_and_the_worst_decides() -> Result {
    let bench = shipped()?;
    let run = bench.run("check nowhere.yaml libvirt_save.yaml")?;
    assert!(run.out.starts_with("libvirt_save.yaml: ok "), "{}", run.out);
    assert!(run.err.starts_with("error: nowhere.yaml: "), "{}", run.err);
    assert_eq!(run.code, Some(2));
    Ok(())
}

#[test]
fn a_module_is_written_once() -> Result {
    let bench = shipped()?;
    let generate = || -> Result<Run> { bench.run("generate libvirt_save.yaml -o new/folder") };
    let first = generate()?;
    assert!(first.out.starts_with("new/folder/libvirt_save.rs: written ("), "{}", first.out);
    assert_eq!((first.code, first.err.as_str()), (Some(0), ""));
    let module = fs::read_to_string(bench.folder().join("new/folder/libvirt_save.rs"))?;
    assert!(module.contains("pub struct Image"));
    let again = generate()?;
    assert!(again.out.contains(": up to date ("), "{}", again.out);
    Ok(())
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() -> Result {
    let bench = shipped()?;
    bench.file("taken", "a file")?;
    let run = bench.run("generate libvirt_save.yaml --out taken")?;
    assert!(run.err.starts_with("error: taken/libvirt_save.rs: "), "{}", run.err);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    Ok(())
}

/// The tests of the macro and of `cargo xtask generate` hold these to the same text.
#[test]
fn a_build_script_says_what_the_command_says() -> Result {
    let bench = Bench::new()?;
    fs::create_dir_all(bench.folder().join("specs/parts"))?;
    for spec in ["three_errors.yaml", "parts/more.yaml"] {
        bench.file(&format!("specs/{spec}"), fs::read(Path::new(MACRO_TESTS).join("specs").join(spec))?)?;
    }
    let expected = fs::read_to_string(Path::new(MACRO_TESTS).join("spec_wrong.txt"))?;
    for command in ["check", "generate --out new"] {
        bench.run(&format!("{command} ./specs/three_errors.yaml"))?.gives(1, &expected);
    }
    let config = Config::new().spec(bench.folder().join("specs/three_errors.yaml")).folder(bench.folder());
    let error = config.compile().err().ok_or("it is wrong")?.to_string();
    assert_eq!(error.replace(&format!("{}/", bench.folder().display()), "./"), expected.trim_end());
    Ok(())
}

#[test]
fn a_new_spec_is_right_and_reads_a_file() -> Result {
    let bench = Bench::new()?;
    bench.run("new my_note --out specs")?.gives(0, "specs/my_note.yaml: written (46 lines)\n");
    bench.run("check specs/my_note.yaml")?.gives(0, "specs/my_note.yaml: ok (my_note)\n");
    bench.file("empty", b"my_note\x01\0\0\0\0\0\0\0")?;
    let run = bench.run("dump --spec specs/my_note.yaml empty")?;
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    bench.file("cut", b"my_note\x01\0\x01\0\0")?;
    let run = bench.run("dump --spec specs/my_note.yaml cut")?;
    assert!(run.out.contains("records[0].body: expected 1 byte, found 0 (truncated)"), "{}", run.out);
    Ok(())
}

#[test]
fn a_new_spec_replaces_nothing_and_has_a_name_of_the_language() -> Result {
    let bench = Bench::new()?;
    bench.file("note.yaml", "mine")?;
    let run = bench.run("new note")?;
    assert!(run.err.starts_with("error: note.yaml: "), "{}", run.err);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert_eq!(fs::read(bench.folder().join("note.yaml"))?, b"mine");
    let run = bench.run("new My-Note")?;
    assert!(run.out.starts_with("error[S113]: "), "{}", run.out);
    assert_eq!(run.code, Some(1));
    assert!(!bench.folder().join("My-Note.yaml").exists());
    Ok(())
}

#[test]
fn every_code_is_explained() -> Result {
    let bench = Bench::new()?;
    let run = bench.run("explain")?;
    let codes: Vec<_> = run.out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(codes, Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>());
    let run = bench.run(&format!("explain {}", codes.join(" ")))?;
    for code in Code::ALL {
        let told = format!("{}: {}\n{}\n\nSuch as\n\nerror[{0}]: ", code.as_str(), code.title(), code.explain());
        assert!(run.out.contains(&told), "{}", code.as_str());
    }
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    Ok(())
}

#[test]
fn a_code_is_explained_by_a_spec_and_what_puts_it_right() -> Result {
    let run = Bench::new()?.run("explain n002")?;
    assert!(run.out.starts_with("N002: unknown name\n"), "{}", run.out);
    assert!(run.out.contains(" --> note.yaml:8:20\n"), "{}", run.out);
    let change = "\n- \x20     - text: utf8(lenght)\n+ \x20     - text: utf8(length)\n";
    assert!(run.out.ends_with(change), "{}", run.out);
    Ok(())
}

#[test]
fn pages_about_a_format() -> Result {
    let bench = Bench::new()?;
    bench.file("versions.yaml", fs::read(Path::new(FEATURES).join("versions.yaml"))?)?;
    bench.run("doc versions.yaml -o book")?.gives(0, "book: written (3 pages)\n");
    let read = |path: &str| fs::read_to_string(bench.folder().join("book").join(path));
    insta::assert_snapshot!("doc_summary", read("src/SUMMARY.md")?);
    insta::assert_snapshot!("doc_index", read("src/index.md")?);
    insta::assert_snapshot!("doc_types", read("src/types.md")?);
    fs::write(bench.folder().join("book/book.toml"), "# Mine.\n")?;
    assert_eq!(bench.run("doc versions.yaml -o book")?.code, Some(0));
    assert_eq!(read("book.toml")?, "# Mine.\n");
    bench.file("bad.yaml", "spec: 1\nfromat: {id: bad}\n")?;
    assert_eq!(bench.run("doc bad.yaml -o other")?.code, Some(1));
    assert!(!bench.folder().join("other").exists());
    Ok(())
}
