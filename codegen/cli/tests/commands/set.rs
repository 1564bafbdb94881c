//! `vmspec set`: values of real images and of small specs are set, all else follows, and what cannot be set leaves nothing.

use crate::harness;

use std::fmt::Write;
use std::fs;

use harness::{Bench, Result, Run, sample};

/// Where the header's fields are, and the area behind it.
const WAS_RUNNING: usize = 24;
const COOKIE_OFFSET: usize = 32;
const AREA: usize = 92;

/// The offsets at which two files differ; they are of the same length.
fn differing(a: &[u8], b: &[u8]) -> Vec<usize> {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect()
}

fn read(bench: &Bench, name: &str) -> Result<Vec<u8>> {
    Ok(fs::read(bench.folder().join(name))?)
}

/// The XML of the sample with so many bytes more.
fn longer_xml(image: &[u8], more: usize) -> Result<Vec<u8>> {
    let xml = image.get(AREA..).and_then(|area| area.split(|byte| *byte == 0).next()).ok_or("no XML")?;
    let comment = format!("<!--{}-->\n", "x".repeat(more.saturating_sub(8)));
    Ok([xml, comment.as_bytes()].concat())
}

/// The result has the last word on standard output; nothing else is in the folder.
fn leaves_nothing(bench: &Bench, run: &Run, words: &str) -> Result {
    assert!(run.out.ends_with(words), "{}{}", run.out, run.err);
    assert_eq!(run.code, Some(1));
    let left: Vec<_> =
        fs::read_dir(bench.folder())?.map(|entry| entry.map(|e| e.file_name())).collect::<std::io::Result<_>>()?;
    assert!(left.iter().all(|name| name != "b.save" && !name.to_string_lossy().starts_with(".vmspec")), "{left:?}");
    Ok(())
}

#[test]
fn a_state_by_name_and_by_number() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    for (i, state) in ["running", "1", "0x1"].into_iter().enumerate() {
        let out = format!("b{i}.save");
        let run = bench.run(&format!("set a.save header.was_running={state} -o {out}"))?;
        run.gives(
            0,
            &format!("{out}: written (libvirt_save, 150120 bytes)\n  header.was_running: paused (0) -> running (1)\n"),
        );
        assert_eq!(differing(&image, &read(&bench, &out)?), [WAS_RUNNING]);
        bench
            .run(&format!("verify --strict {out}"))?
            .gives(0, &format!("{out}: ok (libvirt_save with its stream, unpacked by zstd)\n"));
    }
    Ok(())
}

#[test]
fn a_longer_xml_takes_of_the_spare_room() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    bench.file("new.xml", longer_xml(&image, 300)?)?;
    let run = bench.run("set a.save header.was_running=running area.xml=@new.xml -o b.save")?;
    insta::assert_snapshot!(run.out);
    assert_eq!(run.code, Some(0));
    bench.run("verify --strict b.save")?.gives(0, "b.save: ok (libvirt_save with its stream, unpacked by zstd)\n");
    let edited = read(&bench, "b.save")?;
    let last = differing(&image, &edited)
        .into_iter()
        .filter(|at| !(WAS_RUNNING..WAS_RUNNING + 4).contains(at) && !(COOKIE_OFFSET..COOKIE_OFFSET + 4).contains(at));
    let (from, to) = last.fold((usize::MAX, 0), |(from, to), at| (from.min(at), to.max(at)));
    let end = AREA + 1073 + 236 + 300;
    assert!(from >= AREA + 1072 && to < end, "{from} {to}");
    let run = bench.run("extract b.save area.xml -o back.xml")?;
    assert_eq!(run.code, Some(0));
    assert_eq!(read(&bench, "back.xml")?, longer_xml(&image, 300)?);
    Ok(())
}

#[test]
fn setting_it_back_gives_the_same_file() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    bench.file("new.xml", longer_xml(&image, 5000)?)?;
    assert_eq!(bench.run("extract a.save area.xml -o old.xml")?.code, Some(0));
    assert_eq!(bench.run("set a.save area.xml=@new.xml --in-place")?.code, Some(0));
    assert_ne!(read(&bench, "a.save")?, image);
    let run = bench.run("set a.save area.xml=@old.xml --in-place")?;
    assert!(run.out.starts_with("a.save: written (libvirt_save, 150120 bytes)\n"), "{}", run.out);
    assert_eq!(read(&bench, "a.save")?, image);
    Ok(())
}

#[test]
fn more_than_there_is_room_for_moves_the_rest() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    bench.file("new.xml", longer_xml(&image, 70_000)?)?;
    let run = bench.run("set a.save area.xml=@new.xml -o b.save")?;
    insta::assert_snapshot!(run.out);
    bench.run("verify --strict b.save")?.gives(0, "b.save: ok (libvirt_save with its stream, unpacked by zstd)\n");
    let run = bench.run("set a.save area.xml=@new.xml -o c.save --grow")?;
    insta::assert_snapshot!(run.out);
    bench.run("verify --strict c.save")?.gives(0, "c.save: ok (libvirt_save with its stream, unpacked by zstd)\n");
    assert!(read(&bench, "c.save")?.ends_with(image.get(AREA + 66_845..).ok_or("short")?));
    Ok(())
}

#[test]
fn what_lies_around_the_value_is_kept() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    let junk = vec![0xee; 4096];
    bench.file("a.bin", [junk.clone(), image.clone()].concat())?;
    let run = bench.run("set --offset 4K a.bin header.was_running=running -o b.bin")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    let edited = read(&bench, "b.bin")?;
    assert_eq!(differing(&[junk, image].concat(), &edited), [4096 + WAS_RUNNING]);
    bench.file("t.yaml", SPEC)?;
    bench.file("a", b"\x03ab\0\x07 and more")?;
    let run = bench.run("set --spec t.yaml a text=abcd -o b")?;
    run.gives(0, "b: written (t, 16 bytes)\n  length: 3 -> 5 (the size of `text`)\n  text: \"ab\" -> \"abcd\"\n  everything from `number` on moved by +2 bytes\n");
    assert_eq!(read(&bench, "b")?, b"\x05abcd\0\x07 and more");
    Ok(())
}

const SPEC: &str = "
spec: 1
format: {id: t}
root: r
endian: le
types:
  r:
    fields:
      - length: u8
      - text: {size: length, max: 16, type: cstr}
      - number: {type: u8, valid: {that: it < 9, say: too many}, expect: it > 2}
";

#[test]
fn a_rule_that_is_broken_leaves_nothing() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    let run = bench.run("set a.save header.version=9 -o b.save")?;
    leaves_nothing(
        &bench,
        &run,
        "a.save: nothing was written, as the result would be refused: 0x10: header.version: expected at most 3, \
         found 9 (unsupported); the rule is in libvirt_save.yaml:85\n",
    )?;
    bench.file("t.yaml", SPEC)?;
    bench.file("a", b"\x03ab\0\x07")?;
    let run = bench.run("set --spec t.yaml a number=9 -o b.save")?;
    leaves_nothing(
        &bench,
        &run,
        "0x4: number: expected less than 9, found 9: too many (invalid); the rule is in t.yaml:11\n",
    )?;
    let run = bench.run("set --spec t.yaml a number=9 --in-place")?;
    leaves_nothing(&bench, &run, "the rule is in t.yaml:11\n")?;
    assert_eq!(read(&bench, "a")?, b"\x03ab\0\x07");
    let run = bench.run("set --spec t.yaml a text=12345678901234567 -o b.save")?;
    leaves_nothing(&bench, &run, "expected at most 16 bytes, found 18 (limit); the rule is in t.yaml:10\n")
}

#[test]
fn a_finding_that_is_new_is_told() -> Result {
    let bench = Bench::new()?;
    bench.file("t.yaml", SPEC)?;
    bench.file("a", b"\x03ab\0\x07")?;
    let run = bench.run("set --spec t.yaml a number=1 -o b")?;
    run.gives(
        0,
        "b: written (t, 5 bytes)\n  number: 7 -> 1\n  new finding: 0x4: number: expected more than 2, found 1 (note)\n",
    );
    bench.run("set --spec t.yaml b number=2 text=ab -o c")?
        .gives(0, "c: written (t, 5 bytes)\n  number: 1 -> 2\n  text: as it was\n  new finding: 0x4: number: expected more than 2, found 2 (note)\n");
    Ok(())
}

#[test]
fn what_cannot_be_set_says_what_can() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    let mut said = String::new();
    for value in [
        "header.data_len=5",
        "header.cookie_offset=5",
        "header.was_running=runing",
        "header.magic=partal",
        "header.version=-1",
        "header.versoin=1",
        "header=1",
        "header.format=-",
        "area.cookie.x=1",
        "header.unused=00",
        "memory=xyz",
        "header.version=@a.save",
        "..=1",
    ] {
        let run = bench.run(&format!("set a.save {value} -o b.save"))?;
        write!(said, "{value}\n  {}", run.out)?;
        leaves_nothing(&bench, &run, "")?;
    }
    insta::assert_snapshot!(said);
    Ok(())
}

#[test]
fn what_is_there_is_kept() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    bench.file("b.save", b"precious")?;
    let run = bench.run("set a.save header.was_running=1 -o b.save")?;
    run.gives(2, "");
    assert_eq!(run.err, "error: b.save is there already, and is kept: give another name\n");
    for out in ["a.save", "./a.save"] {
        let run = bench.run(&format!("set a.save header.was_running=1 -o {out}"))?;
        run.gives(2, "");
        let why = "is the file itself, and the rest is copied from it: give another name, or --in-place";
        assert_eq!(run.err, format!("error: {out} {why}\n"));
    }
    assert_eq!((read(&bench, "a.save")?, read(&bench, "b.save")?), (sample()?, b"precious".to_vec()));
    let run = bench.run("set a.save header.was_running=1 header.was_running=0 -o c.save")?;
    run.gives(2, "");
    assert_eq!(run.err, "error: `header.was_running` is set twice\n");
    let run = bench.run("set a.save area.xml=@nowhere -o c.save")?;
    run.gives(2, "");
    assert!(run.err.starts_with("error: nowhere: No such file"), "{}", run.err);
    let run = bench.run("set a.save header.was_running=1 -o no/c.save")?;
    run.gives(2, "");
    assert!(run.err.starts_with("error: no/c.save: No such file"), "{}", run.err);
    Ok(())
}

#[test]
#[cfg(unix)]
fn in_place_keeps_permissions_and_links() -> Result {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    let (file, link) = (bench.folder().join("a.save"), bench.folder().join("link"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640))?;
    symlink("a.save", &link)?;
    let run = bench.run("set link header.was_running=running --in-place")?;
    assert!(run.out.starts_with("link: written (libvirt_save, 150120 bytes)\n"), "{}", run.out);
    assert!(fs::symlink_metadata(&link)?.is_symlink());
    assert_eq!(fs::metadata(&file)?.permissions().mode() & 0o777, 0o640);
    assert_eq!(differing(&sample()?, &fs::read(&file)?), [WAS_RUNNING]);
    let run = bench.run("set a.save header.was_running=paused -o b.save")?;
    assert_eq!(run.code, Some(0));
    assert_eq!(fs::metadata(bench.folder().join("b.save"))?.permissions().mode() & 0o777, 0o640);
    Ok(())
}

#[test]
fn a_cookie_goes_and_comes_back() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    assert_eq!(bench.run("extract a.save area.cookie -o cookie")?.code, Some(0));
    let run = bench.run("set a.save area.cookie=- -o b.save")?;
    insta::assert_snapshot!(run.out);
    bench.run("verify --strict b.save")?.gives(0, "b.save: ok (libvirt_save with its stream, unpacked by zstd)\n");
    assert_eq!(bench.run("set b.save area.cookie=@cookie -o c.save")?.code, Some(0));
    assert_eq!(read(&bench, "c.save")?, image);
    Ok(())
}

#[test]
fn payload_comes_from_a_file() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    // Zeros become holes in the result, also the last ones.
    let noise: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    let memory = [noise.clone(), vec![0; 300_000], noise, vec![0; 1 << 20]].concat();
    bench.file("memory", &memory)?;
    let run = bench.run("set a.save memory=@memory -o b.save")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    let head = image.get(..AREA + 66_845).ok_or("short")?;
    assert_eq!(read(&bench, "b.save")?, [head, &memory].concat());
    bench.file("other", image.get(AREA + 66_845..).ok_or("short")?.iter().map(|byte| !byte).collect::<Vec<_>>())?;
    let run = bench.run("set a.save memory=@other -o c.save")?;
    run.gives(0, "c.save: written (libvirt_save, 150120 bytes)\n  memory: 83183 bytes, as given\n");
    Ok(())
}

#[test]
fn a_file_that_is_refused_is_not_edited() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[(28, &[7])])?;
    let run = bench.run("set a.save header.was_running=1 -o b.save")?;
    leaves_nothing(&bench, &run, "found 7 (unsupported)\n")
}

#[test]
fn what_would_be_read_as_something_else_is_refused() -> Result {
    let bench = Bench::new()?;
    let fields = "{fields: [{there: bool}, {a: {type: u8, if: there}}, {rest: blob(rest)}]}";
    bench.file("t.yaml", format!("spec: 1\nformat: {{id: t}}\nroot: r\ntypes: {{r: {fields}}}\n"))?;
    bench.file("a", b"\x01\x05xy")?;
    let run = bench.run("set --spec t.yaml a there=false -o b.save")?;
    leaves_nothing(
        &bench,
        &run,
        "a: nothing was written, as with these values `a` would be read as something else; it is there when `there`, \
         and goes with `a=-`\n",
    )?;
    bench
        .run("set --spec t.yaml a there=false a=- -o b")?
        .gives(0, "b: written (t, 3 bytes)\n  there: true -> false\n  a: 5 -> absent\n  everything from `rest` on moved by -1 byte\n");
    assert_eq!(read(&bench, "b")?, b"\0xy");
    Ok(())
}

#[test]
fn a_config_in_a_stream_of_records() -> Result {
    let bench = Bench::new()?;
    let image = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../generated-tests/samples/xl/good-hvm-v3.xlsave"))?;
    bench.file("a", &image)?;
    let run = bench.run("set a optional.config=short stream.records[0].libxc.domain.xen_minor=22 -o b")?;
    insta::assert_snapshot!(run.out);
    bench.run("verify --strict b")?.gives(0, "b: ok (xen_xl)\n");
    assert_eq!(bench.run("extract a optional.config -o config")?.code, Some(0));
    let run = bench.run("set b optional.config=@config stream.records[0].libxc.domain.xen_minor=0x15 -o c")?;
    assert_eq!(run.code, Some(0), "{}", run.out);
    assert_eq!(read(&bench, "c")?, image);
    Ok(())
}

/// What must be zeros takes a number of them, whatever it is in: no bytes, also not from a file.
#[test]
fn slack_and_gaps_of_zeros_take_no_bytes() -> Result {
    let bench = Bench::new()?;
    let text = "\
spec: 1
format: {id: room, title: Room}
root: r
endian: le
types:
  r:
    slack: zero
    fields:
      - a: {size: 3, slack: zero, type: u8}
      - b: {type: u8, at: 4, gap: zero}
      - room: {type: room}
      - at: u8
      - part: {via: at, type: u16}
  room: {size: n, slack: zero, max: 64, fields: [{n: u8}]}
";
    bench.file("room.yaml", text)?;
    let image = [1, 0, 0, 0, 2, 3, 0, 0, 11, 0, 0, 1, 2, 0];
    bench.file("room", image)?;
    for path in ["a_slack", "b_gap", "room.slack", "slack[0]", "slack[1]"] {
        for value in ["ff", "@room"] {
            let run = bench.run(&format!("set --spec room.yaml room {path}={value} -o b.save"))?;
            leaves_nothing(&bench, &run, if value == "ff" { ", not `ff`\n" } else { "a number of zero bytes\n" })?;
            assert!(run.out.starts_with(&format!("room: `{path}` takes a number of zero bytes")), "{}", run.out);
        }
    }
    bench
        .run("set --spec room.yaml room slack[1]=3 -o c")?
        .gives(0, "c: written (room, 16 bytes)\n  slack[1]: 1 zero -> 3 zeros\n");
    Ok(())
}
