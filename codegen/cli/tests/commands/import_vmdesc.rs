//! `vmspec import-vmdesc`: specs of the devices of real streams, which are specs of their own and can be made part of the format.

use crate::harness;
use crate::samples;

use std::fs;
use std::path::Path;

use harness::{Bench, Result};
use vmspec::format;

const SAMPLES: &[&str] = &["q7-none", "q7-avr", "q7-m68k-virt", "q7-isapc-1m", "q7-pc-xis"];
/// Larger ones, which need not be there.
const FIXTURES: &[&str] = &["q7-pc-min", "q10-pc-min"];

/// A folder with the specs of the format, and a stream in it; none where it cannot be unpacked.
fn bench(path: &Path) -> Result<Option<Bench>> {
    let Some(stream) = samples::unpacked(path)? else { return Ok(None) };
    let bench = Bench::new()?;
    let files = format::by_id("qevm").ok_or("no format")?.files;
    fs::create_dir(bench.folder().join("qevm"))?;
    for (name, text) in files {
        bench.file(name, text)?;
    }
    bench.file("stream", stream)?;
    Ok(Some(bench))
}

fn sample(name: &str) -> Result<Option<Bench>> {
    bench(&samples::bundled().join(format!("qevm/{name}.qevm")))
}

/// Imports as `mine.yaml`, and gives the text.
fn import(bench: &Bench, options: &str) -> Result<String> {
    let run = bench.run(&format!("import-vmdesc {options}"))?;
    assert_eq!((run.code, &*run.err), (Some(0), ""));
    bench.file("mine.yaml", &run.out)?;
    Ok(run.out)
}

/// Makes `mine.yaml` a part of the format.
fn adopt(bench: &Bench) -> Result {
    let spec = fs::read_to_string(bench.folder().join("qevm.yaml"))?;
    let (head, uses) = spec.split_once("qevm/pci.yaml]").ok_or("use")?;
    bench.file("qevm.yaml", format!("{head}qevm/pci.yaml, mine.yaml]{uses}"))
}

#[test]
fn every_import_is_a_spec_and_can_be_part_of_the_format() -> Result {
    let samples = SAMPLES.iter().map(|name| samples::bundled().join(format!("qevm/{name}.qevm")));
    let fixtures = FIXTURES.iter().map(|name| samples::fixtures().join(format!("qevm/{name}.qevm")));
    for path in samples.chain(fixtures) {
        for options in ["stream", "--all stream"] {
            let Some(bench) = bench(&path)? else { continue };
            import(&bench, options)?;
            bench.run("check mine.yaml")?.gives(0, "mine.yaml: ok (qevm_imported)\n");
            adopt(&bench)?;
            bench.run("check qevm.yaml")?.gives(0, "qevm.yaml: ok (qevm)\n");
            let page = if path.ends_with("q7-avr.qevm") { "--input page_bits=8" } else { "" };
            let dump = bench.run(&format!("dump --spec mine.yaml {page} stream"))?;
            assert_eq!(dump.code, Some(0), "{}: {options}: {}", path.display(), dump.out);
        }
    }
    Ok(())
}

/// Nothing is told but by the import; what its spec and the description say of each device is compared.
#[test]
fn an_import_reads_its_stream_as_the_description_does_and_writes_it_the_same() -> Result {
    let samples = ["q7-none", "q7-isapc-1m"].map(|name| samples::bundled().join(format!("qevm/{name}.qevm")));
    let fixtures = FIXTURES.iter().map(|name| samples::fixtures().join(format!("qevm/{name}.qevm")));
    for path in samples.into_iter().chain(fixtures) {
        let Some(bench) = bench(&path)? else { continue };
        import(&bench, "--all stream")?;
        let dump = bench.run("dump --json --spec mine.yaml stream")?;
        assert!(dump.code == Some(0) && !dump.out.contains("opaque"), "{}: {}", path.display(), dump.err);
        let by_description = bench.run("qevm-state stream")?.out;
        let both = bench.run("qevm-state --spec mine.yaml --desc stream stream")?;
        both.gives(0, &by_description);
        assert_eq!(both.err, "", "{}", path.display());
        bench.run("fix --spec mine.yaml --out fixed stream")?.gives(0, "stream: nothing to fix (qevm_imported)\n");
    }
    Ok(())
}

#[test]
fn what_is_described_is_left_out() -> Result {
    let Some(bench) = sample("q7-isapc-1m")? else { return Ok(()) };
    let (new, all) = (import(&bench, "stream")?, import(&bench, "--all stream")?);
    assert!(!new.contains("vmstate: timer\n") && all.contains("  timer_v2:\n    vmstate: timer\n"), "{new}");
    assert!(all.contains("\n    timer: {timer_v2: {type: timer_v2, if: version == 2, with: {version: version}}}\n"));
    Ok(())
}

#[test]
fn a_case_of_a_spec_of_its_own_counts_first() -> Result {
    let Some(bench) = sample("q7-isapc-1m")? else { return Ok(()) };
    import(&bench, "--all stream")?;
    let stream = fs::read(bench.folder().join("stream"))?;
    let idstr = stream.windows(6).position(|it| it == b"\x05timer").ok_or("no timer")?;
    let state = idstr.checked_add(14).ok_or("offset")?;
    let told_by = |spec: &str, by: &str| -> Result {
        let run = bench.run(&format!("at --spec {spec} stream {state}"))?;
        assert!(run.out.contains(by), "{}{}", run.out, run.err);
        Ok(())
    };
    told_by("mine.yaml", "mine.yaml:")?;
    adopt(&bench)?;
    told_by("qevm.yaml", "qevm/devices.yaml:")
}

#[test]
fn several_streams_are_one_spec_and_may_start_within_files() -> Result {
    let Some(bench) = sample("q7-none")? else { return Ok(()) };
    let stream = fs::read(bench.folder().join("stream"))?;
    bench.file("tape", [vec![0xee; 1000], stream].concat())?;
    let one = import(&bench, "--all stream")?;
    assert_eq!(import(&bench, "--all --offset 1000 tape")?, one);
    let two = import(&bench, "--all stream stream")?;
    assert_eq!(two.replace("# Devices of 2 streams,", "# Devices of a stream,"), one);
    Ok(())
}

#[test]
fn a_file_without_a_description_is_refused() -> Result {
    let bench = Bench::new()?;
    bench.file("cut.qevm", b"QEVM\0\0\0\x03")?;
    let run = bench.run("import-vmdesc cut.qevm")?;
    run.gives(1, "");
    let said =
        "cut.qevm: there is no description of devices: the machine is older than pc-2.2, or the file was cut off";
    assert!(run.err.contains(said), "{}", run.err);
    assert_eq!(bench.run("import-vmdesc none.qevm")?.code, Some(2));
    Ok(())
}
