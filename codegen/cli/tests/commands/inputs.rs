//! `--input`: facts that the bytes of a file do not hold.

use crate::harness;

use harness::{Bench, Result};

const SPEC: &str = "
spec: 1
format: {id: paged}
root: file
endian: be
inputs:
  page_bits: {type: u8, init: 1, doc: A page has 2 to the power of this bytes.}
  kind: {type: kind, init: plain}
enums: {kind: {repr: u8, values: {0: plain, 1: rich}, unknown: error}}
types:
  file: {fields: [{page: {type: bytes(1 << input.page_bits), max: 1K}}, {more: {type: u8, if: input.kind == rich}}]}
";

fn paged() -> Result<Bench> {
    let bench = Bench::new()?;
    bench.file("paged.yaml", SPEC)?;
    bench.file("file", b"abcdefgh")?;
    Ok(bench)
}

#[test]
fn a_file_is_looked_into_with_other_inputs() -> Result {
    let bench = paged()?;
    bench.run("extract --spec paged.yaml file page")?.gives(0, "ab");
    bench.run("extract --spec paged.yaml --input page_bits=2 file page")?.gives(0, "abcd");
    bench.run("extract --spec paged.yaml --input page_bits=0x1 --input kind=rich file more")?.gives(0, "c");
    let run = bench.run("set --spec paged.yaml --input page_bits=2 file page=0x78787878 -o out")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    bench.run("extract --spec paged.yaml --input page_bits=3 out page")?.gives(0, "xxxxefgh");
    Ok(())
}

#[test]
fn what_is_no_input_is_refused_with_a_hint() -> Result {
    let bench = paged()?;
    let errors = [
        ("page_bit=2", "paged has no input `page_bit`; did you mean `page_bits`?"),
        ("unheard_of=2", "paged has no input `unheard_of`; there are page_bits, kind"),
        ("page_bits", "an input is NAME=VALUE, and `page_bits` has no `=`"),
        ("page_bits=256", "the input `page_bits` takes a number from 0 to 255, and 256 is more"),
        ("kind=odd", "the input `kind` takes plain or rich, not `odd`"),
    ];
    for (given, error) in errors {
        let run = bench.run(&format!("dump --spec paged.yaml --input {given} file"))?;
        assert_eq!((run.code, run.err.as_str()), (Some(2), format!("error: {error}\n").as_str()));
    }
    Ok(())
}

#[test]
fn formats_built_in_say_when_they_have_none() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[])?;
    for command in ["verify --no-stream", "roundtrip", "dump"] {
        let run = bench.run(&format!("{command} --input page_bits=2 a.save"))?;
        assert_eq!(run.code, Some(2), "{command}: {}{}", run.out, run.err);
        assert_eq!(run.err, "error: libvirt_save has no input `page_bits`: it has none\n", "{command}");
    }
    Ok(())
}

const CONTAINED: &str = "
spec: 1
format: {id: contained}
root: stream
endian: be
inputs: {origin: {type: u64, init: 0}}
types:
  stream: {fields: [{name_len: u8}, {name: utf8(name_len)}, {place: u8}, {text: {type: cstr, at: place, from: file, gap: zero}}, {rest: blob(rest)}]}
";

#[test]
fn where_a_value_begins_in_its_file_is_known_from_its_offset() -> Result {
    let bench = Bench::new()?;
    bench.file("contained.yaml", CONTAINED)?;
    bench.file("file", b"......\x01a\x0b\0\0hi\0.")?;
    let spec = "--spec contained.yaml --offset 6";
    bench.run(&format!("extract {spec} file text"))?.gives(0, "hi");
    let run = bench.run(&format!("at {spec} file 0xc"))?;
    assert!(run.code == Some(0) && run.out.contains("text"), "{}{}", run.out, run.err);
    let elsewhere = bench.run(&format!("extract {spec} --input origin=0 file text"))?;
    assert_eq!(elsewhere.err, "error: file: 0x9: text: expected 8 bytes, found 6 (truncated)\n");
    let run = bench.run(&format!("set {spec} file name=ab -o out"))?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    bench.run(&format!("extract {spec} out text"))?.gives(0, "hi");
    let run = bench.run(&format!("set {spec} file name=abcd -o out2"))?;
    assert_eq!((run.code, bench.folder().join("out2").exists()), (Some(1), false), "{}{}", run.out, run.err);
    Ok(())
}
