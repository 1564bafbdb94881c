//! `vmspec verify` and `vmspec roundtrip` of Xen save files: found by their magic, whichever stream they hold.

use crate::harness;

use std::fs;

use harness::{Bench, Result};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../generated-tests/samples/xl");

fn sample(name: &str) -> Result<Vec<u8>> {
    Ok(fs::read(format!("{SAMPLES}/{name}.xlsave"))?)
}

#[test]
fn guests_of_every_kind() -> Result {
    let bench = Bench::new()?;
    for name in ["good-hvm-v3", "be-all", "legacy-hvm64", "seed-2010"] {
        let file = sample(name)?;
        bench.file("guest.xlsave", &file)?;
        bench.run("verify --strict guest.xlsave")?.gives(0, "guest.xlsave: ok (xen_xl)\n");
        let identical = format!("guest.xlsave: identical (xen_xl, {} bytes)\n", file.len());
        bench.run("roundtrip guest.xlsave")?.gives(0, &identical);
    }
    Ok(())
}

#[test]
fn an_unknown_flag_is_told_in_the_words_of_xl() -> Result {
    let (bench, mut file) = (Bench::new()?, sample("good-pv")?);
    file.splice(36..40, [0x13, 0, 0, 0]);
    bench.file("guest.xlsave", &file)?;
    let run = bench.run("verify guest.xlsave")?;
    let said = "guest.xlsave: 0x24: mandatory_flags: expected no bits but 0x3, found 16 (0x10): \
                Savefile has mandatory flag(s) which are not supported; need newer xl (unsupported)\n";
    run.gives(1, said);
    Ok(())
}
