//! `vmspec dump --json` against what independent readers found in the same files.

use crate::harness;
use crate::samples;

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

/// What is at a path such as `/header/version`, which must be there.
fn at<'v>(value: &'v Value, path: &str) -> Result<&'v Value> {
    value.pointer(path).ok_or_else(|| format!("nothing at {path}").into())
}

/// The elements of the list at a path; none where there is nothing.
fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    value.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// `[stream, kind, offset, length]` of all records, as summaries list them: those of an inner stream behind the record that
/// announces it.
fn records(stream: &Value, name: &str) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for record in list(stream, "/records") {
        let kind = at(record, "/kind")?.as_str().unwrap_or("unknown").to_uppercase();
        all.push(json!([name, kind, at(record, "/@/0")?, at(record, "/length")?]));
        if let Some(inner) = record.get("libxc") {
            all.extend(records(inner, "libxc")?);
        }
    }
    Ok(all)
}

/// The numbers of all pages that come with data, in the order they come.
fn pages(libxc: &Value) -> Result<Vec<u64>> {
    let mut all = Vec::new();
    for entry in list(libxc, "/records").iter().flat_map(|record| list(record, "/body/page_data/pfns")) {
        if !matches!(at(entry, "/kind")?.as_str(), Some("broken" | "xalloc" | "xtab")) {
            all.push(at(entry, "/pfn")?.as_u64().ok_or("no number")?);
        }
    }
    Ok(all)
}

fn xl(name: &str) -> Result {
    let folder = samples::bundled().join("xl");
    let Some((dump, summary)) = both(&folder, name)? else { return Ok(()) };
    let value = at(&dump, "/value")?;
    let stream = at(value, "/stream/true")?;
    assert_eq!(&Value::from(records(stream, "libxl")?), at(&summary, "/records")?);
    assert_eq!(at(value, "/optional/config_len")?, at(&summary, "/config_len")?);
    assert_eq!(at(value, "/optional_len")?, at(&summary, "/xl/optional_data_len")?);
    assert_eq!(at(value, "/trailing/length")?, at(&summary, "/trailing")?);
    assert_eq!(at(value, "/trailing/offset")?, at(&summary, "/end_offset")?);
    assert_eq!(at(&dump, "/end")?, at(&summary, "/size")?);
    let libxc = at(stream, "/records/0/libxc")?;
    assert_eq!(&json!([at(libxc, "/domain/xen_major")?, at(libxc, "/domain/xen_minor")?]), at(&summary, "/libxc/xen")?);
    let sent = pages(libxc)?;
    let different: BTreeSet<_> = sent.iter().collect();
    let listed: Value = serde_json::from_slice(&fs::read(folder.join(format!("{name}.pages.json")))?)?;
    assert_eq!(&json!(sent.len()), at(&summary, "/page_sends")?);
    assert_eq!(&json!(different.len()), at(&listed, "/pages")?);
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
    let (value, header) = (at(&dump, "/value")?, at(&summary, "/header")?);
    let number = |value: &Value, names: &[&str]| names.iter().position(|name| value == name);
    let magic = if at(value, "/header/magic")? == "complete" { "LibvirtQemudSave" } else { "LibvirtQemudPart" };
    assert_eq!(at(header, "/magic")?, magic);
    for field in ["version", "data_len", "cookie_offset"] {
        assert_eq!(at(value, &format!("/header/{field}"))?, at(header, &format!("/{field}"))?, "{field}");
    }
    assert_eq!(&json!(number(at(value, "/header/was_running")?, &["paused", "running"])), at(header, "/was_running")?);
    let formats = ["raw", "gzip", "bzip2", "xz", "lzop", "zstd", "sparse"];
    assert_eq!(&json!(number(at(value, "/header/format")?, &formats)), at(header, "/format")?);
    assert_eq!(at(value, "/header/unused")?.get("bytes"), None);
    let bytes = |text: &Value| json!(text.as_str().map(str::len));
    assert_eq!(&bytes(at(value, "/area/xml")?), at(&summary, "/xml_bytes")?);
    assert_eq!(&bytes(at(value, "/area/cookie")?), at(&summary, "/cookie_bytes")?);
    // The summary counts the NUL of the cookie as well.
    assert_eq!(
        &json!(at(value, "/area/spare/length")?.as_u64().map(|n| n.saturating_add(1))),
        at(&summary, "/trailing_pad")?
    );
    assert_eq!(at(value, "/memory/offset")?, at(&summary, "/payload_offset")?);
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
