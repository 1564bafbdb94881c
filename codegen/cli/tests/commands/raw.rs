//! `vmspec raw`: a disk as the guest sees it, held against QEMU where it is there.

use crate::harness;
use crate::samples;

use std::fs;
use std::process::Command;

use harness::{Bench, Result};
use sha2::{Digest, Sha256};

fn bench(name: &str) -> Result<Option<Bench>> {
    let Some(bytes) = samples::unpacked(&samples::bundled().join("vhdx").join(name))? else { return Ok(None) };
    let bench = Bench::new()?;
    bench.file(name, &bytes)?;
    Ok(Some(bench))
}

/// The disk as QEMU sees it; none where there is no QEMU.
fn by_qemu(bench: &Bench, name: &str) -> Result<Option<Vec<u8>>> {
    let mut command = Command::new("qemu-img");
    command.current_dir(bench.folder()).args(["convert", "-f", "vhdx", "-O", "raw", name, "qemu.raw"]);
    let Ok(output) = command.output() else {
        println!("skipped: no program qemu-img to read {name}");
        return Ok(None);
    };
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(Some(fs::read(bench.folder().join("qemu.raw"))?))
}

#[test]
fn clean_disks_are_what_qemu_sees() -> Result {
    for (name, size) in [("dyn-64m-b1m.vhdx", 64 << 20), ("fixed-4m.vhdx", 4 << 20)] {
        let Some(bench) = bench(name)? else { continue };
        bench.run(&format!("raw {name} -o out.raw"))?.gives(0, &format!("{name}: written to out.raw ({size} bytes)\n"));
        let raw = fs::read(bench.folder().join("out.raw"))?;
        assert_eq!(raw.len(), size);
        if let Some(expected) = by_qemu(&bench, name)? {
            assert!(raw == expected, "{name}");
        }
    }
    Ok(())
}

/// The sum is of what QEMU made of the repaired file.
#[test]
fn a_dirty_disk_is_read_through_its_log() -> Result {
    let Some(bench) = bench("crash-a-w8.vhdx")? else { return Ok(()) };
    let before = fs::read(bench.folder().join("crash-a-w8.vhdx"))?;
    let said = "crash-a-w8.vhdx: written to out.raw (67108864 bytes, with the log replayed)\n";
    bench.run("raw crash-a-w8.vhdx -o out.raw")?.gives(0, said);
    assert!(fs::read(bench.folder().join("crash-a-w8.vhdx"))? == before, "the input is only read");
    let raw = fs::read(bench.folder().join("out.raw"))?;
    let sum = Sha256::digest(&raw).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    assert_eq!(sum, "de052e83a80966a70138c8cfbca6b3161cd2490ebf87f7bd641a765cdc7ed4ef");
    Ok(())
}

/// QEMU opens such a file as it is: nothing in its log counts.
#[test]
fn a_log_without_an_entry_is_left_out_when_asked() -> Result {
    let name = "bad-no-valid-seq.vhdx";
    let Some(bench) = bench(name)? else { return Ok(()) };
    let before = fs::read(bench.folder().join(name))?;
    let run = bench.run(&format!("raw {name} -o out.raw"))?;
    insta::assert_snapshot!(run.out);
    assert_eq!((run.code, bench.folder().join("out.raw").exists()), (Some(1), false));

    let run = bench.run(&format!("raw {name} -o out.raw --discard-log"))?;
    let raw = fs::read(bench.folder().join("out.raw"))?;
    let said = "without the log, in which nothing can be replayed";
    run.gives(0, &format!("{name}: written to out.raw ({} bytes, {said})\n", raw.len()));
    assert!(fs::read(bench.folder().join(name))? == before, "the input is only read");
    if let Some(expected) = by_qemu(&bench, name)? {
        assert!(raw == expected);
    }
    Ok(())
}

#[test]
fn a_log_that_can_be_replayed_is_not_left_out() -> Result {
    let Some(bench) = bench("crash-a-w8.vhdx")? else { return Ok(()) };
    bench.run("raw crash-a-w8.vhdx -o out.raw")?;
    let said = "crash-a-w8.vhdx: written to other.raw (67108864 bytes, with the log replayed)\n";
    bench.run("raw crash-a-w8.vhdx -o other.raw --discard-log")?.gives(0, said);
    assert!(fs::read(bench.folder().join("out.raw"))? == fs::read(bench.folder().join("other.raw"))?);
    Ok(())
}

#[cfg(unix)]
#[test]
fn zeros_are_holes() -> Result {
    use std::os::unix::fs::MetadataExt;
    let Some(bench) = bench("dyn-64m-b1m.vhdx")? else { return Ok(()) };
    bench.run("raw dyn-64m-b1m.vhdx -o out.raw")?;
    let blocks = fs::metadata(bench.folder().join("out.raw"))?.blocks();
    assert!(blocks < (8 << 20) / 512, "{blocks} blocks of 512 bytes");
    Ok(())
}

#[test]
fn a_differencing_disk_is_refused_with_its_parent() -> Result {
    let Some(bench) = bench("_diff-parent-locator.vhdx")? else { return Ok(()) };
    let run = bench.run("raw _diff-parent-locator.vhdx -o out.raw")?;
    insta::assert_snapshot!(run.out);
    assert_eq!((run.code, bench.folder().join("out.raw").exists()), (Some(1), false));
    Ok(())
}

#[test]
fn half_a_disk_is_none() -> Result {
    let Some(bench) = bench("dyn-64m-b1m.vhdx")? else { return Ok(()) };
    let mut bytes = fs::read(bench.folder().join("dyn-64m-b1m.vhdx"))?;
    bytes.truncate(9 << 20);
    bench.file("cut.vhdx", bytes)?;
    let run = bench.run("raw cut.vhdx -o out.raw")?;
    assert!(run.out.contains("truncated"), "{}{}", run.out, run.err);
    assert_eq!(run.code, Some(1));
    let left: Vec<_> = fs::read_dir(bench.folder())?.filter_map(|it| Some(it.ok()?.file_name())).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    Ok(())
}

#[test]
fn what_is_there_is_kept() -> Result {
    let Some(bench) = bench("fixed-4m.vhdx")? else { return Ok(()) };
    let run = bench.run("raw fixed-4m.vhdx -o fixed-4m.vhdx")?;
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("is there already, and is kept"), "{}", run.err);
    Ok(())
}
