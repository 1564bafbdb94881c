//! `vmspec roundtrip`: what comes out of a read and a write is what went in.

use crate::harness;

use harness::{Bench, Result, sample};

#[test]
fn a_real_image_comes_out_as_it_went_in() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    let verdict = format!("a.save: identical (libvirt_save, {} bytes)\n", image.len());
    let run = bench.run("roundtrip a.save")?;
    run.gives(0, &verdict);
    assert_eq!(run.err, "");
    Ok(())
}

#[test]
fn an_image_behind_something_else() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.bin", [b"something else".as_slice(), &image].concat())?;
    let verdict = format!("a.bin: identical (libvirt_save, {} bytes)\n", image.len());
    bench.run("roundtrip --offset 14 a.bin")?.gives(0, &verdict);
    Ok(())
}

#[test]
fn the_stream_comes_out_as_it_went_in() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    let verdict = "a.save: identical (qevm, 572360 bytes that zstd packed)\n";
    bench.run("roundtrip --stream a.save")?.gives(0, verdict);
    bench.file("a.bin", [vec![0xee; 512], image].concat())?;
    bench.run("roundtrip --offset 512 --stream a.bin")?.gives(0, &verdict.replace("a.save", "a.bin"));
    let run = bench.run("roundtrip --stream --max-unpacked 64K a.save")?;
    assert!(run.out.contains("no more than 65536 bytes"), "{}", run.out);
    assert_eq!(run.code, Some(1));
    Ok(())
}

#[test]
fn what_cannot_be_read_is_refused() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[(28, &[7])])?;
    let run = bench.run("roundtrip a.save")?;
    assert!(run.out.starts_with("a.save: 0x1c: header.format: "), "{}", run.out);
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    Ok(())
}

#[test]
fn every_file_is_looked_at_and_the_worst_decides() -> Result {
    let (bench, image) = (Bench::new()?, sample()?);
    bench.file("a.save", &image)?;
    let verdict = format!("a.save: identical (libvirt_save, {} bytes)\n", image.len());
    let run = bench.run("roundtrip nowhere.save a.save")?;
    run.gives(2, &verdict);
    assert!(run.err.starts_with("error: nowhere.save: "), "{}", run.err);
    Ok(())
}
