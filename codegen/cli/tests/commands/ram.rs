//! `vmspec ram`: a guest's memory in a file of its own, or a reason why not.

use crate::harness;
use crate::samples;

use std::fs;

use harness::{Bench, Result};
use vmspec::runtime::Wire;
use vmspec::xen_xl::{DomainKind, PageKind, Savefile};

/// A guest with pages 2 and 3, and page 5 that was never used; page 2 is sent twice.
fn guest() -> Result<Vec<u8>> {
    let pages = [(2, PageKind::Normal), (3, PageKind::Normal), (5, PageKind::Xalloc), (4, PageKind::Xtab)];
    let data = [vec![b'a'; 4096], vec![b'b'; 4096]].concat();
    let file = Savefile::builder(DomainKind::X86Hvm).pages(pages, data);
    let file = file.pages([(2, PageKind::Normal)], vec![b'c'; 4096]).build();
    let mut bytes = Vec::new();
    file.write_to(&mut bytes)?;
    Ok(bytes)
}

#[test]
fn pages_come_to_their_place() -> Result {
    let bench = Bench::new()?;
    bench.file("guest.xlsave", guest()?)?;
    let said = "guest.xlsave: copied 3 pages of 4096 bytes to new/out/ram.bin\n  0x2 to 0x3\n  0x5 to 0x5\n";
    bench.run("ram guest.xlsave -o new/out")?.gives(0, said);
    let memory = fs::read(bench.folder().join("new/out/ram.bin"))?;
    let letters: Vec<_> = memory.chunks_exact(4096).map(|page| page.iter().fold(0, |or, b| or | b)).collect();
    assert_eq!((memory.len(), letters.as_slice()), (6 * 4096, b"\0\0cb\0\0".as_slice()));
    Ok(())
}

#[test]
fn a_guest_within_a_file_is_found() -> Result {
    let bench = Bench::new()?;
    bench.file("tape", [vec![0xee; 1000], guest()?].concat())?;
    assert_eq!(bench.run("ram --offset 1000 tape -o .")?.code, Some(0));
    assert_eq!(fs::read(bench.folder().join("ram.bin"))?.get(2 * 4096), Some(&b'c'));
    Ok(())
}

#[test]
fn what_is_there_is_kept() -> Result {
    let bench = Bench::new()?;
    bench.file("guest.xlsave", guest()?)?;
    bench.file("ram.bin", "precious")?;
    let run = bench.run("ram guest.xlsave -o .")?;
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("ram.bin: File exists"), "{}", run.err);
    assert_eq!(fs::read(bench.folder().join("ram.bin"))?, b"precious");
    Ok(())
}

#[test]
fn half_a_guest_is_none() -> Result {
    let (bench, mut bytes) = (Bench::new()?, guest()?);
    bytes.truncate(9000);
    bench.file("guest.xlsave", bytes)?;
    let run = bench.run("ram guest.xlsave -o out")?;
    assert_eq!(run.code, Some(1));
    assert!(
        run.out.contains("stream.records[0].libxc.records[2].body") && run.out.contains("truncated"),
        "{}",
        run.out
    );
    assert!(!bench.folder().join("out").exists());
    Ok(())
}

#[test]
fn files_without_pages_are_refused() -> Result {
    let bench = Bench::new()?;
    let old = concat!(env!("CARGO_MANIFEST_DIR"), "/../../generated-tests/samples/xl/legacy-hvm64.xlsave");
    bench.file("old.xlsave", fs::read(old)?)?;
    let said = "old.xlsave: expected a libxl stream, as written since Xen 4.6 (unsupported)\n";
    bench.run("ram old.xlsave -o out")?.gives(1, said);
    Ok(())
}

#[test]
fn a_packed_stream_is_unpacked() -> Result {
    let bench = Bench::new()?;
    bench.image("image.save", &[])?;
    let run = bench.run("ram image.save -o out")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(
        run.out.contains("image.save: copied 2048 pages of 4096 bytes of pc.ram to out/pc.ram.bin\n"),
        "{}",
        run.out
    );
    assert_eq!(fs::metadata(bench.folder().join("out/pc.ram.bin"))?.len(), 8 << 20);
    Ok(())
}

/// A stream of two blocks, of which the second has a name that would lead out of the folder.
fn stream() -> Vec<u8> {
    let name = b"../b";
    let head =
        [b"QEVM\0\0\0\x03\x01\0\0\0\x02\x03ram\0\0\0\0\0\0\0\x04".as_slice(), &0x3004_u64.to_be_bytes()].concat();
    let blocks = [b"\x01a".as_slice(), &0x1000_u64.to_be_bytes(), b"\x04", name, &0x2000_u64.to_be_bytes()].concat();
    let page = [&0x1008_u64.to_be_bytes(), b"\x04".as_slice(), name, &[b'b'; 4096]].concat();
    let zero = [&0x0022_u64.to_be_bytes(), b"\0".as_slice()].concat();
    [head, blocks, page, zero, 0x10_u64.to_be_bytes().to_vec(), b"\0".to_vec()].concat()
}

#[test]
fn blocks_of_a_stream_are_files_in_the_folder() -> Result {
    let bench = Bench::new()?;
    bench.file("tape", [vec![0xee; 1000], stream()].concat())?;
    let said = "tape: left out a of 4096 bytes: nothing of it is in the stream\n\
                tape: copied 2 pages of 4096 bytes of ../b to new/out/..%2fb.bin\n";
    bench.run("ram --offset 1000 tape -o new/out")?.gives(0, said);
    let memory = fs::read(bench.folder().join("new/out/..%2fb.bin"))?;
    assert_eq!(memory, [[0; 4096], [b'b'; 4096]].concat());
    assert_eq!(fs::read_dir(bench.folder().join("new/out"))?.count(), 1);
    bench.run("ram --offset 1000 tape -o new/out")?.gives(2, "");
    Ok(())
}

#[test]
fn a_block_in_part_is_told() -> Result {
    let bench = Bench::new()?;
    let mut bytes = stream();
    let zero = bytes.len().saturating_sub(18);
    bytes.drain(zero..zero.saturating_add(9));
    bench.file("stream", bytes)?;
    let run = bench.run("ram stream -o out")?;
    assert_eq!(run.code, Some(1));
    let said = "copied in part 1 pages of 4096 bytes of ../b to out/..%2fb.bin; 1 pages were not sent";
    assert!(run.out.contains(said), "{}", run.out);
    Ok(())
}

#[test]
fn the_stream_in_a_save_image_is_followed() -> Result {
    for name in ["lv9-raw-paused.save", "lv11-sparse.save"] {
        let Some(image) = samples::unpacked(&samples::fixtures().join("libvirt").join(name))? else { continue };
        let bench = Bench::new()?;
        bench.file("image", &image)?;
        assert_eq!(bench.run("ram image -o out")?.code, Some(0));
        assert_eq!(fs::metadata(bench.folder().join("out/pc.ram.bin"))?.len(), 8 << 20);
        if name.contains("raw") {
            bench.file("tape", [vec![0xee; 1000], image].concat())?;
            assert_eq!(bench.run("ram --offset 1000 tape -o again")?.code, Some(0));
            let memories = ["out", "again"].map(|at| fs::read(bench.folder().join(at).join("pc.ram.bin")));
            let [one, other] = memories;
            assert!(one? == other?);
        }
    }
    Ok(())
}

/// Pages of a real migration that went through two further connections.
#[test]
fn connections_bring_their_pages() -> Result {
    let file = |name: &str| samples::unpacked(&samples::fixtures().join(format!("qevm/q7-pc-multifd.qevm{name}")));
    let (Some(main), Some(first), Some(second)) = (file("")?, file(".ch1")?, file(".ch2")?) else { return Ok(()) };
    let bench = Bench::new()?;
    for (name, bytes) in [("main", main), ("first", first), ("second", second)] {
        bench.file(name, bytes)?;
    }
    let run = bench.run("ram --channel second --channel first -o out main")?;
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(run.out.contains("2048 pages of 4096 bytes of pc.ram"), "{}", run.out);
    assert_eq!(bench.run("ram --channel first -o part main")?.code, Some(1), "pages of the second are missing");
    let none = bench.run("ram --channel none -o other main")?;
    assert!(none.code == Some(2) && none.err.contains("none:"), "{}", none.err);
    Ok(())
}
