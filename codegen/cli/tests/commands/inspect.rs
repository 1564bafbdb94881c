//! What every command that looks into a file takes: a format or a spec, a type to start from, an offset. Shown with `extract`.

use crate::harness;

use harness::{Bench, Result};

const SPEC: &str = "
spec: 1
format: {id: rooted}
root: file
types:
  file:
    endian: le
    fields:
      - kind: {type: u8}
      - head: {type: head}
      - body: {fields: [{sized: bytes(kind)}]}
      - tail: {type: tail, with: {length: kind}}
  head: {fields: [{word: u16}]}
  tail: {params: {length: u8}, endian: le, fields: [{bytes: bytes(length)}]}
";

fn rooted() -> Result<Bench> {
    let bench = Bench::new()?;
    bench.file("rooted.yaml", SPEC)?;
    bench.file("file", b"\x01\x02\x03\x04\x05")?;
    Ok(bench)
}

/// The exit code, standard output and standard error of `vmspec extract`.
fn says(bench: &Bench, words: &str) -> Result<(Option<i32>, String, String)> {
    let run = bench.run(&format!("extract {words}"))?;
    Ok((run.code, run.out, run.err))
}

#[test]
fn a_type_to_start_from() -> Result {
    let bench = rooted()?;
    bench.file("head", b"ab")?;
    assert_eq!(says(&bench, "--spec rooted.yaml --root head head word")?, (Some(0), "ab".into(), String::new()));
    let run = bench.run("extract --spec rooted.yaml --root head --offset 4 file word")?;
    assert!(run.err.starts_with("error: file: 0x4: "), "{}", run.err);
    assert!(run.err.ends_with(" (truncated)\n"), "{}", run.err);
    assert_eq!(run.code, Some(1));
    Ok(())
}

#[test]
fn a_type_that_cannot_be_read_by_itself() -> Result {
    let bench = rooted()?;
    let errors = [
        ("tail", "`tail` cannot be read by itself: it takes the params `length`"),
        ("file.body", "`file.body` cannot be read by itself: it depends on what is around it, `kind`"),
        ("haed", "there is no type `haed` in rooted.yaml; did you mean `head`?"),
        ("unheard_of", "there is no type `unheard_of` in rooted.yaml"),
    ];
    for (root, error) in errors {
        let expected = (Some(2), String::new(), format!("error: {error}\n"));
        assert_eq!(says(&bench, &format!("--spec rooted.yaml --root {root} file x"))?, expected);
    }
    Ok(())
}

#[test]
fn types_of_formats_built_in() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[])?;
    let run = bench.run("extract --format libvirt_save --root header a.save magic")?;
    run.gives(0, "LibvirtQemudSave");
    let run = bench.run("extract --format xen_xl --root chunk a.save x")?;
    assert!(run.err.starts_with("error: there is no type `chunk` in xen_xl.yaml"), "{}", run.err);
    assert_eq!(run.code, Some(2));
    Ok(())
}

#[test]
fn options_that_do_not_go_together() -> Result {
    let bench = rooted()?;
    for (words, error) in [
        ("--format libvirt_save --spec rooted.yaml file x", "'--format <ID>' cannot be used with '--spec <SPEC>'"),
        ("--root head file x", "<--format <ID>|--spec <SPEC>>"),
        ("--endian be file x", "<--format <ID>|--spec <SPEC>>"),
    ] {
        let (code, out, err) = says(&bench, words)?;
        assert!(err.contains(error), "{err}");
        assert_eq!((code, out.as_str()), (Some(2), ""));
    }
    Ok(())
}

#[test]
fn a_byte_order_from_outside() -> Result {
    let bench = rooted()?;
    bench.file(
        "order.yaml",
        "spec: 1\nformat: {id: order}\nroot: r\ntypes: {r: {fields: [{x: {type: u16, valid: it == 258}}]}}\n",
    )?;
    bench.file("be", b"\x01\x02")?;
    assert_eq!(says(&bench, "--spec order.yaml --endian be be x")?, (Some(0), "\x01\x02".into(), String::new()));
    let (code, _, err) = says(&bench, "--spec order.yaml be x")?;
    assert_eq!((code, err.as_str()), (Some(1), "error: be: 0x0: x: expected 258, found 513 (0x201) (invalid)\n"));
    Ok(())
}

#[test]
fn a_wrong_spec_says_what_check_says() -> Result {
    let bench = rooted()?;
    bench.file("bad.yaml", SPEC.replace("u16", "u17"))?;
    let check = bench.run("check bad.yaml")?;
    assert!(check.out.contains("u17"), "{}", check.out);
    assert_eq!(says(&bench, "--spec bad.yaml file kind")?, (Some(1), String::new(), check.out));
    Ok(())
}

#[test]
fn files_that_are_not_there() -> Result {
    let bench = rooted()?;
    for (words, name) in [("--spec none.yaml file x", "none.yaml"), ("none x", "none"), ("--spec . file x", ".")] {
        let (code, out, err) = says(&bench, words)?;
        assert!(err.starts_with(&format!("error: {name}: ")), "{err}");
        assert_eq!((code, out.as_str()), (Some(2), ""));
    }
    Ok(())
}

#[test]
fn nothing_to_read() -> Result {
    let bench = rooted()?;
    bench.file("empty", "")?;
    for (words, error) in [
        ("empty x", "empty: 0x0: the file is empty (truncated)"),
        ("--offset 5 --spec rooted.yaml file x", "file: 0x5: the file ends before, at 0x5 (truncated)"),
        ("file x", "file: 0x0: no known format begins with \"\\x01\\x02\\x03\\x04\\x05\" (not_this_format)"),
    ] {
        assert_eq!(says(&bench, words)?, (Some(1), String::new(), format!("error: {error}\n")));
    }
    Ok(())
}

/// Without the option it is the image that is looked into.
#[test]
fn the_stream_of_a_save_image_is_looked_into() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[])?;
    let run = bench.run("dump --stream --depth 1 a.save")?;
    assert!(run.out.contains("magic  ") && run.out.contains("\"QEVM\""), "{}{}", run.out, run.err);
    let run = bench.run("extract --stream a.save body.configuration.state.machine")?;
    run.gives(0, "pc-i440fx-10.0");
    let run = bench.run("at --stream a.save 0")?;
    assert!(run.out.contains("magic"), "{}", run.out);
    let run = bench.run("dump --depth 1 a.save")?;
    assert!(run.out.contains("header"), "{}", run.out);
    Ok(())
}

const TWO: &str = "
spec: 1
format: {id: two}
root: main
roots: [side]
endian: be
types:
  main: {fields: [{magic: {magic: MAIN}}, {a: u8}]}
  side: {fields: [{magic: {magic: SIDE}}, {b: u16}]}
";

/// What a file begins with says which of several roots it is.
#[test]
fn a_root_is_told_by_its_magic() -> Result {
    let bench = Bench::new()?;
    bench.file("two.yaml", TWO)?;
    for (name, bytes, path, value) in
        [("main", b"MAIN\x07".as_slice(), "a", "07"), ("side", b"SIDE\x01\x02".as_slice(), "b", "0102")]
    {
        bench.file(name, [b"..", bytes].concat())?;
        let run = bench.run(&format!("dump --spec two.yaml --offset 2 --json {name}"))?;
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        bench.file("wanted", bytes)?;
        let output = bench.command().args(["extract", "--spec", "two.yaml", "wanted", path]).output()?;
        assert_eq!(output.stdout.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().concat(), value);
    }
    bench.file("other", "OTHER")?;
    let run = bench.run("dump --spec two.yaml other")?;
    assert!(run.out.contains("expected \"MAIN\""), "{}", run.out);
    let run = bench.run("dump --spec two.yaml --root main wanted")?;
    assert!(run.out.contains("expected \"MAIN\""), "{}", run.out);
    Ok(())
}
