//! `vmspec dump --html` in a real browser: the tree and the bytes lead to each other, by mouse and by keyboard.

use crate::browser;
use crate::harness;

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};

use browser::Browser;
use harness::{Bench, Result};
use serde_json::json;

/// The page of a file that is in the folder.
fn shown(bench: &Bench, words: &str) -> Result<Option<Browser>> {
    let run = bench.run(&format!("dump --html -o page.html {words}"))?;
    assert!(run.code.is_some_and(|code| code < 2), "{}{}", run.out, run.err);
    Browser::open(&bench.folder().join("page.html"))
}

/// The page of a bundled image.
fn sample() -> Result<Option<(Browser, Bench)>> {
    let bench = Bench::new()?;
    bench.image("image.save", &[])?;
    Ok(shown(&bench, "image.save")?.map(|browser| (browser, bench)))
}

/// The row of the first field in sight that has this name.
fn row(name: &str) -> String {
    format!("[...document.querySelectorAll('.node')].find(row => row.querySelector('.name')?.textContent === '{name}')")
}

fn byte(at: u64) -> String {
    format!("document.querySelector('#hex .pairs [data-at=\"{at}\"]')")
}

impl Browser {
    /// The offsets of all bytes in sight that are marked so.
    fn marked(&self, class: &str) -> Result<Vec<u64>> {
        let found = self.eval(&format!(
            "[...document.querySelectorAll('#hex .pairs .{class}')].map(cell => Number(cell.dataset.at))"
        ))?;
        Ok(serde_json::from_value(found)?)
    }

    fn selected(&self) -> Result<String> {
        self.text("document.querySelector('[aria-selected=true] .name').textContent")
    }

    fn path(&self) -> Result<String> {
        self.text("document.querySelector('#details .path').textContent")
    }

    fn details(&self) -> Result<String> {
        self.text("document.getElementById('details').innerText")
    }

    fn expect_quiet(&self) -> Result {
        assert_eq!(self.complaints()?, [""; 0]);
        Ok(())
    }
}

#[test]
fn a_field_leads_to_its_bytes() -> Result {
    let Some((page, _bench)) = sample()? else { return Ok(()) };
    page.hover(&row("data_len"))?;
    page.wait("document.querySelector('#hex .pointed') !== null")?;
    assert_eq!(page.marked("pointed")?, [20, 21, 22, 23]);
    page.click(&row("version"))?;
    assert_eq!((page.marked("chosen")?, page.path()?), (vec![16, 17, 18, 19], "header.version".into()));
    // What is far away comes into sight. The payload starts at 0x10579; of it the ends are in the page.
    page.click(&row("memory"))?;
    assert_eq!(page.marked("chosen")?.first(), Some(&0x10579));
    let skipped = page.text("[...document.querySelectorAll('.skipped')].at(-1).textContent")?;
    assert!(
        skipped.starts_with("\u{22ee}... 82,") && skipped.ends_with(" bytes of memory, not in this page"),
        "{skipped}"
    );
    page.expect_quiet()
}

#[test]
fn a_byte_leads_to_its_field() -> Result {
    let Some((page, _bench)) = sample()? else { return Ok(()) };
    page.click("document.getElementById('collapse')")?;
    assert_eq!(page.eval("document.querySelectorAll('.node').length")?, 1);
    page.hover(&byte(0x22))?;
    let told = page.text("document.getElementById('pointed').textContent")?;
    assert_eq!(told, "0x22 header.cookie_offset 1073 (0x431)");
    page.click(&byte(0x22))?;
    assert_eq!((page.selected()?, page.path()?), ("cookie_offset".into(), "header.cookie_offset".into()));
    assert_eq!(page.marked("chosen")?, [0x20, 0x21, 0x22, 0x23]);
    let details = page.details()?;
    let wanted = [
        "1073 (0x431)",
        "u32",
        "0x20 to 0x23, 4 bytes",
        "Where the cookie starts in the area, 0 without one.",
        "offset of area.cookie",
        "libvirt_save.yaml:",
        "a cookie lies inside the area",
    ];
    for wanted in wanted {
        assert!(details.contains(wanted), "no {wanted:?} in {details}");
    }
    page.expect_quiet()
}

#[test]
fn search_goes_from_match_to_match() -> Result {
    let Some((page, _bench)) = sample()? else { return Ok(()) };
    let found = |page: &Browser| page.text("document.getElementById('found').textContent");
    page.press("/")?;
    page.write("cookie")?;
    page.press("Enter")?;
    assert_eq!((page.path()?, found(&page)?), ("header.cookie_offset".into(), "1 of 3".into()));
    page.press("Enter")?;
    assert_eq!((page.path()?, found(&page)?), ("area.cookie_gap".into(), "2 of 3".into()));
    page.press("Shift+Enter")?;
    page.press("Shift+Enter")?;
    assert_eq!((page.path()?, found(&page)?), ("area.cookie".into(), "3 of 3".into()));
    page.press("Escape")?;
    for (wanted, path) in [("<uuid>", "area.xml"), ("r.format", "header.format"), ("@0x1a", "header.was_running")] {
        page.press("/")?;
        page.write(wanted)?;
        page.click("document.getElementById('on')")?;
        assert_eq!(page.path()?, path, "{wanted}");
        page.click("document.getElementById('query')")?;
        page.press("Escape")?;
    }
    page.press("/")?;
    page.write("nothing has this")?;
    assert_eq!(found(&page)?, "none");
    page.expect_quiet()
}

#[test]
fn the_keyboard_goes_through_the_tree_and_the_bytes() -> Result {
    let Some((page, _bench)) = sample()? else { return Ok(()) };
    let go = |keys: &[&str]| keys.iter().try_for_each(|key| page.press(key)).and_then(|()| page.selected());
    assert_eq!(go(&["ArrowDown"])?, "header");
    assert_eq!(go(&["ArrowRight", "ArrowDown"])?, "version");
    assert_eq!(go(&["ArrowLeft"])?, "header");
    assert_eq!(go(&["ArrowLeft", "ArrowDown"])?, "area");
    assert_eq!(go(&["End"])?, "memory");
    let active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))";
    let role = page.text(&format!("{active}.getAttribute('role') + {active}.getAttribute('aria-level')"))?;
    assert_eq!(role, "treeitem2");
    assert_eq!(go(&["Home"])?, "image");
    assert_eq!(go(&["ArrowLeft"])?, "image");
    assert_eq!(page.eval("document.querySelector('.node').getAttribute('aria-expanded')")?, "false");
    page.click(&byte(0x10))?;
    assert_eq!(go(&["ArrowDown"])?, "cookie_offset");
    assert_eq!(go(&["ArrowLeft"])?, "format");
    assert_eq!(page.marked("cursor")?, [0x1f]);
    page.expect_quiet()
}

#[test]
fn a_path_is_copied_and_kept_in_the_address() -> Result {
    let Some((page, bench)) = sample()? else { return Ok(()) };
    let read = "navigator.clipboard.readText()";
    page.call("Browser.grantPermissions", &json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}))?;
    page.click(&row("xml"))?;
    page.click("document.querySelector('.copy')")?;
    page.wait(&format!("{read}.then(text => text === 'area.xml')"))?;
    page.click(&row("format"))?;
    page.press("c")?;
    page.wait(&format!("{read}.then(text => text === 'header.format')"))?;
    page.wait("location.hash === '#header.format'")?;
    page.expect_quiet()?;
    drop(page);
    let linked = bench.folder().join("page.html#area.cookie");
    let Some(page) = Browser::open(&linked)? else { return Ok(()) };
    assert_eq!(page.path()?, "area.cookie");
    page.expect_quiet()
}

#[test]
fn colours_follow_the_system_and_the_button() -> Result {
    let Some((page, _bench)) = sample()? else { return Ok(()) };
    let ground = || page.text("getComputedStyle(document.body).backgroundColor");
    let light = ground()?;
    page.click("document.getElementById('theme')")?;
    let dark = ground()?;
    assert_eq!((light.as_str(), dark.as_str()), ("rgb(255, 255, 255)", "rgb(22, 24, 29)"));
    page.click("document.getElementById('theme')")?;
    assert_eq!(ground()?, light);
    page.call("Page.reload", &json!({}))?;
    let features = json!([{"name": "prefers-color-scheme", "value": "dark"}]);
    page.call("Emulation.setEmulatedMedia", &json!({"features": features}))?;
    page.wait("document.querySelector('.node') !== null && !document.documentElement.dataset.theme")?;
    assert_eq!(ground()?, dark);
    page.expect_quiet()
}

#[test]
fn an_error_leads_to_its_place() -> Result {
    let bench = Bench::new()?;
    bench.image("broken.save", &[(12, b"Part"), (28, b"\x09")])?;
    let Some(page) = shown(&bench, "broken.save")? else { return Ok(()) };
    assert_eq!(page.text("document.querySelector('#troubles summary').textContent")?, "The file is refused");
    assert_eq!(page.path()?, "header.format");
    page.click(&row("magic"))?;
    page.click("document.querySelector('button.trouble')")?;
    assert_eq!((page.path()?, page.marked("chosen")?), ("header.format".into(), vec![28, 29, 30, 31]));
    assert!(page.details()?.contains("error expected 0 or 1 or 2 or 3 or 4 or 5 or 6, found 9 (unsupported)"));
    page.expect_quiet()
}

/// A text in the file, and in the spec, that would like to be more than text.
const HOSTILE: &str = "</script></pre><img src=x onerror='window.hacked=1'><script>window.hacked=1</script>";

#[test]
fn text_stays_text() -> Result {
    let bench = Bench::new()?;
    let spec = format!(
        "spec: 1\nformat: {{id: hostile, title: {HOSTILE:?}}}\nroot: r\ntypes:\n  r: {{endian: le, fields: [{{a: {{type: cstr, \
         doc: {HOSTILE:?}, expect: {{that: count(it) == 0, say: {HOSTILE:?}}}}}}}]}}\n"
    );
    bench.file("hostile.yaml", spec)?;
    let name = "<img src=x onerror=window.hacked=1>";
    bench.file(name, format!("{HOSTILE}\0"))?;
    let output =
        bench.command().args(["dump", "--html", "-o", "page.html", "--spec", "hostile.yaml", name]).output()?;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let Some(page) = Browser::open(&bench.folder().join("page.html"))? else { return Ok(()) };
    page.click(&row("a"))?;
    assert_eq!(page.text("document.getElementById('file').textContent")?, name);
    let details = page.details()?;
    assert_eq!(details.matches(HOSTILE).count(), 4, "{details}");
    assert_eq!(page.eval("document.images.length + document.scripts.length")?, 2);
    assert_eq!(page.eval("window.hacked === undefined")?, true);
    page.expect_quiet()?;
    // Even what would get past all that is not run.
    page.eval(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hacked = 1'}))",
    )?;
    assert_eq!(page.eval("window.hacked === undefined")?, true);
    assert!(page.complaints()?.concat().contains("Content Security Policy"));
    Ok(())
}

const LIST: &str = "spec: 1\nformat: {id: list, title: List}\nroot: r\ntypes:\n  \
    r: {endian: le, fields: [{items: {type: item, count: rest}}]}\n  \
    item: {fields: [{a: u32}, {b: u32}, {data: bytes(8)}]}\n";

#[test]
fn a_large_file_is_gone_through_with_few_rows() -> Result {
    let bench = Bench::new()?;
    bench.file("list.yaml", LIST)?;
    let mut file = File::create(bench.folder().join("big"))?;
    file.set_len(16 * 100_000)?;
    file.seek(SeekFrom::Start(16 * 99_999))?;
    file.write_all(b"\x39\x30\0\0")?;
    let Some(page) = shown(&bench, "--spec list.yaml big")? else { return Ok(()) };
    page.click("document.getElementById('expand')")?;
    let drawn = page.eval("document.querySelectorAll('.row').length")?;
    assert!(drawn.as_u64().is_some_and(|rows| rows > 20 && rows < 150), "{drawn}");
    page.press("/")?;
    page.write("12345")?;
    page.press("Enter")?;
    assert_eq!((page.path()?, page.marked("chosen")?.first()), ("items[99999].a".into(), Some(&1_599_984)));
    page.click("[...document.querySelectorAll('.node')][0]")?;
    page.press("/")?;
    let more = page.eval(
        "JSON.parse(document.getElementById('data').textContent).nodes.filter(n => n.k === 'more').map(n => n.m)",
    )?;
    assert_eq!(more, json!([99_750]));
    assert!(fs::metadata(bench.folder().join("page.html"))?.len() < 500_000);
    page.expect_quiet()
}
