//! Journals as `dump` and `at` show them: entries as they lie in the file, tables as if they had been replayed.

use crate::harness;
use crate::samples;

use std::fs;

use harness::{Bench, Result};
use serde_json::{Value, json};

const FEATURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../generated-tests/features");

fn at<'v>(value: &'v Value, path: &str) -> Result<&'v Value> {
    value.pointer(path).ok_or_else(|| format!("nothing at {path}").into())
}

/// A disk of the samples, as JSON; none where it cannot be unpacked.
fn dumped(name: &str, words: &str) -> Result<Option<(Value, Option<i32>)>> {
    let Some(bytes) = samples::unpacked(&samples::bundled().join("vhdx").join(name))? else { return Ok(None) };
    let bench = Bench::new()?;
    bench.file("disk", &bytes)?;
    let run = bench.run(&format!("dump --json {words} disk"))?;
    assert!(fs::read(bench.folder().join("disk"))? == bytes, "{name} was written");
    Ok(Some((serde_json::from_str(&run.out)?, run.code)))
}

#[test]
fn of_every_sample_as_many_entries_are_active_as_are_to_be_replayed() -> Result {
    let table = fs::read_to_string(samples::bundled().join("vhdx/expected.tsv"))?;
    for line in table.lines() {
        let (name, rest) = line.split_once('\t').ok_or("a table")?;
        let verdict = rest.split('\t').next().unwrap_or_default();
        let Some((json, code)) = dumped(name, "")? else { continue };
        assert_eq!(at(&json, "/seen")?, "as it lies in the file");
        let active = at(&json, "/value/log/active")?.as_array().map_or(0, Vec::len);
        if verdict == "refuse" {
            assert_eq!((at(&json, "/replayed/value")?, code), (&Value::Null, Some(1)), "{name}");
            assert_eq!(at(&json, "/replayed/error/class")?, "invalid", "{name}");
            continue;
        }
        assert_eq!((format!("replay {active}"), code), (verdict.to_owned(), Some(0)), "{name}");
        assert_eq!(at(&json, "/value/log/live")?, verdict != "replay 0", "{name}");
        let said = at(&json, "/replayed/seen")?.as_str().unwrap_or_default();
        let expected = if active == 0 { "as it lies in the file, in whose" } else { "as if the log were replayed (" };
        assert!(said.starts_with(expected), "{name}: {said}");
        assert_eq!(at(&json, "/replayed/root")?, "vhdx_contents");
        assert_eq!(at(&json, "/replayed/value/regions/entry_count")?, 2, "{name}");
    }
    Ok(())
}

/// The table of blocks in the file says that the sixth one is not there yet: the log has the one that says that it is.
#[test]
fn blocks_are_those_of_the_log() -> Result {
    let Some((json, _)) = dumped("crash-a-w8.vhdx", "")? else { return Ok(()) };
    let block = at(&json, "/replayed/value/bat/elements/5")?;
    assert_eq!(block, &json!({"state": "fully_present", "reserved": 0, "file_offset_mb": 11}));
    let descriptor = at(&json, "/value/log/entries/0/value/descriptors/elements/0/file_offset")?;
    assert_eq!(descriptor, at(&json, "/replayed/value/regions/entries/0/file_offset")?);
    let Some(bytes) = samples::unpacked(&samples::bundled().join("vhdx/crash-a-w8.vhdx"))? else { return Ok(()) };
    let table = descriptor.as_u64().and_then(|at| usize::try_from(at).ok()).ok_or("no place")?;
    let lies_there = bytes.get(table.saturating_add(40)..table.saturating_add(48)).ok_or("a shorter file")?;
    assert_ne!(lies_there, (6_u64 | 11 << 20).to_le_bytes(), "the file itself is older");
    Ok(())
}

#[test]
fn heads_of_another_journal_are_rejected() -> Result {
    let Some((json, _)) = dumped("dyn-64m-b1m.vhdx", "--path log")? else { return Ok(()) };
    let log = at(&json, "/value")?;
    assert_eq!((at(log, "/heads")?, at(log, "/foreign")?, at(log, "/count")?), (&json!(9), &json!(9), &json!(0)));
    let first = at(log, "/rejected/0")?;
    assert_eq!((at(first, "/offset")?, at(first, "/foreign")?), (&json!(1 << 20), &json!(true)));
    assert_eq!(json.get("replayed"), None, "a part of the file is shown");
    Ok(())
}

/// Four strides of 64 bytes behind a header of 13 bytes and a gap: an entry in the second one, and what looks like another.
fn store() -> Vec<u8> {
    let mut file = [b"STORE\0\0\x07\0\x40\x01\0".as_slice(), &[0; 51], b"tail"].concat();
    file.splice(64..64, [0; 256]);
    let entry = b"J!\x01\x01\0\x07\0\x01\x01\x01\0\0\x02\0\0\0\0\0\0\x20abcdef";
    let sum = entry.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    for (to, from) in file.iter_mut().skip(128).zip(entry) {
        *to = *from;
    }
    file.splice(142..146, sum.to_be_bytes());
    file.splice(192..194, *b"J!");
    file
}

#[test]
fn entries_of_any_spec_are_shown() -> Result {
    let bench = Bench::new()?;
    fs::copy(format!("{FEATURES}/journal.yaml"), bench.folder().join("journal.yaml"))?;
    bench.file("store", store())?;
    let run = bench.run("dump --spec journal.yaml store")?;
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("any_spec", run.out) });
    assert_eq!(run.code, Some(0), "{}", run.err);
    let run = bench.run("at --spec journal.yaml store 0x95")?;
    assert!(run.out.contains("0x95 is byte 1 of log[0].changes[0].data\n"), "{}", run.out);
    let run = bench.run("at --spec journal.yaml store 0xc1")?;
    assert!(run.out.contains("entry   none: rejected at 0xc0: "), "{}", run.out);
    Ok(())
}

#[test]
fn a_page_has_both_trees() -> Result {
    let Some(bytes) = samples::unpacked(&samples::bundled().join("vhdx/ok-wrap-entry.vhdx"))? else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("disk", &bytes)?;
    let run = bench.run("dump --html -o page.html disk")?;
    run.gives(0, "disk: shown in page.html\n");
    let page = fs::read_to_string(bench.folder().join("page.html"))?;
    let (_, data) = page.split_once("<script id=\"data\" type=\"application/json\">").ok_or("no data")?;
    let data: Value = serde_json::from_str(data.split_once("</script>").ok_or("no end")?.0)?;
    assert_eq!(at(&data, "/seen")?, "as it lies in the file");
    assert_eq!(
        at(&data, "/then/page/seen")?,
        "as if the log were replayed (1 entry, 2 descriptors); nothing is written"
    );
    let nodes = at(&data, "/nodes")?.as_array().ok_or("no nodes")?;
    let round: Vec<_> = nodes.iter().filter_map(|node| node.get("w")).collect();
    assert_eq!(round, [&json!([1 << 20, 8192])], "the entry");
    let told = |text: &str| nodes.iter().any(|node| node.get("v").is_some_and(|value| value == text));
    assert!(told("1 entry, 1 to be replayed") && told("active, 1 of 1, comes round the end"));
    Ok(())
}
