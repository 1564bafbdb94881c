//! Disks whose sectors have 4096 bytes for the guest: a bitmap is about eight times as many blocks as with 512, so that
//! entries of other blocks lie behind those of bitmaps.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions)]

use std::fs;
use std::process::Command;

use tempfile::TempDir;
use vmspec::vhdx::{self, Block, BlockMap, VhdxContents};
use vmspec_generated_tests::Wire;
use vmspec_generated_tests::differential::Pair;
use vmspec_generated_tests::vhdx::sectors::{Disk, SECTOR_SIZE, disk};
use vmspec_runtime::journal::{Storage, StorageReader};
use vmspec_runtime::{Endian, Findings};

const MIB: u32 = 1 << 20;
/// Sizes of a block, and how many blocks a bitmap is about by MS-VHDX 2.5: 2^23 sectors.
const RATIOS: [(u32, u64); 3] = [(MIB, 32768), (2 * MIB, 16384), (32 * MIB, 1024)];

fn map(disk: &Disk) -> BlockMap {
    BlockMap::read(&mut disk.file.clone()).unwrap()
}

#[test]
fn tables_say_where_blocks_are() {
    for (block_size, ratio) in RATIOS {
        let disk = disk(block_size, None);
        assert_eq!(disk.ratio, ratio);
        let map = map(&disk);
        assert_eq!((map.sector_size(), map.size(), map.blocks()), (u64::from(SECTOR_SIZE), disk.size, disk.count()));
        let mut found = Vec::new();
        for index in 0..=map.blocks() {
            if let Block::At(at) = map.block(&mut disk.file.clone(), index).unwrap() {
                found.push((index, at));
            }
        }
        assert_eq!(found, disk.blocks, "blocks of {block_size}");
    }
}

#[test]
fn the_table_is_as_long_as_it_has_to_be() {
    for (block_size, _) in RATIOS {
        let disk = disk(block_size, None);
        let (contents, _) = VhdxContents::parse(&disk.file.read(0, 4 << 20)).unwrap();
        let mut entries = 0;
        let mut source = StorageReader::new(disk.file.clone());
        let count = |index, _| {
            entries = index + 1;
            Ok(())
        };
        contents.each_of_bat(&mut source, count).unwrap();
        assert_eq!((contents.count_of_bat(), entries), (disk.entries(), disk.entries()));
        let mut findings = Findings::default();
        let verified = vhdx::verify(disk.file.clone(), &mut findings).unwrap();
        assert_eq!((verified.entries, verified.has_parent, findings.finish().len()), (0, false, 0));
    }
}

/// With another size of sectors the same entries are those of other blocks.
#[test]
fn the_size_of_sectors_counts() {
    let right = disk(MIB, None);
    let wrong = map(&disk(MIB, Some(512)));
    assert_eq!(wrong.sector_size(), 512);
    let found: Vec<_> = right.blocks.map(|(index, _)| wrong.block(&mut right.file.clone(), index).unwrap()).into();
    assert_eq!(found, [Block::At(right.blocks[0].1), Block::Absent, Block::Absent, Block::Absent]);
}

#[test]
fn the_guest_sees_what_is_in_the_blocks() {
    for (block_size, _) in RATIOS {
        let disk = disk(block_size, None);
        let mut raw = vhdx::Disk::open(disk.file.clone()).unwrap();
        assert_eq!(raw.len().unwrap(), disk.size);
        let mut sector = [0; SECTOR_SIZE as usize];
        for (index, _) in disk.blocks {
            let (start, [first, last]) = (index * disk.block_size, Disk::marks(index));
            raw.read_at(start, &mut sector).unwrap();
            assert!(sector.starts_with(&first), "the first sector of block {index}");
            let end = start + disk.block_size - u64::from(SECTOR_SIZE);
            if end < disk.size {
                raw.read_at(end, &mut sector).unwrap();
                assert!(sector.starts_with(&last), "the last sector of block {index}");
            }
        }
        let mut two = [1; 2 * SECTOR_SIZE as usize];
        raw.read_at(2 * disk.block_size - u64::from(SECTOR_SIZE), &mut two).unwrap();
        assert!(two.iter().all(|byte| *byte == 0), "blocks that are not in the file");
        assert!(raw.read_at(disk.size - 1, &mut two).is_err(), "behind the end");
    }
}

#[test]
fn the_interpreter_reads_the_same() {
    let pair = Pair::<VhdxContents>::new(vhdx::SPEC, Endian::Little);
    let disk = disk(32 * MIB, None);
    // All tables lie in front of the blocks.
    let bytes = disk.file.read(0, 4 << 20);
    assert!(pair.agree(&bytes, &|| "tables of a disk with large sectors".to_owned()));
}

/// QEMU knows no such disk, whatever else is right: the same file with the usual sectors is none that it refuses for that.
#[test]
fn qemu_takes_sectors_of_512_bytes_alone() {
    let said = |named| {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("disk.vhdx");
        fs::write(&path, disk(MIB, named).file.bytes()).unwrap();
        let output = Command::new("qemu-img").args(["info", "-f", "vhdx"]).arg(&path).output().ok()?;
        Some((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
    };
    let Some((success, why)) = said(None) else {
        println!("skipped: no program qemu-img");
        return;
    };
    assert!(!success && why.contains("Operation not supported"), "{why}");
    assert_eq!(said(Some(512)), Some((true, String::new())));
}
