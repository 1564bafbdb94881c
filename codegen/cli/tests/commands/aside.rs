//! Files in which things lie aside, and with lists that are read one by one: shown, found, copied out, set and fixed.

use crate::harness;

use std::fs;

use harness::{Bench, Result};

const SPEC: &str = "spec: 1
format: {id: disk, title: A disk}
root: disk
endian: le
types:
  disk:
    slack: keep
    fields:
      - magic: {magic: DISK}
      - region_at: u8
      - region_size: u8
      - table_at: u8
      - count: u8
      - region: {type: region, via: region_at, from: file, size: region_size}
      - table: {type: entry, via: table_at, from: file, count: count, with: {odd: index % 2 == 1}, lazy: true}
  region:
    slack: keep
    fields:
      - n: u8
      - items: {type: item, with: {around: this}, count: n}
  item:
    params: {around: place}
    fields:
      - offset: u8
      - length: u8
      - text: {type: utf8(length), via: offset, from: around}
      - sum: {type: u8, value: length + 1}
  entry:
    params: {odd: bool}
    bits: u16
    require: not odd or state < 2
    fields: [{state: u4}, {place: u12}]
";

const COUNT: u8 = 40;
const TABLE: usize = 0x20;

/// The region from 0x10 to 0x1e, the table from 0x20 on; the rest is slack.
fn disk() -> Vec<u8> {
    let head = [b"DISK".as_slice(), &[0x10, 0x0e, 0x20, COUNT], b"........"].concat();
    let region = b"\x02\x0b\x03\x04\x07\x02\x03EFabtxt..";
    let table = (0..u16::from(COUNT)).flat_map(|i| (i << 4 | 1).to_le_bytes());
    [head.as_slice(), region, &table.collect::<Vec<_>>(), b"end"].concat()
}

fn bench() -> Result<Bench> {
    let bench = Bench::new()?;
    bench.file("disk.yaml", SPEC)?;
    bench.file("a", disk())?;
    Ok(bench)
}

fn with(bytes: &mut [u8], at: usize, to: &[u8]) {
    for (byte, to) in bytes.iter_mut().skip(at).zip(to) {
        *byte = *to;
    }
}

#[test]
fn a_dump_has_the_first_elements_and_how_many_more() -> Result {
    let run = bench()?.run("dump --spec disk.yaml a")?;
    assert_eq!(run.code, Some(0));
    for line in
        ["    slack  1 range", "  table        40 elements", "... 23 more, to [38]", "    [39]  state 1, place 39"]
    {
        assert!(run.out.contains(line), "{line}: {}", run.out);
    }
    assert!(run.out.contains("via offset"), "{}", run.out);
    let all = bench()?.run("dump --all --spec disk.yaml a")?;
    assert!(all.out.contains("    [20]\n") || all.out.contains("    [20]  "), "{}", all.out);
    Ok(())
}

#[test]
fn json_has_the_place_of_a_lazy_list_beside_its_elements() -> Result {
    let run = bench()?.run("dump --json --spec disk.yaml a")?;
    let json: serde_json::Value = serde_json::from_str(&run.out)?;
    let table = json.pointer("/value/table").ok_or("no table")?;
    let of = |key: &str| table.get(key).and_then(serde_json::Value::as_u64);
    assert_eq!((of("offset"), of("length"), of("count")), (Some(0x20), Some(80), Some(40)));
    assert_eq!(table.pointer("/elements/39/place").and_then(serde_json::Value::as_u64), Some(39));
    assert_eq!(json.pointer("/value/slack/1/offset").and_then(serde_json::Value::as_u64), Some(0x1e));
    Ok(())
}

#[test]
fn bytes_are_found_wherever_they_lie() -> Result {
    let bench = bench()?;
    for (at, path) in [
        (0x8, "slack[0]"),
        (0x11, "region.items[0].offset"),
        (0x17, "region.items[1].text"),
        (0x19, "region.slack[0]"),
        (0x1d, "region.items[0].text"),
        (0x1f, "slack[1]"),
        (0x20, "table[0]"),
        (0x51, "table[24]"),
        (0x71, "slack[2]"),
    ] {
        let run = bench.run(&format!("at --spec disk.yaml a {at}"))?;
        let first = run.out.lines().next().unwrap_or_default();
        assert!(first.ends_with(&format!(" of {path}")), "{at:#x}: {}", run.out);
    }
    Ok(())
}

#[test]
fn one_element_is_shown_and_copied_out() -> Result {
    let bench = bench()?;
    let run = bench.run("dump --spec disk.yaml --path table[30] a")?;
    assert!(run.out.contains("state 1, place 30 (0x1e)"), "{}", run.out);
    let run = bench.run("extract --spec disk.yaml a table[30] -o b")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert_eq!(fs::read(bench.folder().join("b"))?, [0xe1, 0x01]);
    bench.run("extract --spec disk.yaml a region.items[0].text")?.gives(0, "txt");
    bench.run("extract --spec disk.yaml a slack[2]")?.gives(0, "end");
    let run = bench.run("extract --spec disk.yaml a table[40]")?;
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("[0] to [39]"), "{}", run.err);
    Ok(())
}

#[test]
fn what_lies_aside_and_single_elements_are_set() -> Result {
    let bench = bench()?;
    let run = bench
        .run("set --spec disk.yaml a region.items[0].text=xyz table[30].place=7 slack[0]=0011223344556677 -o b")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    let mut expected = disk();
    with(&mut expected, 0x1b, b"xyz");
    with(&mut expected, TABLE.saturating_add(60), &[0x71, 0]);
    with(&mut expected, 8, &[0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77]);
    assert_eq!(fs::read(bench.folder().join("b"))?, expected);
    Ok(())
}

#[test]
fn what_has_no_room_or_breaks_a_rule_is_not_written() -> Result {
    let bench = bench()?;
    for (value, said) in [
        ("region.items[0].text=longer", "aside"),
        ("region.items[0].offset=8", "aside"),
        ("region_at=17", "aside"),
        ("table[31].state=2", "table[31]"),
        ("region.items[0].length=2", "size of"),
    ] {
        let run = bench.run(&format!("set --spec disk.yaml a {value} -o b"))?;
        assert_eq!(run.code, Some(1), "{value}: {}{}", run.out, run.err);
        assert!(run.out.contains(said) || run.err.contains(said), "{value}: {}{}", run.out, run.err);
    }
    assert!(!bench.folder().join("b").exists());
    Ok(())
}

#[test]
fn an_element_that_is_refused_is_told_when_it_is_looked_at() -> Result {
    let bench = bench()?;
    let mut bytes = disk();
    with(&mut bytes, TABLE.saturating_add(62), &[0xf2]);
    bench.file("bad", &bytes)?;
    assert_eq!(bench.run("dump --spec disk.yaml bad")?.code, Some(0), "it is not shown");
    let run = bench.run("dump --spec disk.yaml --path table[31] bad")?;
    assert_eq!(run.code, Some(1), "{}", run.out);
    let run = bench.run("set --spec disk.yaml bad table[1].place=0 -o b")?;
    assert!(run.code == Some(1) && run.out.contains("table[31]"), "{}{}", run.out, run.err);
    Ok(())
}

#[test]
fn what_is_pinned_is_fixed_and_the_rest_stays() -> Result {
    let bench = bench()?;
    let mut bytes = disk();
    with(&mut bytes, 0x16, &[0x77]);
    bench.file("bad", &bytes)?;
    let run = bench.run("fix --spec disk.yaml bad -o b")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert_eq!(fs::read(bench.folder().join("b"))?, disk());
    Ok(())
}
