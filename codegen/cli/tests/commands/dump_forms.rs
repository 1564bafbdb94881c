//! `vmspec dump` of values of every kind, in a spec made for this.

use crate::harness;

use harness::{Bench, Result};

const KINDS: &str = r"
spec: 1
format: {id: kinds}
root: kinds
endian: le
enums:
  color: {repr: u8, values: {0: red, 1: {name: green, doc: Like grass.}}, unknown: keep}
  tag: {repr: bytes(4), values: {RIFF: little}, unknown: keep}
  disk: {repr: guid, values: {00112233-4455-6677-8899-aabbccddeeff: bat}, unknown: keep}
flags:
  options: {repr: u8, bits: {0: wide, 1: extra}, unknown: keep}
types:
  word: {bits: u8, fields: [{low: u3}, {on: bool}, {_: zero(2)}, {color: u2}]}
  kinds:
    fields:
      - color: color
      - other_color: color
      - tag: tag
      - disk: disk
      - options: options
      - more_options: options
      - no_options: options
      - word: word
      - single: f32
      - double: f64
      - nan: f32
      - signed: i16
      - big: u64
      - truth: bool
      - text: cstr
      - no_text: cstr
      - wide: utf16(6)
      - lone: utf16(2)
      - plain: {type: uuid}
      - data: bytes(3)
      - words: {type: u16, count: 3}
      - colors: {type: color, count: 2}
      - _: zero(2)
      - absent: {type: u8, if: truth and color == red}
      - spare: {type: zero(2), mismatch: keep}
      - _: align(4)
      - choice: {switch: color, cases: {red: [], green: [{a: u8}]}, default: {other: u8}}
      - empty: {switch: other_color, cases: {red: u8, green: u8}, default: {none_of_these: []}}
      - rest: {type: blob(rest)}
";

fn kinds() -> Vec<u8> {
    let guid: Vec<u8> = (0..16).collect();
    let parts: [&[u8]; 27] = [
        &[1, 7],
        b"RIFX",
        &[0x33, 0x22, 0x11, 0, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff],
        &[3, 0x41, 0],
        &[0x8d],
        &0.1_f32.to_le_bytes(),
        &1e300_f64.to_le_bytes(),
        &0x7fc0_0001_u32.to_le_bytes(),
        &(-2_i16).to_le_bytes(),
        &u64::MAX.to_le_bytes(),
        &[1],
        b"a \"quoted\"\n\x1b[1m \xc3\xa9\0",
        b"\xff\0",
        &[0x61, 0, 0x3d, 0xd8, 0, 0xde],
        &[0, 0xd8],
        &guid,
        &[0xde, 0xad, 0],
        &[1, 0, 2, 0, 0xff, 0xff],
        &[0, 9],
        &[0, 0],
        &[0, 5],
        &[0, 0, 0],
        &[42],
        b"payload",
        &[],
        &[],
        &[],
    ];
    parts.concat()
}

fn bench() -> Result<Bench> {
    let bench = Bench::new()?;
    bench.file("kinds.yaml", KINDS)?;
    bench.file("file", kinds())?;
    Ok(bench)
}

macro_rules! kinds {
    ($($name:ident: $words:literal;)*) => { $(
        #[test]
        fn $name() -> Result {
            let run = bench()?.run(&format!("{} --spec kinds.yaml file", $words))?;
            insta::with_settings!({ omit_expression => true }, {
                insta::assert_snapshot!(stringify!($name), format!("{}{}", run.out, run.err));
            });
            assert_eq!(run.code, Some(0));
            Ok(())
        }
    )* };
}

kinds! {
    as_text: "dump";
    as_text_with_all: "dump --all";
    as_json: "dump --json";
    as_json_in_part: "dump --json --places --depth 1";
    as_bytes: "dump --hex";
    colored: "dump --color always --path word";
    colored_bytes: "dump --hex --color always --path colors";
}

/// Integers of 64 bits and floats come out of a parser as they are in the file.
#[test]
fn numbers_in_json_are_exact() -> Result {
    let run = bench()?.run("dump --json --spec kinds.yaml file")?;
    let value: serde_json::Value = serde_json::from_str(&run.out)?;
    let at = |path: &str| value.pointer(path).cloned().unwrap_or_default();
    assert_eq!(at("/value/big").as_u64(), Some(u64::MAX));
    assert_eq!(at("/value/signed").as_i64(), Some(-2));
    assert_eq!(at("/value/single").as_f64(), Some(f64::from(0.1_f32)));
    assert_eq!(at("/value/double").as_f64(), Some(1e300));
    assert_eq!(at("/value/text").as_str(), Some("a \"quoted\"\n\u{1b}[1m \u{e9}"));
    Ok(())
}

const LIST: &str = "
spec: 1
format: {id: list}
root: list
types:
  list:
    fields:
      - records: {type: record, count: rest}
  record: {fields: [{a: {type: u8, expect: it != 255, valid: it != 254}}, {b: u8}]}
";

/// A list of so many records; some with something wrong in them.
fn long(count: u8, wrong: &[(u8, u8)]) -> Vec<u8> {
    let a = |i: u8| wrong.iter().find(|(at, _)| *at == i).map_or(0, |(_, with)| *with);
    (0..count).flat_map(|i| [a(i), i]).collect()
}

#[test]
fn of_a_long_list_the_ends_are_shown_and_what_is_wrong() -> Result {
    let bench = Bench::new()?;
    bench.file("list.yaml", LIST)?;
    bench.file("file", long(100, &[(40, 255), (99, 254)]))?;
    let run = bench.run("dump --spec list.yaml file")?;
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("long_list", run.out) });
    assert_eq!(run.code, Some(1));
    Ok(())
}

#[test]
fn with_all_nothing_is_left_out() -> Result {
    let bench = Bench::new()?;
    bench.file("list.yaml", LIST)?;
    bench.file("file", long(100, &[]))?;
    let run = bench.run("dump --all --spec list.yaml file")?;
    assert_eq!(run.out.lines().count(), 2 + 3 * 100);
    assert!(!run.out.contains("more"), "{}", run.out);
    Ok(())
}

#[test]
fn tens_of_thousands_of_records_are_no_trouble() -> Result {
    let bench = Bench::new()?;
    bench.file("list.yaml", LIST)?;
    bench.file("file", vec![1; 40_000])?;
    let run = bench.run("dump --all --spec list.yaml file")?;
    assert_eq!((run.code, run.out.lines().count()), (Some(0), 60_002));
    let run = bench.run("dump --json --spec list.yaml file")?;
    let value: serde_json::Value = serde_json::from_str(&run.out)?;
    assert_eq!(value.pointer("/value/records").and_then(|list| list.as_array()).map(Vec::len), Some(20_000));
    Ok(())
}
