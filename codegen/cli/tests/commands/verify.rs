//! `vmspec verify` on variants of a real image: each verdict, each exit code.

use crate::harness;
use crate::samples;

use harness::{Bench, Result, sample};
use vmspec::libvirt_save::Compression;

/// Where the header's fields are.
const VERSION: usize = 16;
const COMPRESSION: usize = 28;

#[test]
fn a_sound_image() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", sample()?)?;
    let run = bench.run("verify a.save")?;
    run.gives(0, OK);
    assert_eq!(run.err, "");
    bench.run("verify --strict --format libvirt_save a.save")?.gives(0, OK);
    bench.run("verify --no-stream a.save")?.gives(0, "a.save: ok (libvirt_save)\n");
    Ok(())
}

/// What is said of the sample.
const OK: &str = "a.save: ok (libvirt_save with its stream, unpacked by zstd)\n";

#[test]
fn a_partial_image_reads_and_is_not_ok() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[(0, b"LibvirtQemudPart")])?;
    let run = bench.run("verify a.save")?;
    assert!(
        run.out.starts_with("a.save: not ok (libvirt_save with its stream, unpacked by zstd)\n  0x0: header.magic: ")
    );
    assert!(run.out.ends_with(" (incomplete)\n"), "{}", run.out);
    assert_eq!(run.code, Some(1));
    Ok(())
}

/// Before version 2 there was no compression, so it goes too, and there is no stream that can be read.
#[test]
fn a_note_harms_only_under_strict() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[(VERSION, &[0]), (COMPRESSION, &[0])])?;
    let run = bench.run("verify --no-stream a.save")?;
    assert!(run.out.starts_with("a.save: ok (libvirt_save)\n  0x10: header.version: "));
    assert!(run.out.contains(" (note)\n"), "{}", run.out);
    assert_eq!(run.code, Some(0));
    let strict = bench.run("verify --strict --no-stream a.save")?;
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
        run.gives(0, &OK.replace("a.save", "a.bin"));
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
    let verdicts = "empty.save: 0x0: the file is empty (truncated)\n\
                    good.save: ok (libvirt_save with its stream, unpacked by zstd)\n";
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

/// A stream of nothing but its end, and the same as each program packs it.
const STREAM: &[u8] = b"QEVM\0\0\0\x03\0";
const GZIP: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\x0b\x74\x0d\xf3\x65\x60\x60\x60\x66\0\0\xee\x1b\xb3\x3a\x09\0\0\0";
const BZIP2: &[u8] = b"BZh91AY&SY\xa8\x10\x24\x72\0\0\x03\xc6\0\x48\0\x02\x02\x21\0\x20\0\x21\x80\x0c\x02\x20\xd5\
    \xcf\x71\x77\x24\x53\x85\x09\x0a\x81\x02\x47\x20";
const XZ: &[u8] =
    b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46\x02\0\x21\x01\x16\0\0\0\x74\x2f\xe5\xa3\x01\0\x08QEVM\0\0\0\x03\0\0\0\0\0\
    \x6c\x81\x09\x54\x85\x02\x95\x89\0\x01\x21\x09\x6c\x18\xc5\xd5\x1f\xb6\xf3\x7d\x01\0\0\0\0\x04YZ";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x04\x58\x49\0\0QEVM\0\0\0\x03\0\x65\x45\x48\xf5";
/// What the format lets anybody put between frames of zstd.
const SKIPPED: &[u8] = b"\x50\x2a\x4d\x18\x02\0\0\0ab";

#[test]
fn the_stream_is_verified_however_it_is_packed() -> Result {
    let bench = Bench::new()?;
    let apart = [SKIPPED, ZSTD].concat();
    let forms = [
        (Compression::Raw, STREAM, ""),
        (Compression::Gzip, GZIP, ", unpacked by gzip"),
        (Compression::Bzip2, BZIP2, ", unpacked by bzip2"),
        (Compression::Xz, XZ, ", unpacked by xz"),
        (Compression::Zstd, &apart, ", unpacked by zstd"),
    ];
    for (format, memory, how) in forms {
        let image = samples::image(format, memory)?;
        bench.file("a.save", &image)?;
        bench.run("verify a.save")?.gives(0, &format!("a.save: ok (libvirt_save with its stream{how})\n"));
        let length = memory.len();
        for cut in 1..length {
            let short = samples::image(format, memory.get(..cut).unwrap_or_default())?;
            bench.file("short.save", short)?;
            if cut % 7 != 0 && cut != length - 1 {
                continue;
            }
            let run = bench.run("verify short.save")?;
            assert!(run.out.ends_with(" (truncated)\n") || run.out.ends_with(" (invalid)\n"), "{cut}: {}", run.out);
            assert_eq!((run.code, &*run.err), (Some(1), ""), "{format:?} {cut}: {}", run.out);
        }
    }
    Ok(())
}

#[test]
fn what_is_wrong_in_the_stream_has_its_place_in_the_file() -> Result {
    let bench = Bench::new()?;
    let stream = [STREAM.split_last().map_or(STREAM, |(_, rest)| rest), b"\x09"].concat();
    let image = samples::image(Compression::Raw, &stream)?;
    let place = image.len().saturating_sub(1);
    bench.file("a.save", &image)?;
    let run = bench.run("verify a.save")?;
    let said =
        format!("a.save: not ok (libvirt_save with its stream)\n  {place:#x}: memory.body.records[0].kind: expected ");
    assert!(run.out.starts_with(&said), "{}", run.out);
    assert_eq!(run.code, Some(1));
    bench.file("a.bin", [vec![0xee; 512], image].concat())?;
    let run = bench.run("verify --offset 512 a.bin")?;
    let said = format!("  {:#x}: memory.body.records[0].kind: expected ", place.saturating_add(512));
    assert!(run.out.contains(&said), "{}", run.out);
    // Twice the same: the second one is read as what lies behind the first.
    bench.file("b.save", samples::image(Compression::Gzip, &[GZIP, GZIP].concat())?)?;
    assert_eq!(bench.run("verify b.save")?.code, Some(0));
    bench.file("b.save", samples::image(Compression::Zstd, GZIP)?)?;
    let run = bench.run("verify b.save")?;
    let said =
        "b.save: not ok (libvirt_save with its stream)\n  0x10066: memory: expected a stream that zstd unpacks (";
    assert!(run.out.starts_with(said) && run.out.ends_with(" (invalid)\n"), "{}", run.out);
    Ok(())
}

#[test]
fn no_more_is_unpacked_than_is_allowed() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", samples::image(Compression::Xz, XZ)?)?;
    let run = bench.run("verify --max-unpacked 8 a.save")?;
    let said = "memory: expected no more than 8 bytes of what xz packed; --max-unpacked allows more (limit)\n";
    assert!(run.out.ends_with(said), "{}", run.out);
    assert_eq!(run.code, Some(1));
    assert_eq!(bench.run("verify --max-unpacked 9 a.save")?.code, Some(0));
    Ok(())
}

#[test]
fn a_program_that_is_not_there_is_named() -> Result {
    let bench = Bench::new()?;
    bench.file("a.save", samples::image(Compression::Lzop, b"packed")?)?;
    let output = bench.command().args(["verify", "a.save"]).env("PATH", bench.folder()).output()?;
    let run = harness::Run::of(output)?;
    assert_eq!(run.code, Some(2));
    let said = "error: the stream is packed by lzop, which is needed to unpack it: there is no such program\n";
    assert_eq!((&*run.out, &*run.err), ("a.save: not ok (libvirt_save, its stream not looked at)\n", said));
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
