//! Fields with copies: the one that counts is looked at, set and put right, and the others are shown beside it.

use crate::harness;

use std::fs;

use harness::{Bench, Result};

const SPEC: &str = "
spec: 1
format: {id: t}
root: r
endian: le
types:
  r:
    slack: keep
    fields:
      - id: u8
      - head: {type: head, copies: {at: [2, 12], newest: it.sequence}}
      - body: u8
  head:
    fields: [{mark: {magic: HD}}, {sequence: u16}, {sum: {type: u32, value: crc32(this except sum)}}]
";

/// A header; its sum does not matter where `fix` makes it.
const fn head(sequence: u8, sum: [u8; 4]) -> [u8; 8] {
    let [a, b, c, d] = sum;
    [b'H', b'D', sequence, 0, a, b, c, d]
}

const ONE: [u8; 8] = head(1, SUM_OF_ONE);
const TWO: [u8; 8] = head(2, SUM_OF_TWO);
const SUM_OF_ONE: [u8; 4] = [0xfe, 0x84, 0x42, 0xe4];
const SUM_OF_TWO: [u8; 4] = [0x50, 0xf6, 0xd6, 0x62];

fn file(first: [u8; 8], second: [u8; 8]) -> Vec<u8> {
    [&[7, 0][..], &first, &[0, 9], &second, &[5, 6]].concat()
}

fn bench(first: [u8; 8], second: [u8; 8]) -> Result<Bench> {
    let bench = Bench::new()?;
    bench.file("t.yaml", SPEC)?;
    bench.file("a", file(first, second))?;
    Ok(bench)
}

fn written(bench: &Bench) -> Result<Vec<u8>> {
    Ok(fs::read(bench.folder().join("b"))?)
}

#[test]
fn all_copies_are_shown() -> Result {
    for (name, first, second) in [("older", ONE, TWO), ("same", TWO, TWO), ("not_valid", ONE, head(2, SUM_OF_ONE))] {
        let run = bench(first, second)?.run("dump --spec t.yaml a")?;
        insta::assert_snapshot!(name, run.out);
        assert_eq!(run.code, Some(0));
    }
    Ok(())
}

#[test]
fn a_byte_of_each_copy_is_found() -> Result {
    let bench = bench(ONE, TWO)?;
    let said: Vec<String> = ["0x4", "0xb", "0xe"]
        .into_iter()
        .map(|at| Ok(bench.run(&format!("at --spec t.yaml a {at}"))?.out))
        .collect::<Result<_>>()?;
    insta::assert_snapshot!(said.join("\n"));
    Ok(())
}

#[test]
fn a_copy_that_does_not_count_has_a_path() -> Result {
    let bench = bench(ONE, TWO)?;
    bench.run("extract --spec t.yaml a head.copies[0].sequence")?.gives(0, "\u{1}\0");
    bench.run("extract --spec t.yaml a head.sequence")?.gives(0, "\u{2}\0");
    Ok(())
}

#[test]
fn what_would_not_count_any_more_is_not_set() -> Result {
    let bench = bench(ONE, TWO)?;
    let run = bench.run("set --spec t.yaml a head.sequence=0 -o b")?;
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert!(!bench.folder().join("b").exists());
    Ok(())
}

#[test]
fn its_checksum_follows() -> Result {
    let bench = bench(TWO, ONE)?;
    let run = bench.run("set --spec t.yaml a head.sequence=3 -o b")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    let written = written(&bench)?;
    assert_eq!((written.get(4..6), written.get(12..)), (Some(&[3, 0][..]), file(TWO, ONE).get(12..)));
    assert_eq!(bench.run("dump --spec t.yaml b")?.code, Some(0));
    Ok(())
}

#[test]
fn equal_copies_are_set_together() -> Result {
    let bench = bench(TWO, TWO)?;
    let run = bench.run("set --spec t.yaml a head.sequence=1 -o b")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert_eq!(written(&bench)?, file(ONE, ONE));
    Ok(())
}

#[test]
fn the_first_copy_is_put_right_where_none_is_valid() -> Result {
    let bench = bench(head(1, [0; 4]), head(2, [0; 4]))?;
    let run = bench.run("fix --spec t.yaml a -o b")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert_eq!(written(&bench)?, file(ONE, head(2, [0; 4])));
    Ok(())
}
