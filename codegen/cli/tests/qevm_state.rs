//! `vmspec qevm-state`: what QEMU's own `analyze-migration.py -d state` prints, and what it cannot print.

mod harness;
mod samples;

use harness::{Bench, Result};
use vmspec::libvirt_save::Compression;

const SAMPLES: &[&str] = &["q7-none", "q7-avr", "q7-m68k-virt", "q7-isapc-1m", "q7-pc-xis"];
/// Larger ones, which need not be there.
const FIXTURES: &[&str] = &[
    "q7-pc-multifd",
    "q7-pc-min",
    "q7-pc-blk",
    "q7-pc-compress",
    "q7-pc-nofooter",
    "q7-pc-postcopy-adv",
    "q10-pc-min",
    "q10-pc-xbzrle",
    "q10-mapped",
];

#[test]
fn it_prints_what_the_original_prints() -> Result {
    let samples = SAMPLES.iter().map(|name| samples::bundled().join(format!("qevm/{name}.qevm")));
    let fixtures = FIXTURES.iter().map(|name| samples::fixtures().join(format!("qevm/{name}.qevm")));
    for path in samples.chain(fixtures) {
        let Some(stream) = samples::unpacked(&path)? else { continue };
        let Some(expected) = samples::unpacked(&path.with_extension("qevm.state.json"))? else { continue };
        let bench = Bench::new()?;
        bench.file("stream", stream)?;
        let run = bench.run("qevm-state stream")?;
        assert_eq!(run.code, Some(0), "{}: {}", path.display(), run.err);
        assert!(run.out.trim_end() == String::from_utf8(expected)?.trim_end(), "{}", path.display());
    }
    Ok(())
}

/// The stream with something in front, as in other files.
#[test]
fn a_stream_may_lie_inside_of_a_file() -> Result {
    let Some(stream) = samples::unpacked(&samples::bundled().join("qevm/q7-none.qevm"))? else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("stream", &stream)?;
    bench.file("file", [&[7; 1000], &*stream].concat())?;
    let alone = bench.run("qevm-state stream")?;
    let inside = bench.run("qevm-state --offset 1000 file")?;
    assert_eq!((alone.code, inside.code), (Some(0), Some(0)));
    assert_eq!(alone.out, inside.out);
    assert!(alone.out.contains("\"timer (0)\": {"), "{}", alone.out);
    Ok(())
}

/// Without its description a stream is taken apart by specs, and by that of another stream.
#[test]
fn a_stream_without_a_description_is_read_by_specs_or_another_one() -> Result {
    let Some(stream) = samples::unpacked(&samples::bundled().join("qevm/q7-none.qevm"))? else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("whole", &stream)?;
    let end = stream.windows(2).rposition(|pair| pair == [0, 6]).ok_or("no description")?;
    bench.file("bare", stream.get(..=end).unwrap_or_default())?;
    let whole = bench.run("qevm-state whole")?;
    assert_eq!(bench.run("qevm-state --desc whole bare")?.out, whole.out);
    assert_eq!(bench.run("qevm-state bare")?.code, Some(0));
    let run = bench.run("qevm-state --desc bare whole")?;
    assert_eq!((run.code, &*run.err), (Some(2), "error: there is no description of devices in bare\n"));
    Ok(())
}

/// The stream of a save image is unpacked and printed as it is by itself.
#[test]
fn the_stream_of_a_save_image_is_followed() -> Result {
    let Some(stream) = samples::unpacked(&samples::bundled().join("qevm/q7-none.qevm"))? else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("stream", &stream)?;
    bench.file("image", [vec![7; 1000], samples::image(Compression::Raw, &stream)?].concat())?;
    let alone = bench.run("qevm-state stream")?;
    bench.run("qevm-state --offset 1000 image")?.gives(0, &alone.out);
    bench.image("packed", &[])?;
    let run = bench.run("qevm-state packed")?;
    assert!(
        run.out.contains("\"pc.ram\": \"0x0000000000800000\"") && run.out.contains("\"timer (0)\": {"),
        "{}",
        run.out
    );
    let run = bench.run("qevm-state --desc packed image --offset 1000")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    let run = bench.run("import-vmdesc packed")?;
    assert_eq!(run.code, Some(0), "{}", run.err);
    let run = bench.run("qevm-state --max-unpacked 9 packed")?;
    assert!(run.out.contains("--max-unpacked allows more (limit)"), "{}", run.out);
    bench.file("disk", b"vhdxfile")?;
    bench.run("qevm-state disk")?.gives(1, "disk: there is no QEMU stream in this file of format vhdx (unsupported)\n");
    Ok(())
}

/// What goes over further connections of a migration is told by its magic.
#[test]
fn channels_are_told_by_their_magic() -> Result {
    let channels = [
        samples::bundled().join("qevm/q7-pc-multifd.qevm.ch2"),
        samples::fixtures().join("qevm/q7-pc-multifd.qevm.ch1"),
    ];
    for (path, (id, packets)) in channels.iter().zip([(1, 6), (0, 5)]) {
        let Some(channel) = samples::unpacked(path)? else { continue };
        let bench = Bench::new()?;
        bench.file("tape", [vec![7; 1000], channel.clone()].concat())?;
        bench.run("verify --offset 1000 tape")?.gives(0, "tape: ok (qevm: multifd_channel)\n");
        let said = format!("tape: identical (qevm: multifd_channel, {} bytes)\n", channel.len());
        bench.run("roundtrip --offset 1000 tape")?.gives(0, &said);
        let run = bench.run("dump --offset 1000 --depth 1 tape")?;
        assert!(run.out.contains(&format!(" {packets} elements ")), "{}", run.out);
        let run = bench.run("dump --offset 1000 --json tape")?;
        assert!(run.out.contains(&format!("\n    \"id\": {id},\n")) && run.code == Some(0), "{}", run.err);
        let said = "tape: there is no QEMU stream in this file of format qevm (unsupported)\n";
        bench.run("qevm-state --offset 1000 tape")?.gives(1, said);
    }
    Ok(())
}
