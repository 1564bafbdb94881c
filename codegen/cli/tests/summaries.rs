//! `vmspec dump --json` against what independent readers found in the same files.

mod harness;
mod samples;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use harness::{Bench, Result};
use serde_json::{Value, json};

/// The file as `dump --json` shows it, and its `summary.json`.
fn both(folder: &Path, name: &str) -> Result<Option<(Value, Value)>> {
    let summary = folder.join(format!("{name}.summary.json"));
    if !summary.is_file() {
        println!("skipped: there is no {}", summary.display());
        return Ok(None);
    }
    let Some(bytes) = samples::unpacked(&folder.join(name))? else { return Ok(None) };
    let bench = Bench::new()?;
    bench.file("file", bytes)?;
    let run = bench.run("dump --json --places file")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    Ok(Some((serde_json::from_str(&run.out)?, serde_json::from_slice(&fs::read(summary)?)?)))
}

/// `[stream, kind, offset, length]` of all records, as summaries list them: those of an inner stream behind the record that
/// announces it.
fn records(stream: &Value, name: &str) -> Vec<Value> {
    let each = |record: &Value| {
        let kind = record["kind"].as_str().unwrap_or("unknown").to_uppercase();
        let own = json!([name, kind, record["@"][0], record["length"]]);
        [vec![own], records(&record["libxc"], "libxc")].concat()
    };
    stream["records"].as_array().into_iter().flatten().flat_map(each).collect()
}

/// The numbers of all pages that come with data, in the order they come.
fn pages(libxc: &Value) -> Vec<u64> {
    let with_data = |entry: &&Value| !matches!(entry["kind"].as_str(), Some("broken" | "xalloc" | "xtab"));
    let records = libxc["records"].as_array().into_iter().flatten();
    let entries = records.flat_map(|record| record["body"]["page_data"]["pfns"].as_array()).flatten();
    entries.filter(with_data).filter_map(|entry| entry["pfn"].as_u64()).collect()
}

fn xl(name: &str) -> Result {
    let folder = samples::bundled().join("xl");
    let Some((dump, summary)) = both(&folder, name)? else { return Ok(()) };
    let value = &dump["value"];
    let stream = &value["stream"]["true"];
    assert_eq!(Value::from(records(stream, "libxl")), summary["records"]);
    assert_eq!(value["optional"]["config_len"], summary["config_len"]);
    assert_eq!(value["optional_len"], summary["xl"]["optional_data_len"]);
    assert_eq!(value["trailing"]["length"], summary["trailing"]);
    assert_eq!(value["trailing"]["offset"], summary["end_offset"]);
    assert_eq!(dump["end"], summary["size"]);
    let libxc = &stream["records"][0]["libxc"];
    assert_eq!(json!([libxc["domain"]["xen_major"], libxc["domain"]["xen_minor"]]), summary["libxc"]["xen"]);
    let sent = pages(libxc);
    let different: BTreeSet<_> = sent.iter().collect();
    let listed: Value = serde_json::from_slice(&fs::read(folder.join(format!("{name}.pages.json")))?)?;
    assert_eq!(json!(sent.len()), summary["page_sends"]);
    assert_eq!(json!(different.len()), listed["pages"]);
    Ok(())
}

#[test]
fn xl_hvm() -> Result {
    xl("x417-hvm.xlsave")
}

#[test]
fn xl_pv() -> Result {
    xl("x417-pv.xlsave")
}

#[test]
fn xl_pvh() -> Result {
    xl("x417-pvh.xlsave")
}

#[test]
fn xl_migrated() -> Result {
    xl("x420-pv-migrate.xlsave")
}

fn libvirt(folder: &Path, name: &str) -> Result {
    let Some((dump, summary)) = both(folder, name)? else { return Ok(()) };
    let (value, header) = (&dump["value"], &summary["header"]);
    let number = |value: &Value, names: &[&str]| names.iter().position(|name| value == name);
    let magic = if value["header"]["magic"] == "complete" { "LibvirtQemudSave" } else { "LibvirtQemudPart" };
    assert_eq!(header["magic"], magic);
    for field in ["version", "data_len", "cookie_offset"] {
        assert_eq!(value["header"][field], header[field], "{field}");
    }
    assert_eq!(json!(number(&value["header"]["was_running"], &["paused", "running"])), header["was_running"]);
    let formats = ["raw", "gzip", "bzip2", "xz", "lzop", "zstd", "sparse"];
    assert_eq!(json!(number(&value["header"]["format"], &formats)), header["format"]);
    assert_eq!(value["header"]["unused"].get("bytes"), None);
    let bytes = |text: &Value| json!(text.as_str().map(str::len));
    assert_eq!(bytes(&value["area"]["xml"]), summary["xml_bytes"]);
    assert_eq!(bytes(&value["area"]["cookie"]), summary["cookie_bytes"]);
    // The summary counts the NUL of the cookie as well.
    assert_eq!(json!(value["area"]["spare"]["length"].as_u64().map(|n| n.saturating_add(1))), summary["trailing_pad"]);
    assert_eq!(value["memory"]["offset"], summary["payload_offset"]);
    Ok(())
}

#[test]
fn libvirt_gzip() -> Result {
    libvirt(&samples::bundled().join("libvirt"), "lv9-gzip.save")
}

#[test]
fn libvirt_zstd() -> Result {
    libvirt(&samples::bundled().join("libvirt"), "lv11-zstd.save")
}

#[test]
fn libvirt_fixtures() -> Result {
    for name in ["lv11-sparse.save", "lv9-partial.save", "lv9-raw-paused.save"] {
        libvirt(&samples::fixtures().join("libvirt"), name)?;
    }
    Ok(())
}
