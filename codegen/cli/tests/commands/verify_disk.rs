//! `vmspec verify` of disks: beside the headers it looks at the log, and at the tables as they are after its replay.

use crate::harness;
use crate::samples;

use harness::{Bench, Result};

/// What is said of a disk of the samples, without its findings; none where it cannot be unpacked.
fn said(name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Result<Option<(Option<i32>, String)>> {
    let Some(mut bytes) = samples::unpacked(&samples::bundled().join("vhdx").join(name))? else { return Ok(None) };
    change(&mut bytes);
    let bench = Bench::new()?;
    bench.file(name, &bytes)?;
    let run = bench.run(&format!("verify {name}"))?;
    Ok(Some((run.code, run.out.lines().next().unwrap_or_default().to_owned())))
}

#[test]
fn tables_are_read_through_the_log() -> Result {
    for (name, expected) in [
        ("dyn-64m-b1m.vhdx", "ok (vhdx)"),
        ("fixed-4m.vhdx", "ok (vhdx)"),
        ("crash-a-w8.vhdx", "ok (vhdx, its tables read as after the replay of 1 of the log's entries)"),
        ("_diff-parent-locator.vhdx", "ok (vhdx, a differencing disk whose blocks were not looked at)"),
    ] {
        if let Some(said) = said(name, |_| {})? {
            assert_eq!(said, (Some(0), format!("{name}: {expected}")));
        }
    }
    Ok(())
}

#[test]
fn a_log_that_cannot_be_replayed_is_not_sound() -> Result {
    let Some((code, line)) = said("bad-crc.vhdx", |_| {})? else { return Ok(()) };
    assert!(code == Some(1) && line.contains("0x100000: log: expected a log that can be replayed"), "{line}");
    Ok(())
}

#[test]
fn blocks_lie_in_the_file() -> Result {
    let Some((code, line)) = said("dyn-64m-b1m.vhdx", |bytes| bytes.truncate(9 << 20))? else { return Ok(()) };
    assert!(code == Some(1) && line.contains("bat[1]: ") && line.contains("truncated"), "{line}");
    Ok(())
}

#[test]
fn one_damaged_region_table_does_no_harm() -> Result {
    let damage = |at: usize| move |bytes: &mut Vec<u8>| bytes.iter_mut().skip(at).take(100).for_each(|b| *b = 0xee);
    let Some((code, line)) = said("dyn-64m-b1m.vhdx", damage(192 << 10))? else { return Ok(()) };
    assert_eq!((code, line.as_str()), (Some(0), "dyn-64m-b1m.vhdx: ok (vhdx)"));
    Ok(())
}
