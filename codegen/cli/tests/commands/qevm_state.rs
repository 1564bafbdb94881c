//! `vmspec qevm-state` and `vmspec qevm-index`: what QEMU's own `analyze-migration.py -d state` prints, and what it cannot print.

use crate::harness;
use crate::samples;

use std::fs;

use harness::{Bench, Result, Run};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
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

/// What lies at these keys.
fn at<'j>(json: &'j Json, keys: &[&str]) -> &'j Json {
    keys.iter().fold(json, |json, key| json.get(key).unwrap_or(&Json::Null))
}

/// A stream without the description at its end.
fn bare(stream: &[u8]) -> &[u8] {
    let starts = stream.windows(7).rposition(|it| it.starts_with(&[0, 6]) && it.ends_with(b"{"));
    starts.and_then(|end| stream.get(..=end)).unwrap_or(stream)
}

/// Without its description, a device that a spec describes prints the same, but for what has changed between releases of QEMU
/// and is no matter of its version.
#[test]
fn specs_print_what_the_original_prints() -> Result {
    let samples =
        ["q7-none", "q7-isapc-1m", "q7-pc-xis"].map(|name| samples::bundled().join(format!("qevm/{name}.qevm")));
    let fixtures = ["q7-pc-blk", "q10-pc-min"].map(|name| samples::fixtures().join(format!("qevm/{name}.qevm")));
    for path in samples.iter().chain(&fixtures) {
        let Some(stream) = samples::unpacked(path)? else { continue };
        let Some(expected) = samples::unpacked(&path.with_extension("qevm.state.json"))? else { continue };
        let expected: Map<String, Json> = serde_json::from_slice(&expected)?;
        let bench = Bench::new()?;
        bench.file("stream", bare(&stream))?;
        let run = bench.run("qevm-state stream")?;
        assert_eq!(run.code, Some(0), "{}", run.err);
        let found: Map<String, Json> = serde_json::from_str(&run.out)?;
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        let (mut opaque, mut same) = (0, 0);
        for (name, found) in found {
            let expected = expected.get(&name).unwrap_or(&Json::Null);
            match &*name {
                _ if found.get("data").is_some() => opaque += 1,
                // Was one text of 100 bytes before QEMU 9.
                _ if name.starts_with("globalstate ") => assert_eq!(found.get("size"), expected.get("size")),
                // `num_timers` before QEMU 10.
                _ if name.starts_with("hpet ") => assert_eq!(found.get("timer"), expected.get("timer")),
                _ => {
                    same += 1;
                    assert_eq!(&found, expected, "{name} in {}", path.display());
                }
            }
        }
        let others = if path.ends_with("q7-pc-blk.qevm") { 5 } else { 0 };
        assert_eq!((opaque, same > 0), (others, true), "{}", path.display());
    }
    Ok(())
}

/// Without its description a stream is taken apart by specs, and by that of another stream.
#[test]
fn a_stream_without_a_description_is_read_by_specs_or_another_one() -> Result {
    let Some(stream) = samples::unpacked(&samples::bundled().join("qevm/q7-none.qevm"))? else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("whole", &stream)?;
    bench.file("bare", bare(&stream))?;
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

/// Where records lie is the same in a file, through a pipe, and in a save image.
#[test]
fn an_index_is_the_same_however_the_stream_comes() -> Result {
    let Some(stream) = samples::unpacked(&samples::bundled().join("qevm/q7-none.qevm"))? else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("stream", &stream)?;
    let alone = bench.run("qevm-index stream")?;
    let said = "         0x8            9  configuration\n        0x11           38  start ram (section 2, instance 0, version 4)\n";
    assert!(alone.out.starts_with(said) && alone.code == Some(0), "{}{}", alone.out, alone.err);
    let json = bench.run("qevm-index --json stream")?;
    let line =
        "{\"command\":null,\"kind\":\"configuration\",\"length\":9,\"offset\":8,\"row\":\"record\",\"section\":null}\n";
    assert!(json.out.starts_with(line), "{}", json.out);
    assert_eq!(json.out.lines().count(), alone.out.lines().count());
    let piped = |name: &str, words: &str| -> Result<Run> {
        let file = fs::File::open(bench.folder().join(name))?;
        Run::of(bench.command().args(words.split_whitespace()).stdin(file).output()?)
    };
    piped("stream", "qevm-index -")?.gives(0, &alone.out);
    bench.file("tape", [vec![7; 1000], stream].concat())?;
    let behind = bench.run("qevm-index --offset 1000 tape")?;
    assert!(behind.out.starts_with("       0x3f0            9  configuration\n"), "{}", behind.out);
    piped("tape", "qevm-index --offset 1000 -")?.gives(0, &behind.out);
    bench.image("packed", &[])?;
    let packed = bench.run("qevm-index packed")?;
    assert!(packed.out.contains(" every 4104  page pc.ram ") && packed.code == Some(0), "{}", packed.err);
    piped("packed", "qevm-index -")?.gives(0, &packed.out);
    bench.file("cut", [b"QEVM\0\0\0\x03".as_slice(), b"\x04\0"].concat())?;
    let cut = piped("cut", "qevm-index -")?;
    assert_eq!((cut.code, &*cut.out), (Some(1), ""));
    assert!(cut.err.starts_with("error: -: 0x") && cut.err.ends_with(" (truncated)\n"), "{}", cut.err);
    bench.file("empty", "")?;
    assert_eq!(piped("empty", "qevm-index -")?.code, Some(1));
    Ok(())
}

/// Pages of an image whose memory is not packed lie in the image itself, those of mapped RAM too.
#[test]
fn an_index_has_offsets_of_the_file() -> Result {
    for (name, kind) in [("lv9-raw-paused.save", "page"), ("lv11-sparse.save", "mapped")] {
        let Some(image) = samples::unpacked(&samples::fixtures().join("libvirt").join(name))? else { continue };
        let bench = Bench::new()?;
        bench.file("image", &image)?;
        assert_eq!(bench.run("ram image -o out")?.code, Some(0));
        let memory = fs::read(bench.folder().join("out/pc.ram.bin"))?;
        let rows = bench.run("qevm-index --json image")?.out;
        let mut pages = 0;
        for line in rows.lines() {
            let row: serde_json::Value = serde_json::from_str(line)?;
            if row.get("block").and_then(|it| it.as_str()) != Some("pc.ram")
                || row.get("kind").and_then(|it| it.as_str()) != Some(kind)
            {
                continue;
            }
            let number = |name: &str| row.get(name).and_then(serde_json::Value::as_u64).ok_or("a number");
            for page in 0..number("pages")? {
                let at = usize::try_from(number("offset")?.saturating_add(page.saturating_mul(number("stride")?)))?;
                let address = usize::try_from(number("address")?.saturating_add(page.saturating_mul(4096)))?;
                let found = image.get(at..at.saturating_add(4096));
                assert!(found.is_some() && found == memory.get(address..address.saturating_add(4096)), "{name}: {row}");
                pages += 1;
            }
        }
        assert!(pages > 30, "{name}: {pages}");
    }
    Ok(())
}

/// A stream without configuration, footers and description, of a machine that is described by another stream.
#[test]
fn every_command_takes_the_description_of_another_stream() -> Result {
    let sample = |name: &str| samples::unpacked(&samples::bundled().join("qevm").join(name));
    let (Some(stream), Some(description)) = (sample("q7-pc-2.2.qevm")?, sample("q7-pc-2.2.description")?) else {
        return Ok(());
    };
    let bench = Bench::new()?;
    bench.file("old", &stream)?;
    bench.file("like", description)?;
    let timers = "0x2d11f: hpet (section 20).num_timers: expected the field that the description has here, \
                  found \"num_timers_save\": the spec has another one (note)";
    let sipi = "0x2cc42: apic (section 9): expected what the description has, found \"apic_sipi\": \
                the spec reads this device, the description does not (note)";
    bench.run("verify --desc like old")?.gives(0, &format!("old: ok (qevm)\n  {sipi}\n  {timers}\n"));
    bench.run("verify old")?.gives(0, "old: ok (qevm)\n");
    bench.run("roundtrip --desc like old")?.gives(0, "old: identical (qevm, 193580 bytes)\n");
    let dump = bench.run("dump --desc like old")?;
    assert_eq!(dump.code, Some(0), "{}", dump.err);
    assert!(dump.out.contains("0000:00:01.0/PIIX3") && dump.out.contains("trailing  no bytes"), "{}", dump.out);
    let ram = bench.run("ram --desc like old -o memory")?;
    assert_eq!(ram.code, Some(0), "{}{}", ram.out, ram.err);
    let memory = fs::read(bench.folder().join("memory/%2fobjects%2fpc.ram.bin"))?;
    let sum = Sha256::digest(&memory).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    assert_eq!(sum, "f77c006071b40595e1287f96ebe34db2e88e1d421403720fa52b972e8d249fe0");
    let states = bench.run("qevm-state --desc like old")?;
    assert_eq!((states.code, states.err), (Some(0), format!("old: {sipi}\nold: {timers}\n")), "the same as `verify`");
    let states: Json = serde_json::from_str(&states.out)?;
    let pm = at(&states, &["0000:00:01.3/piix4_pm (32)"]);
    assert_eq!((at(pm, &["ar.pm1.evt.sts"]), at(pm, &["smb"])), (&"0x0001".into(), &Json::Null));
    assert_eq!(at(pm, &["piix4_pm/memhp", "acpi_memory_hotplug", "selector"]), "0x00000000");
    assert_eq!(at(&states, &["globalstate (42)", "size"]), "0x0000000a");
    Ok(())
}

/// Devices alone, without a machine around them: all are described by specs.
#[test]
fn devices_without_a_machine_are_printed() -> Result {
    let Some(stream) = samples::unpacked(&samples::bundled().join("qevm/q7-xendev.qevm"))? else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("stream", &stream)?;
    bench.run("verify --strict stream")?.gives(0, "stream: ok (qevm)\n");
    bench.run("roundtrip stream")?.gives(0, "stream: identical (qevm, 58688 bytes)\n");
    let dump = bench.run("dump stream")?;
    assert_eq!((dump.code, &*dump.err), (Some(0), ""));
    let states = bench.run("qevm-state stream")?;
    assert_eq!((states.code, &*states.err), (Some(0), ""));
    let states: Json = serde_json::from_str(&states.out)?;
    assert_eq!(states.as_object().map(Map::len), Some(31));
    let card = at(&states, &["0000:00:02.0/rtl8139 (39)"]);
    assert_eq!((at(card, &["phys"]), at(card, &["TCTR"])), (&"52 54 00 12 34 56".into(), &"0x0099609d".into()));
    let config = at(card, &["parent_obj", "config[0]"]).as_str().ok_or("no text")?;
    assert!(config.starts_with("ec 10 39 81 ") && config.len() == 256 * 3 - 1, "{config}");
    Ok(())
}
