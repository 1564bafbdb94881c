//! `vmspec at`: which field holds a byte.

use crate::harness;
use crate::samples;

use harness::{Bench, Result};

fn explained(sample: &str, offsets: &[&str]) -> Result<Option<String>> {
    let Some(bytes) = samples::unpacked(&samples::bundled().join(sample))? else { return Ok(None) };
    let bench = Bench::new()?;
    bench.file("file", bytes)?;
    let mut all = String::new();
    for offset in offsets {
        let run = bench.run(&format!("at file {offset}"))?;
        all.extend([format!("$ vmspec at file {offset}\n{}{}exit {}\n\n", run.out, run.err, run.code.unwrap_or(-1))]);
    }
    Ok(Some(all))
}

macro_rules! explains {
    ($($name:ident: $sample:literal, $offsets:expr;)*) => { $(
        #[test]
        fn $name() -> Result {
            if let Some(said) = explained($sample, &$offsets)? {
                insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(stringify!($name), said) });
            }
            Ok(())
        }
    )* };
}

explains! {
    libvirt: "libvirt/lv9-gzip.save", ["0", "0x16", "0x1c", "0x60", "0x500", "1K", "0x10600", "1G"];
    xen: "xl/good-hvm-v3.xlsave", ["0x20", "0x24", "0x34", "0x8d", "0xbb", "0x11c", "0x140", "0x31a1"];
    vhdx: "vhdx/ok-wrap-entry.vhdx", ["0x1ff010", "0x1ff060", "0x101009", "0x102000", "0x30010", "0x200010", "0x700000"];
    vhdx_refused: "vhdx/bad-crc.vhdx", ["0x100010", "0x101000", "0x300020"];
    refused: "xl/bad-pfn-type.xlsave", ["0x11f", "0x123"];
}

#[test]
fn lists_of_numbers_and_what_lies_outside() -> Result {
    let bench = Bench::new()?;
    let spec = "spec: 1\nformat: {id: list}\nendian: be\nroot: r\ntypes: {r: {fields: [{n: {type: u16, count: 3}}]}}\n";
    bench.file("spec.yaml", spec)?;
    bench.file("file", [9, 0, 1, 0, 2, 1, 0, 9, 9])?;
    let at = |offset: u64| bench.run(&format!("at --spec spec.yaml --offset 1 file {offset}"));
    let run = at(6)?;
    assert!(run.out.contains("0x6 is byte 5 of n\n") && run.out.contains("element  [2], 256 (0x100)\n"), "{}", run.out);
    at(0)?.gives(1, "0x0 lies before the value, which starts at 0x1\n");
    at(7)?.gives(1, "0x7 lies behind the value, which ends at 0x7; 2 bytes follow it\n");
    at(9)?.gives(1, "0x9 lies behind the end of the file, which has 9 bytes\n");
    Ok(())
}
