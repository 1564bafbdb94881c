//! `vmspec verify` on variants of a real image: each verdict, each exit code.

mod harness;
mod samples;

use harness::{Bench, Result, sample};

/// Where the header's fields are.
const VERSION: usize = 16;
const COMPRESSION: usize = 28;

#[test]
fn a_sound_image() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    let run = bench.run("verify a.save")?;
    run.gives(0, "a.save: ok (libvirt_save)\n");
    assert_eq!(run.err, "");
    let run = bench.run("verify --strict --format libvirt_save a.save")?;
    run.gives(0, "a.save: ok (libvirt_save)\n");
    Ok(())
}

#[test]
fn a_partial_image_reads_and_is_not_ok() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[(0, b"LibvirtQemudPart")])?;
    let run = bench.run("verify a.save")?;
    assert!(run.out.starts_with("a.save: not ok (libvirt_save)\n  0x0: header.magic: "));
    assert!(run.out.ends_with(" (incomplete)\n"), "{}", run.out);
    assert_eq!(run.code, Some(1));
    Ok(())
}

/// Before version 2 there was no compression, so it goes too.
#[test]
fn a_note_harms_only_under_strict() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[(VERSION, &[0]), (COMPRESSION, &[0])])?;
    let run = bench.run("verify a.save")?;
    assert!(run.out.starts_with("a.save: ok (libvirt_save)\n  0x10: header.version: "));
    assert!(run.out.contains(" (note)\n"), "{}", run.out);
    assert_eq!(run.code, Some(0));
    let strict = bench.run("verify --strict a.save")?;
    assert!(strict.out.starts_with("a.save: not ok (libvirt_save)\n"));
    assert_eq!(strict.code, Some(1));
    Ok(())
}

#[test]
fn an_unknown_compression_is_refused_with_its_place() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[(COMPRESSION, &[7])])?;
    let run = bench.run("verify a.save")?;
    assert!(run.out.starts_with("a.save: 0x1c: header.format: expected "));
    assert!(run.out.ends_with("found 7 (unsupported)\n"), "{}", run.out);
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    Ok(())
}

#[test]
fn an_unknown_magic_is_shown() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[(0, b"\0ELF")])?;
    bench
        .run("verify a.save")?
        .gives(1, "a.save: 0x0: no known format begins with \"\\x00ELFirtQemudSave\" (not_this_format)\n");
    let run = bench.run("verify --format libvirt_save a.save")?;
    assert!(run.out.starts_with("a.save: 0x0: header.magic: expected "));
    assert!(run.out.ends_with(" (not_this_format)\n"), "{}", run.out);
    assert_eq!(run.code, Some(1));
    Ok(())
}

#[test]
fn what_ends_early_is_truncated() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    for length in [1, 15, 16, 91, 92, 1000] {
        bench.file("a.save", image.get(..length).ok_or("short sample")?)?;
        let run = bench.run("verify a.save")?;
        assert!(run.out.ends_with(" (truncated)\n"), "{length}: {}", run.out);
        assert_eq!(run.code, Some(1));
    }
    Ok(())
}

#[test]
fn an_empty_file_is_truncated() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", b"")?;
    for words in ["verify a.save", "verify --format libvirt_save a.save"] {
        bench.run(words)?.gives(1, "a.save: 0x0: the file is empty (truncated)\n");
    }
    Ok(())
}

#[test]
fn an_image_behind_something_else() -> Result {
    let bench = Bench::new()?;
    let junk = vec![0xee; 0x1000];
    bench.file("a.bin", [junk, sample()?].concat())?;
    for offset in ["4096", "0x1000", "4K"] {
        let run = bench.run(&format!("verify --offset {offset} a.bin"))?;
        run.gives(0, "a.bin: ok (libvirt_save)\n");
    }
    let run = bench.run("verify --offset 1G a.bin")?;
    assert!(run.out.starts_with("a.bin: 0x40000000: the file ends before, at 0x"));
    assert_eq!(run.code, Some(1));
    Ok(())
}

#[test]
fn offsets_in_errors_are_those_of_the_file() -> Result {
    let bench = Bench::new()?;
    let mut image = sample()?;
    image.splice(COMPRESSION..=COMPRESSION, [7]);
    bench.file("a.bin", [vec![0; 512], image].concat())?;
    let run = bench.run("verify --offset 512 a.bin")?;
    assert!(run.out.starts_with("a.bin: 0x21c: header.format: "), "{}", run.out);
    Ok(())
}

#[test]
fn a_missing_file_is_an_error_of_its_own() -> Result {
    let bench = Bench::new()?;
    let run = bench.run("verify nowhere.save")?;
    run.gives(2, "");
    assert!(run.err.starts_with("error: nowhere.save: No such file"), "{}", run.err);
    let run = bench.run("verify .")?;
    run.gives(2, "");
    assert_eq!(run.err, "error: .: is a directory\n");
    Ok(())
}

#[test]
fn every_file_is_looked_at_and_the_worst_decides() -> Result {
    let bench = Bench::new()?;
    bench.file("good.save", sample()?)?;
    bench.file("empty.save", b"")?;
    let verdicts = "empty.save: 0x0: the file is empty (truncated)\ngood.save: ok (libvirt_save)\n";
    let run = bench.run("verify empty.save good.save")?;
    run.gives(1, verdicts);
    let run = bench.run("verify nowhere.save empty.save good.save")?;
    run.gives(2, verdicts);
    Ok(())
}

#[test]
fn colours_only_where_wanted() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    assert!(!bench.run("verify a.save")?.out.contains('\x1b'));
    assert!(!bench.run("--color never verify a.save")?.out.contains('\x1b'));
    assert!(bench.run("verify a.save --color always")?.out.contains('\x1b'));
    Ok(())
}

/// As under `head`: whoever reads has seen enough.
#[test]
fn a_closed_pipe_is_no_failure() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let output = bench.command().args(["verify", "a.save"]).stdout(writer).output()?;
    assert_eq!(String::from_utf8(output.stderr)?, "");
    assert_eq!(output.status.code(), Some(0));
    Ok(())
}

/// What is read by a guess, or otherwise than a stream describes it, is said and harms only under `--strict`.
#[test]
fn devices_of_a_stream_have_findings() -> Result {
    let sample = |name: &str| samples::unpacked(&samples::bundled().join(format!("qevm/{name}.qevm")));
    let (Some(described), Some(guessed)) = (sample("q7-pc-xis")?, sample("q7-m68k-virt")?) else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("described", described)?;
    let end =
        guessed.windows(7).rposition(|it| it.starts_with(&[0, 6]) && it.ends_with(b"{")).ok_or("no description")?;
    bench.file("guessed", guessed.get(..=end).unwrap_or_default())?;
    let name = "0x623d: hpet (section 17).num_timers: expected the field that the description has here, \
                found \"num_timers_save\": the spec has another one (note)";
    bench.run("verify described")?.gives(0, &format!("described: ok (qevm)\n  {name}\n"));
    assert_eq!(bench.run("verify --strict described")?.code, Some(1));
    let run = bench.run("verify guessed")?;
    assert_eq!(run.code, Some(0));
    let findings: Vec<_> = run.out.lines().collect();
    assert_eq!((findings.len(), findings.first()), (13, Some(&"guessed: ok (qevm)")), "{}", run.out);
    let guess = "0x4a27: m68k-irqc (section 5): expected a length that something tells, found 1: no spec and no description does";
    assert!(findings.iter().any(|it| it.contains(guess)), "{}", run.out);
    let states = bench.run("qevm-state guessed")?;
    let said = states.err.lines().map(|line| line.replacen("guessed: ", "  ", 1));
    assert_eq!(said.collect::<Vec<_>>(), findings.get(1..).unwrap_or_default());
    Ok(())
}
