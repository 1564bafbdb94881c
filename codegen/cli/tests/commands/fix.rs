//! `vmspec fix`: checksums, constants and zeros are put right, and nothing else is touched.

use crate::harness;

use std::fs;

use harness::{Bench, Result, sample};

const SPEC: &str = "
spec: 1
format: {id: t}
root: r
endian: le
types:
  r:
    fields:
      - magic: {magic: CRCF}
      - reserved: zero(2)
      - count: u16
      - body: {count: count, fields: [{name: cstr}, {number: {type: u16, valid: it < 9}}]}
      - check: {type: u32, value: crc32c(body)}
      - whole: {type: u32, value: crc32c(this except whole)}
";

/// A sound file of two elements.
const SOUND: &[u8] = b"CRCF\0\0\x02\0one\0\x01\0two\0\x02\0\xb9\xef\xab\xb8";

fn bench() -> Result<Bench> {
    let bench = Bench::new()?;
    bench.file("t.yaml", SPEC)?;
    Ok(bench)
}

#[test]
fn checksums_are_worked_out_again() -> Result {
    let bench = bench()?;
    bench.file("a", [SOUND, &[0; 4], b"behind"].concat())?;
    let run = bench.run("fix --spec t.yaml a -o b")?;
    insta::assert_snapshot!(run.out);
    assert_eq!(run.code, Some(0));
    let fixed = fs::read(bench.folder().join("b"))?;
    assert!(fixed.starts_with(SOUND) && fixed.ends_with(b"behind") && fixed.len() == SOUND.len().saturating_add(10));
    bench.run("fix --spec t.yaml b -o c")?.gives(0, "b: nothing to fix (t)\n");
    assert!(!bench.folder().join("c").exists());
    Ok(())
}

#[test]
fn constants_and_zeros_are_put_right() -> Result {
    let bench = bench()?;
    let mut bytes = [SOUND, &[0; 4]].concat();
    bytes.splice(3..6, *b"X\x01\x02");
    bytes.splice(20..24, [0; 4]);
    bench.file("a", bytes)?;
    let run = bench.run("fix --spec t.yaml a --in-place")?;
    insta::assert_snapshot!(run.out);
    let fixed = fs::read(bench.folder().join("a"))?;
    assert!(fixed.starts_with(SOUND) && fixed.len() == SOUND.len().saturating_add(4));
    bench.run("fix --spec t.yaml a --in-place")?.gives(0, "a: nothing to fix (t)\n");
    assert_eq!(fs::read(bench.folder().join("a"))?, fixed);
    Ok(())
}

#[test]
fn what_cannot_be_worked_out_is_told_with_its_place() -> Result {
    let bench = bench()?;
    bench.file("a", SOUND.get(..14).ok_or("short")?)?;
    let cut = "a: nothing was written, as this cannot be put right: 0xe: body[1].name: expected text that ends in a NUL (truncated)\n";
    bench.run("fix --spec t.yaml a -o b")?.gives(1, cut);
    let mut bytes = [SOUND, &[0; 4]].concat();
    bytes.splice(12..13, [9]);
    bench.file("a", bytes)?;
    let rule = "a: nothing was written, as this cannot be put right: 0xc: body[0].number: expected less than 9, found 9 (invalid)\n";
    bench.run("fix --spec t.yaml a -o b")?.gives(1, rule);
    assert!(!bench.folder().join("b").exists());
    Ok(())
}

#[test]
fn an_image_without_fault_is_not_written_again() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    bench.run("fix a.save -o b.save")?.gives(0, "a.save: nothing to fix (libvirt_save)\n");
    assert!(!bench.folder().join("b.save").exists());
    Ok(())
}

#[test]
fn setting_names_the_way_out() -> Result {
    let bench = bench()?;
    bench.file("a", [SOUND, &[0; 4]].concat())?;
    let run = bench.run("set --spec t.yaml a body[0].number=3 -o b")?;
    let found = "a: 0x0: whole: expected `crc32c(this except whole)`, found 0 (invalid)";
    run.gives(1, &format!("{found}; `vmspec fix` can put that right\n"));
    assert_eq!(bench.run("fix --spec t.yaml a --in-place")?.code, Some(0));
    let run = bench.run("set --spec t.yaml a body[0].number=3 body[1].name=longer -o b")?;
    insta::assert_snapshot!(run.out);
    bench.run("fix --spec t.yaml b -o c")?.gives(0, "b: nothing to fix (t)\n");
    Ok(())
}
