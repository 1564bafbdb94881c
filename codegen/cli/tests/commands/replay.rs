//! `vmspec replay`: a disk that was not closed properly made clean, or a reason why not.

use crate::harness;
use crate::samples;

use std::fs;

use harness::{Bench, Result};
use sha2::{Digest, Sha256};

/// A disk of the samples in a folder of its own; none where it cannot be unpacked.
fn bench(name: &str) -> Result<Option<(Bench, Vec<u8>)>> {
    let Some(bytes) = samples::unpacked(&samples::bundled().join("vhdx").join(name))? else { return Ok(None) };
    let bench = Bench::new()?;
    bench.file(name, &bytes)?;
    Ok(Some((bench, bytes)))
}

/// The sum of `expected.tsv`: over all but the two headers and the log.
fn sum(bytes: &[u8]) -> Result<String> {
    let parts = [bytes.get(..64 << 10), bytes.get(192 << 10..1 << 20), bytes.get(2 << 20..)];
    let mut sum = Sha256::new();
    for part in parts {
        sum.update(part.ok_or("a shorter file")?);
    }
    Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat())
}

fn said(verdict: &str) -> &'static str {
    match verdict {
        "replay 0" => "clean",
        "replay 1" => "replayed 1 entry, ",
        "replay 2" => "replayed 2 entries, ",
        _ => "replayed 3 entries, ",
    }
}

#[test]
fn every_sample_becomes_what_is_expected_of_it() -> Result {
    let table = fs::read_to_string(samples::bundled().join("vhdx/expected.tsv"))?;
    let mut tried = 0_usize;
    for line in table.lines() {
        let [name, verdict, length, expected] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(line.into());
        };
        let Some((bench, before)) = bench(name)? else { continue };
        let run = bench.run(&format!("replay {name} -o out"))?;
        assert!(fs::read(bench.folder().join(name))? == before, "{name} was written");
        let out = bench.folder().join("out");
        let after = if verdict == "refuse" {
            assert_eq!((run.code, out.exists()), (Some(1), false), "{name}: {}", run.out);
            before
        } else {
            assert!(run.out.starts_with(&format!("{name}: {}", said(verdict))), "{name}: {}{}", run.out, run.err);
            assert_eq!(run.code, Some(0));
            bench.run("replay out")?.gives(0, "out: clean (nothing to replay)\n");
            fs::read(out)?
        };
        assert_eq!((after.len(), sum(&after)?), (length.parse()?, expected.to_owned()), "{name}");
        tried = tried.saturating_add(1);
    }
    println!("{tried} samples");
    Ok(())
}

#[test]
fn in_place_it_is_the_same() -> Result {
    let Some((bench, _)) = bench("ok-wrap-seq.vhdx")? else { return Ok(()) };
    bench.run("replay ok-wrap-seq.vhdx -o out")?;
    bench
        .run("replay ok-wrap-seq.vhdx --dry-run")?
        .gives(0, "ok-wrap-seq.vhdx: would replay 3 entries, 3 descriptors\n");
    bench.run("replay ok-wrap-seq.vhdx")?.gives(0, "ok-wrap-seq.vhdx: replayed 3 entries, 3 descriptors\n");
    let (one, other) = (fs::read(bench.folder().join("ok-wrap-seq.vhdx"))?, fs::read(bench.folder().join("out"))?);
    assert_eq!(sum(&one)?, sum(&other)?);
    bench.run("replay ok-wrap-seq.vhdx")?.gives(0, "ok-wrap-seq.vhdx: clean (nothing to replay)\n");
    assert!(fs::read(bench.folder().join("ok-wrap-seq.vhdx"))? == one, "a clean file is left alone");
    Ok(())
}

#[test]
fn a_dry_run_writes_nothing() -> Result {
    let Some((bench, before)) = bench("crash-a-w8.vhdx")? else { return Ok(()) };
    bench.run("replay crash-a-w8.vhdx --dry-run")?.gives(0, "crash-a-w8.vhdx: would replay 1 entry, 1 descriptor\n");
    assert!(fs::read(bench.folder().join("crash-a-w8.vhdx"))? == before);
    Ok(())
}

#[test]
fn what_is_there_is_kept() -> Result {
    let Some((bench, _)) = bench("ok-1data.vhdx")? else { return Ok(()) };
    bench.file("out", "precious")?;
    for out in ["out", "ok-1data.vhdx"] {
        let run = bench.run(&format!("replay ok-1data.vhdx -o {out}"))?;
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
        assert!(run.err.contains("is there already, and is kept"), "{}", run.err);
    }
    assert_eq!(fs::read(bench.folder().join("out"))?, b"precious");
    Ok(())
}

macro_rules! refuses {
    ($($name:ident: $file:literal;)*) => { $(
        #[test]
        fn $name() -> Result {
            let Some((bench, before)) = bench($file)? else { return Ok(()) };
            let run = bench.run(concat!("replay ", $file))?;
            insta::assert_snapshot!(run.out);
            assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
            assert!(fs::read(bench.folder().join($file))? == before, "a refused file is left alone");
            Ok(())
        }
    )* };
}

refuses! {
    wrong_checksum: "bad-crc.vhdx";
    wrong_data_sector: "bad-data-sig.vhdx";
    entry_of_no_length: "bad-elen0.vhdx";
    entries_of_another_session: "bad-guid.vhdx";
    no_entry: "bad-no-valid-seq.vhdx";
    file_cut_off: "bad-flushed-head.vhdx";
}

#[test]
fn a_log_without_an_entry_can_be_discarded() -> Result {
    let Some((bench, before)) = bench("bad-no-valid-seq.vhdx")? else { return Ok(()) };
    let said = "the log (nothing in it can be replayed)\n";
    bench
        .run("replay bad-no-valid-seq.vhdx --discard-log --dry-run")?
        .gives(0, &format!("bad-no-valid-seq.vhdx: would discard {said}"));
    bench
        .run("replay bad-no-valid-seq.vhdx --discard-log")?
        .gives(0, &format!("bad-no-valid-seq.vhdx: discarded {said}"));
    let after = fs::read(bench.folder().join("bad-no-valid-seq.vhdx"))?;
    assert_eq!(sum(&after)?, sum(&before)?, "only the headers change");
    bench.run("replay bad-no-valid-seq.vhdx")?.gives(0, "bad-no-valid-seq.vhdx: clean (nothing to replay)\n");
    Ok(())
}

#[test]
fn what_can_be_replayed_is_not_discarded() -> Result {
    let Some((bench, _)) = bench("ok-1data.vhdx")? else { return Ok(()) };
    bench.run("replay ok-1data.vhdx --discard-log")?.gives(0, "ok-1data.vhdx: replayed 1 entry, 1 descriptor\n");
    let Some((bench, _)) = self::bench("bad-flushed-head.vhdx")? else { return Ok(()) };
    assert_eq!(bench.run("replay bad-flushed-head.vhdx --discard-log")?.code, Some(1));
    Ok(())
}

#[test]
fn other_files_are_refused() -> Result {
    let bench = Bench::new()?;
    bench.file("image.save", vec![b'x'; 1 << 20])?;
    let run = bench.run("replay image.save")?;
    assert!(run.out.contains("id.signature") && run.out.contains("not_this_format"), "{}", run.out);
    assert_eq!(run.code, Some(1));
    assert_eq!(bench.run("replay none.vhdx")?.code, Some(2));
    Ok(())
}
