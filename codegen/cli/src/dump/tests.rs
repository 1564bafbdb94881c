//! Every example of every feature, dumped: what is shown is held to snapshots, and each byte to the field that it is in.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fs, str};

use vmspec_codegen::interpret::{Datum, Reading, Start, read_with};
use vmspec_codegen::model::{Example, ExampleBytes, Format, Type};
use vmspec_codegen::source::Source;

use super::locate::{Found, find};
use super::{Palette, View, hex, json, spans, text};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The specs in a folder of the repository.
fn specs(folder: &str) -> Result<Vec<(String, Format)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    paths.sort();
    let compiled = paths.iter().map(|path| {
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a name")?;
        let (format, _) =
            vmspec_codegen::compile(&Source::file(path, &folder)).map_err(|failure| failure.render_short())?;
        Ok((name.to_owned(), format))
    });
    compiled.collect()
}

/// The examples of a spec that have their bytes in it.
fn examples(format: &Format) -> impl Iterator<Item = (&Example, &[u8])> {
    format.examples.iter().filter_map(|example| match &example.bytes {
        ExampleBytes::Hex(bytes) => Some((example, bytes.as_slice())),
        ExampleBytes::Sample(_) => None,
    })
}

/// What bytes give, read as an example is.
fn read_as(format: &Format, example: &Example, bytes: &[u8]) -> Reading {
    let start = Start { ty: example.of, at: 0, big: example.big };
    let arguments: Vec<_> = example.with.iter().map(|given| Datum::given(format, given)).collect();
    read_with(&format.with_inputs(&example.inputs), start, &arguments, &bytes)
}

fn rendered(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> Result<String> {
    let mut out = Vec::new();
    write(&mut out)?;
    Ok(String::from_utf8(out)?)
}

#[test]
fn features() -> Result {
    let specs = specs("generated-tests/features")?;
    assert!(specs.len() > 40);
    for (name, format) in &specs {
        let mut all = String::new();
        for (example, bytes) in examples(format) {
            let reading = read_as(format, example, bytes);
            let view = View::new(format, &reading, &bytes);
            let tree = rendered(|out| text::write(&view, &Palette::new(false), out))?;
            let lines = tree.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
            all.extend([format!("-- {}\n{lines}\n\n", example.name)]);
        }
        insta::with_settings!({
            snapshot_path => "../../tests/snapshots/features",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(name.as_str(), all) });
    }
    Ok(())
}

/// Calls `each` for every example of all specs.
pub(super) fn every_example(mut each: impl FnMut(&View<'_>, &str) -> Result) -> Result {
    let mut count = 0_usize;
    for folder in ["generated-tests/features", "specs"] {
        for (name, format) in &specs(folder)? {
            for (example, bytes) in examples(format) {
                let reading = read_as(format, example, bytes);
                each(&View::new(format, &reading, &bytes), &format!("{name}: {}", example.name))?;
                count = count.saturating_add(1);
            }
        }
    }
    assert!(count > 300, "{count}");
    Ok(())
}

/// Whether fields follow each other: where something is read aside, only once all of it was.
fn is_in_a_row(view: &View<'_>) -> bool {
    let is_place = |ty: &Type| ty.as_struct().is_some_and(|s| s.is_place);
    view.reading.error.is_none() || !view.format.types.iter().any(is_place)
}

#[test]
fn spans_cover_all_that_was_read() -> Result {
    every_example(|view, example| {
        if !is_in_a_row(view) {
            return Ok(());
        }
        let mut end = view.top.node.at;
        spans::each(&view.top, &mut String::new(), &mut |span| {
            let node = &span.look.node;
            assert_eq!(node.at, end, "{example}: {}.{}", span.around, span.name);
            end = node.end();
            Ok(())
        })?;
        let complete = view.reading.error.is_none();
        assert!(!complete || end == view.reading.end, "{example}: up to {end}, not {}", view.reading.end);
        Ok(())
    })
}

#[test]
fn each_byte_is_in_the_field_that_has_it() -> Result {
    every_example(|view, example| {
        if !is_in_a_row(view) {
            return Ok(());
        }
        let mut checked = Ok(());
        spans::each(&view.top, &mut String::new(), &mut |span| {
            for offset in span.look.node.at..span.look.node.end() {
                let Found::In(around) = find(&view.top, "", offset) else {
                    checked = Err(format!("{example}: nothing at {offset}"));
                    continue;
                };
                let path = format!("{}{}{}", span.around, if span.name.starts_with('[') { "" } else { "." }, span.name);
                let found = around.last().map(|last| last.path.as_str());
                assert_eq!(found, Some(path.trim_matches('.')), "{example} at {offset}");
            }
            Ok(())
        })?;
        Ok(checked?)
    })
}

#[test]
fn json_is_whole_and_has_no_key_twice() -> Result {
    every_example(|view, example| {
        for places in [false, true] {
            let written = rendered(|out| json::write(view, None, places, out))?;
            let value: serde_json::Value =
                serde_json::from_str(&written).map_err(|e| format!("{example}: {e}\n{written}"))?;
            // A key that is there twice is lost when it is read.
            let keys =
                written.lines().filter(|line| line.trim_start().starts_with('"') && line.contains("\": ")).count();
            assert_eq!(keys, count_keys(&value), "{example}:\n{written}");
            let error = value.get("error").map(serde_json::Value::is_null);
            assert_eq!(error, Some(view.reading.error.is_none()), "{example}");
            let findings = value.get("findings").and_then(|list| list.as_array()).map(Vec::len);
            assert_eq!(findings, Some(view.reading.findings.len()), "{example}");
        }
        Ok(())
    })
}

fn count_keys(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Object(map) => map.values().map(count_keys).sum::<usize>().saturating_add(map.len()),
        serde_json::Value::Array(list) => list.iter().map(count_keys).sum(),
        _ => 0,
    }
}

/// Each field's bytes are on the left of its name, once and in order.
#[test]
fn hex_shows_every_byte_once() -> Result {
    every_example(|view, example| {
        if !is_in_a_row(view) {
            return Ok(());
        }
        let mut view = view.clone();
        view.all = true;
        let rows = rendered(|out| hex::write(&view, &Palette::new(false), out))?;
        let digits = |line: &str| line.get(10..60).map(|hex| hex.replace(' ', "")).unwrap_or_default();
        let is_row = |line: &&str| line.get(..8).is_some_and(|at| at.bytes().all(|b| b.is_ascii_hexdigit()));
        let shown: String = rows.lines().filter(is_row).map(digits).collect();
        let mut bytes = vec![0; usize::try_from(view.bytes.size())?];
        view.bytes.read_at(0, &mut bytes)?;
        assert_eq!(shown, super::quote::Digits(&bytes).to_string(), "{example}:\n{rows}");
        Ok(())
    })
}

/// Whatever comes of damaged bytes is shown: each of the first is changed, and the rest is cut off behind it.
#[test]
fn damage_is_shown_as_well() -> Result {
    let mut refused = 0_usize;
    for (name, format) in &specs("generated-tests/features")? {
        for (example, bytes) in examples(format) {
            for at in 0..bytes.len().min(24) {
                let mut damaged = bytes.to_vec();
                if at.is_multiple_of(2) {
                    damaged.truncate(at);
                } else if let Some(byte) = damaged.get_mut(at) {
                    *byte ^= 0x81;
                }
                let damaged = damaged.as_slice();
                let reading = read_as(format, example, damaged);
                refused = refused.saturating_add(usize::from(reading.error.is_some()));
                shown(&View::new(format, &reading, &damaged))
                    .map_err(|e| format!("{name}: {} at {at}: {e}", example.name))?;
            }
        }
    }
    assert!(refused > 1000, "{refused}");
    Ok(())
}

/// Shows it in every form: the error is in each, and fields follow each other.
fn shown(view: &View<'_>) -> Result {
    let tree = rendered(|out| text::write(view, &Palette::new(false), out))?;
    let json = rendered(|out| json::write(view, None, true, out))?;
    rendered(|out| hex::write(view, &Palette::new(true), out))?;
    let value: serde_json::Value = serde_json::from_str(&json)?;
    let is_refused = view.reading.error.is_some();
    let in_place =
        tree.lines().map(str::trim_start).any(|line| line.starts_with("error at ") || line.starts_with("error in "));
    if in_place != is_refused {
        return Err(format!("where is the error?\n{tree}").into());
    }
    if value.get("error").is_some_and(serde_json::Value::is_null) == is_refused {
        return Err(format!("where is the error?\n{json}").into());
    }
    let mut end = view.top.node.at;
    let mut apart = Ok(());
    spans::each(&view.top, &mut String::new(), &mut |span| {
        if span.look.node.at < end {
            apart = Err(format!("{} overlaps what is before:\n{tree}", span.name));
        }
        end = span.look.node.end();
        Ok(())
    })?;
    Ok(apart?)
}
