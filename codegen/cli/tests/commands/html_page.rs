//! `vmspec dump --html` without a browser: what is in the page, how large it is, and where it goes.

use crate::harness;
use crate::samples;

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};

use harness::{Bench, Result, sample};
use serde_json::Value;

/// What is embedded in a page.
struct Page {
    text: String,
    data: Value,
}

impl Page {
    fn of(bench: &Bench, words: &str) -> Result<Self> {
        let run = bench.run(&format!("dump --html -o page.html {words}"))?;
        assert!(run.code.is_some_and(|code| code < 2), "{}{}", run.out, run.err);
        let text = fs::read_to_string(bench.folder().join("page.html"))?;
        let (_, data) = text.split_once("<script id=\"data\" type=\"application/json\">").ok_or("no data")?;
        let (data, _) = data.split_once("</script>").ok_or("no end")?;
        Ok(Self { data: serde_json::from_str(data)?, text })
    }

    fn list(&self, name: &str) -> &[Value] {
        self.data.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The names of all nodes, in the order of the page.
    fn names(&self) -> Vec<&str> {
        let kind = |node: &Value| node.get("d").and_then(Value::as_u64).and_then(|i| usize::try_from(i).ok());
        let kinds = self.list("kinds");
        let name = |node: &Value| kinds.get(kind(node)?)?.get("name")?.as_str();
        let more = |node: &&Value| node.get("k").is_some_and(|kind| kind == "more");
        self.list("nodes").iter().filter(|node| !more(node)).filter_map(name).collect()
    }

    /// For each run of nodes that are not there, how many there are.
    fn left_out(&self) -> Vec<u64> {
        let more = self.list("nodes").iter().filter(|node| node.get("k").is_some_and(|kind| kind == "more"));
        more.filter_map(|node| node.get("m")?.as_u64()).collect()
    }

    /// How many bytes of the file are in it.
    fn bytes(&self) -> usize {
        let encoded = self.list("segments").iter().filter_map(|segment| segment.get("bytes")?.as_str());
        encoded.map(|text| text.len().saturating_mul(3).div_ceil(4)).sum()
    }
}

#[test]
fn every_field_of_an_image_is_there() -> Result {
    let bench = Bench::new()?;
    bench.image("image.save", &[])?;
    let page = Page::of(&bench, "image.save")?;
    let fields = ["header", "area", "memory", "magic", "version", "data_len", "was_running", "format", "cookie_offset"];
    let fields = fields.into_iter().chain(["unused", "xml", "cookie_gap", "cookie", "spare"]);
    assert_eq!(
        page.names().into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>(),
        fields.collect::<Vec<_>>()
    );
    // Of the payload there are the ends.
    assert!(page.bytes() > 0x580 && page.bytes() < 0x800, "{}", page.bytes());
    assert!(page.text.len() < 80_000, "{}", page.text.len());
    Ok(())
}

#[test]
fn pages_of_all_samples_are_small() -> Result {
    let bench = Bench::new()?;
    let mut seen = Vec::new();
    for folder in ["libvirt", "xl"] {
        for entry in fs::read_dir(samples::bundled().join(folder))? {
            let path = entry?.path();
            let path = if path.extension() == Some("xz".as_ref()) { path.with_extension("") } else { path };
            let is_file = path.extension().is_some_and(|ending| ending == "save" || ending == "xlsave");
            // One of the samples is no file of any format, as its first byte says.
            if !is_file || path.ends_with("bad-magic.xlsave") {
                continue;
            }
            let Some(bytes) = samples::unpacked(&path)? else { continue };
            bench.file("sample", bytes)?;
            let page = Page::of(&bench, "sample")?;
            assert!(page.text.len() < 1_000_000, "{}: {}", path.display(), page.text.len());
            assert!(page.names().len() > 1, "{}", path.display());
            seen.push(path);
        }
    }
    assert!(seen.len() >= 7, "{seen:?}");
    Ok(())
}

#[test]
fn nothing_in_a_page_is_markup_of_the_file() -> Result {
    let bench = Bench::new()?;
    let mut image = sample()?;
    let hostile = b"</script><img src=x onerror=alert(1)><!--";
    image.splice(0x5c..0x5c_usize.saturating_add(hostile.len()), hostile.iter().copied());
    bench.file("image.save", image)?;
    let page = Page::of(&bench, "image.save")?;
    assert!(!page.text.contains("<img"), "markup of the file is in the page");
    assert_eq!(page.text.matches("</script>").count(), 2);
    let texts: Vec<_> = page.list("nodes").iter().filter_map(|node| node.get("t")?.as_str()).collect();
    assert!(texts.iter().any(|text| text.contains("</script><img src=x onerror=alert(1)><!--")), "{texts:?}");
    Ok(())
}

#[test]
fn a_page_needs_nothing_from_outside() -> Result {
    let bench = Bench::new()?;
    bench.image("image.save", &[])?;
    let page = Page::of(&bench, "image.save")?;
    let (before, _) = page.text.split_once("<script id=\"data\"").ok_or("no data")?;
    let policy = "content=\"default-src 'none'; script-src 'sha256-";
    assert!(before.contains(policy) && !before.contains("unsafe-inline"), "{before}");
    for outside in ["http:", "https:", "src=", "href=", "@import", "url("] {
        assert!(!before.contains(outside), "{outside}");
    }
    assert!(!page.text.contains("{{"), "a part of the page was not put in");
    Ok(())
}

#[test]
fn a_large_image_gives_a_small_page() -> Result {
    let bench = Bench::new()?;
    bench.image("image.save", &[])?;
    let mut file = File::options().write(true).open(bench.folder().join("image.save"))?;
    file.set_len(100 << 20)?;
    file.seek(SeekFrom::End(-4))?;
    file.write_all(b"last")?;
    let page = Page::of(&bench, "image.save")?;
    assert!(page.text.len() < 100_000, "{}", page.text.len());
    let last = page.list("segments").last().and_then(|segment| segment.get("at")?.as_u64());
    assert_eq!(last, Some((100 << 20) - 64));
    Ok(())
}

/// A list of lists: 30 of 1,000 structs of a text and four numbers each.
const LISTS: &str = "spec: 1\nformat: {id: lists, title: Lists}\nroot: r\ntypes:\n  \
    r: {endian: le, fields: [{tables: {type: table, count: rest}}]}\n  \
    table: {fields: [{rows: {type: row, count: 1000}}, {numbers: {type: u16, count: 50000}}]}\n  \
    row: {fields: [{a: u32}, {b: u64}, {c: i8}, {d: bytes(7)}, {text: utf8(200)}]}\n";

#[test]
fn of_long_lists_the_ends_are_there_with_all_that_is_in_them() -> Result {
    let bench = Bench::new()?;
    bench.file("lists.yaml", LISTS)?;
    bench.file("lists", vec![b'<'; 30 * (1000 * 220 + 100_000)])?;
    let page = Page::of(&bench, "--spec lists.yaml lists")?;
    assert!(page.text.len() < 10_000_000, "{}", page.text.len());
    let named = |name: &str| page.names().into_iter().filter(|of| *of == name).count();
    assert_eq!((named("rows"), named("a"), named("text")), (30, 30 * 64, 30 * 64));
    assert!(page.bytes() > 400_000 && page.bytes() < 4_000_000, "{}", page.bytes());
    assert_eq!(page.left_out().iter().filter(|count| **count == 1000 - 64).count(), 30);
    Ok(())
}

/// Lists in lists in lists, of 20 each.
const NESTED: &str = "spec: 1\nformat: {id: nested, title: Nested}\nroot: r\ntypes:\n  \
    r: {endian: le, fields: [{a: {type: a, count: 20}}]}\n  a: {fields: [{b: {type: b, count: 20}}]}\n  \
    b: {fields: [{c: {type: c, count: 20}}]}\n  c: {fields: [{d: {type: d, count: 10}}]}\n  \
    d: {fields: [{e: u8}]}\n";

#[test]
fn however_many_nodes_there_are_the_page_is_bounded() -> Result {
    let bench = Bench::new()?;
    bench.file("nested.yaml", NESTED)?;
    bench.file("nested", vec![b'<'; 20 * 20 * 20 * 10])?;
    let page = Page::of(&bench, "--spec nested.yaml nested")?;
    let nodes = page.list("nodes").len();
    assert!(nodes > 15_000 && nodes < 20_500, "{nodes}");
    assert!(page.text.len() < 3_000_000, "{}", page.text.len());
    assert!(page.left_out().iter().filter(|count| **count == 10).count() > 1000);
    Ok(())
}

#[test]
fn a_page_goes_where_it_is_told() -> Result {
    let bench = Bench::new()?;
    bench.image("image.save", &[])?;
    bench.file("page.html", "old")?;
    bench.run("dump --html --out page.html image.save")?.gives(0, "image.save: shown in page.html\n");
    let page = fs::read_to_string(bench.folder().join("page.html"))?;
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    bench.run("dump --html image.save")?.gives(0, &page);
    let run = bench.run("dump --html -o no/page.html image.save")?;
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("no/page.html: No such file"), "{}", run.err);
    Ok(())
}

#[test]
fn a_page_never_takes_the_place_of_the_file() -> Result {
    let bench = Bench::new()?;
    bench.image("image.save", &[])?;
    let run = bench.run("dump --html -o ./image.save image.save")?;
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("./image.save is the file that is shown; the page has to go elsewhere"), "{}", run.err);
    assert_eq!(fs::read(bench.folder().join("image.save"))?, sample()?);
    Ok(())
}

#[test]
fn a_refused_file_has_a_page_too() -> Result {
    let bench = Bench::new()?;
    bench.image("broken.save", &[(28, b"\x09")])?;
    let said = "broken.save: shown in page.html\n\
        broken.save: 0x1c: header.format: expected 0 or 1 or 2 or 3 or 4 or 5 or 6, found 9 (unsupported)\n";
    bench.run("dump --html -o page.html broken.save")?.gives(1, said);
    let page = Page::of(&bench, "broken.save")?;
    let trouble = page.list("troubles").first().ok_or("no error")?;
    assert_eq!(trouble.get("path").and_then(Value::as_str), Some("header.format"));
    let node = trouble.get("node").and_then(Value::as_u64).and_then(|i| usize::try_from(i).ok()).ok_or("no node")?;
    assert_eq!(page.names().get(node), Some(&"format"));
    Ok(())
}

#[test]
fn a_part_has_a_page_of_its_own() -> Result {
    let bench = Bench::new()?;
    bench.image("image.save", &[])?;
    let page = Page::of(&bench, "--path area image.save")?;
    assert_eq!(page.names(), ["area", "xml", "cookie_gap", "cookie", "spare"]);
    assert_eq!(page.data.get("path").and_then(Value::as_str), Some("area"));
    // What is wrong elsewhere is told, but leads nowhere.
    bench.image("part.save", &[(12, b"Part")])?;
    let page = Page::of(&bench, "--path area part.save")?;
    let trouble = page.list("troubles").first().ok_or("no finding")?;
    assert_eq!(trouble.get("path").and_then(Value::as_str), Some("header.magic"));
    assert_eq!(trouble.get("node"), Some(&Value::Null));
    Ok(())
}
