//! `vmspec extract`: values of every kind, of real images and of a small spec, and what is said where there is none.

use crate::harness;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use harness::{Bench, Result, sample};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../generated-tests/samples/libvirt");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures/libvirt");

/// A value of every kind of text and bytes, and a rule at the end.
const SPEC: &str = "
spec: 1
format: {id: mixed}
root: file
endian: be
enums: {kind: {repr: u16, values: {1: some}, unknown: error}}
types:
  file:
    fields:
      - kind: kind
      - title: cstr
      - name: pstr(u16)
      - wide: utf16(4)
      - odd: utf16(2)
      - numbers: {type: u16, count: 2}
      - pair: {fields: [{left: u8}, {right: u8}]}
      - body: {switch: kind, cases: {some: {text: cstr}}}
      - maybe: {if: pair.left == 0, type: u8}
      - sum: {type: u8, valid: it == 7}
      - payload: blob(3)
";

/// One such file; `odd` is half of a surrogate pair.
const FILE: &[u8] = b"\0\x01title\0\0\x04name\0\xe9\0x\xd8\0\x01\x02\x03\x04\x05\x06body\0\x07\0\xff\x80";
/// Where `sum` is.
const SUM: usize = 31;

fn mixed(file: &[u8]) -> Result<Bench> {
    let bench = Bench::new()?;
    bench.file("mixed.yaml", SPEC)?;
    bench.file("file", file)?;
    Ok(bench)
}

/// Standard output of a run that goes well, as bytes.
fn extracted(bench: &Bench, words: &str) -> Result<Vec<u8>> {
    let output = bench.command().arg("extract").args(words.split(' ')).output()?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), complaint.as_ref()), (Some(0), ""), "{words}");
    Ok(output.stdout)
}

#[test]
fn the_xml_of_real_images() -> Result {
    for name in ["lv11-zstd.save", "lv9-gzip.save"] {
        let path = Path::new(SAMPLES).join(name);
        let bench = Bench::new()?;
        bench.file("a.save", fs::read(&path)?)?;
        for (value, kind) in [("area.xml", "embedded.xml"), ("area.cookie", "cookie.xml")] {
            let expected = fs::read(path.with_added_extension(kind))?;
            assert_eq!(extracted(&bench, &format!("a.save {value}"))?, expected, "{name}: {value}");
            let raw = extracted(&bench, &format!("--raw a.save {value}"))?;
            assert_eq!(raw.split_last(), Some((&0, expected.as_slice())), "{name}: {value}");
        }
    }
    Ok(())
}

#[test]
fn the_xml_of_every_fixture() -> Result {
    let mut names: Vec<PathBuf> = match fs::read_dir(FIXTURES) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?,
        Err(_) => Vec::new(),
    };
    names.retain(|path| path.to_string_lossy().ends_with(".embedded.xml"));
    if names.is_empty() {
        println!("skipped: there are no fixtures of images");
    }
    for expected in names {
        let image = expected.with_extension("").with_extension("").with_added_extension("xz");
        let Ok(output) = Command::new("xz").arg("-dc").arg(&image).output() else {
            println!("skipped: no program xz to unpack {}", image.display());
            continue;
        };
        assert!(output.status.success(), "{}", image.display());
        let bench = Bench::new()?;
        bench.file("a.save", output.stdout)?;
        assert_eq!(extracted(&bench, "a.save area.xml")?, fs::read(&expected)?, "{}", image.display());
    }
    Ok(())
}

#[test]
fn payload_comes_as_it_is() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[])?;
    let sample = sample()?;
    assert_eq!(extracted(&bench, "a.save ")?, sample);
    let memory = extracted(&bench, "a.save memory")?;
    assert!(memory.starts_with(b"\x28\xb5\x2f\xfd"), "zstd");
    assert!(sample.ends_with(&memory));
    let mut shifted = b"elsewhere".to_vec();
    shifted.extend_from_slice(&sample);
    bench.file("shifted", shifted)?;
    assert_eq!(extracted(&bench, "--offset 9 shifted memory")?, memory);
    Ok(())
}

#[test]
fn values_of_every_kind() -> Result {
    let bench = mixed(FILE)?;
    let values: [(&str, &[u8], &[u8]); 11] = [
        ("kind", b"\0\x01", b"\0\x01"),
        ("title", b"title", b"title\0"),
        ("name", b"name", b"\0\x04name"),
        ("wide", "éx".as_bytes(), b"\0\xe9\0x"),
        ("numbers", b"\x01\x02\x03\x04", b"\x01\x02\x03\x04"),
        ("numbers[1]", b"\x03\x04", b"\x03\x04"),
        ("pair", b"\x05\x06", b"\x05\x06"),
        ("pair.right", b"\x06", b"\x06"),
        ("body", b"body", b"body\0"),
        ("body.some", b"body", b"body\0"),
        ("payload", b"\0\xff\x80", b"\0\xff\x80"),
    ];
    for (path, value, raw) in values {
        assert_eq!(extracted(&bench, &format!("--spec mixed.yaml file {path}"))?, value, "{path}");
        assert_eq!(extracted(&bench, &format!("--spec mixed.yaml --raw file {path}"))?, raw, "{path}");
    }
    assert_eq!(extracted(&bench, "--spec mixed.yaml --raw file odd")?, b"\xd8\0");
    let run = bench.run("extract --spec mixed.yaml file odd")?;
    run.gives(1, "");
    assert_eq!(run.err, "error: file: `odd` has unpaired surrogates, which UTF-8 has not; --raw copies it as it is\n");
    Ok(())
}

#[test]
fn what_is_wrong_behind_the_value_does_no_harm() -> Result {
    let mut wrong = FILE.to_vec();
    wrong.splice(SUM..=SUM, [8]);
    let bench = mixed(&wrong)?;
    assert_eq!(extracted(&bench, "--spec mixed.yaml file pair.right")?, b"\x06");
    let error = "error: file: 0x1f: sum: expected 7, found 8 (invalid)\n";
    for path in ["sum", "payload", "payload.x", ""] {
        let run = bench.command().args(["extract", "--spec", "mixed.yaml", "file", path]).output()?;
        assert_eq!((run.status.code(), String::from_utf8(run.stderr)?.as_str()), (Some(1), error), "{path}");
        assert_eq!(run.stdout, b"", "{path}");
    }
    Ok(())
}

#[test]
fn a_list_that_was_read_in_part() -> Result {
    let cut = FILE.get(..22).unwrap_or(FILE);
    let bench = mixed(cut)?;
    assert_eq!(extracted(&bench, "--spec mixed.yaml file wide")?, "éx".as_bytes());
    for path in ["numbers", "numbers[0]", "numbers[1]", "numbers[7]", "pair"] {
        let run = bench.run(&format!("extract --spec mixed.yaml file {path}"))?;
        run.gives(1, "");
        assert!(run.err.starts_with("error: file: 0x14: numbers"), "{path}: {}", run.err);
        assert!(run.err.ends_with(" (truncated)\n"), "{path}: {}", run.err);
    }
    Ok(())
}

#[test]
fn a_value_that_is_not_there() -> Result {
    let bench = mixed(FILE)?;
    let whats = [
        ("tilte", "the value has no `tilte`; did you mean `title`?"),
        ("maybe", "`maybe` is absent"),
        ("numbers[2]", "`numbers` has no [2]: it is a list of 2 elements, [0] to [1]"),
        ("pair.sum", "`pair` has no `sum`; it has `left`, `right`"),
        ("pair.", "`pair.` is no path: a path is names and indices, such as `header.length` or `records[3].body`"),
    ];
    for (path, what) in whats {
        let run = bench.run(&format!("extract --spec mixed.yaml file {path}"))?;
        run.gives(1, "");
        assert_eq!(run.err, format!("error: file: {what}\n"));
    }
    Ok(())
}

#[test]
fn a_new_file_takes_the_value() -> Result {
    let bench = mixed(FILE)?;
    let run = bench.run("extract --spec mixed.yaml file title -o title.txt")?;
    run.gives(0, "file: extracted 5 bytes to title.txt\n");
    let path = bench.folder().join("title.txt");
    assert_eq!(fs::read(&path)?, b"title");
    // It is kept, and so is the input.
    for (value, out) in [("payload", "title.txt"), ("payload", "file")] {
        let run = bench.run(&format!("extract --spec mixed.yaml file {value} --out {out}"))?;
        run.gives(2, "");
        assert!(run.err.starts_with(&format!("error: {out}: ")), "{}", run.err);
    }
    assert_eq!((fs::read(&path)?, fs::read(bench.folder().join("file"))?), (b"title".to_vec(), FILE.to_vec()));
    // Where there is no value there is no file.
    assert_eq!(bench.run("extract --spec mixed.yaml file maybe -o maybe.bin")?.code, Some(1));
    assert!(!bench.folder().join("maybe.bin").exists());
    Ok(())
}
