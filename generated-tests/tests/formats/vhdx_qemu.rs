//! `qemu-img` takes the VHDX files that are left here, replays what is logged here, and sees the same disk. Without the
//! program the tests say that they are skipped.
//!
//! It replays a log as the specification says only where that is one sequence from the start of the log, or one entry
//! anywhere, of at most 126 descriptors, and the file does not grow. So only such logs are compared.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use vmspec::vhdx::{self, Disk, LogGuids, LogWriter};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::held;
use vmspec_generated_tests::vhdx::entry::{Change, Draft, place_sequence};
use vmspec_generated_tests::vhdx::random::{LOG_LENGTH, Random};
use vmspec_generated_tests::vhdx::{SECTOR, Sparse, Verdict, image, oracle};
use vmspec_runtime::Guid;
use vmspec_runtime::journal::Storage;

const MIB: u64 = 1 << 20;
/// The log of every image here.
const LOG: Range<u64> = MIB..2 * MIB;

/// Runs the program; none, and `skipped:` said, where there is none.
fn qemu_img(arguments: &[&str], path: &Path) -> Option<Output> {
    let output = Command::new("qemu-img").args(arguments).arg(path).output();
    if output.is_err() {
        println!("skipped: no program qemu-img");
    }
    output.ok()
}

/// A file in a folder that goes away with it.
struct Written {
    _folder: TempDir,
    path: PathBuf,
}

impl Written {
    fn new(file: &Sparse) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("disk.vhdx");
        fs::write(&path, file.bytes()).unwrap();
        Self { _folder: folder, path }
    }

    fn read(&self) -> Sparse {
        Sparse::from_bytes(&fs::read(&self.path).unwrap())
    }
}

/// The program has nothing to say against a file. False where there is no program.
#[track_caller]
fn is_clean(file: &Sparse) -> bool {
    let written = Written::new(file);
    let Some(output) = qemu_img(&["check", "-f", "vhdx"], &written.path) else { return false };
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("No errors were found"), "{said}");
    assert_eq!(written.read(), *file, "it is not written");
    true
}

/// The file as the program leaves it when it has replayed its log.
#[track_caller]
fn replayed_by_qemu(file: &Sparse) -> Option<Sparse> {
    let written = Written::new(file);
    let output = qemu_img(&["check", "-r", "all", "-f", "vhdx"], &written.path)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(written.read())
}

/// A file as the library leaves it.
#[track_caller]
fn replayed_here(file: &Sparse) -> Sparse {
    let mut after = file.clone();
    let entries = held::replay(&mut after).unwrap();
    assert!(entries.is_some(), "there is something to replay");
    after
}

/// Both make the same of a file, headers and log apart, and the program then takes what the library left. False where
/// there is no program.
#[track_caller]
fn replays_alike(file: &Sparse) -> bool {
    let here = replayed_here(file);
    let Some(there) = replayed_by_qemu(file) else { return false };
    assert_eq!(here.first_difference(&there, &[oracle::HEADER_BYTES, LOG]), None);
    is_clean(&here)
}

/// What the program reads from a disk.
fn raw_by_qemu(file: &Sparse) -> Option<Vec<u8>> {
    let written = Written::new(file);
    let to = written.path.with_extension("raw");
    let output =
        Command::new("qemu-img").args(["convert", "-f", "vhdx", "-O", "raw"]).arg(&written.path).arg(&to).output();
    let Ok(output) = output else {
        println!("skipped: no program qemu-img");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(fs::read(to).unwrap())
}

/// What the library reads from it.
fn raw_here(file: &Sparse) -> Vec<u8> {
    let mut disk = Disk::open(vhdx::overlay(file.clone()).unwrap()).unwrap();
    let mut bytes = vec![0; usize::try_from(disk.len().unwrap()).unwrap()];
    disk.read_at(0, &mut bytes).unwrap();
    bytes
}

#[test]
fn images_made_here_are_taken() {
    let file = image::clean(LOG_LENGTH);
    if !is_clean(&file) {
        return;
    }
    let raw = raw_here(&file);
    assert!(raw_by_qemu(&file).unwrap() == raw, "the same disk");
    assert_eq!(u64::try_from(raw.len()), Ok(image::DISK_SIZE));
    assert_eq!(raw[100..120], *b"what the guest wrote");
}

#[test]
fn samples_are_taken_once_replayed() {
    let mut count = 0;
    for line in String::from_utf8(harness::sample("vhdx/expected.tsv")).unwrap().lines() {
        let name = line.split('\t').next().unwrap();
        let Some(bytes) = harness::packed_sample(&format!("vhdx/{name}")) else { return };
        let file = Sparse::from_bytes(&bytes);
        if let Verdict::Replay(_) = oracle::verdict(&file) {
            if !is_clean(&replayed_here(&file)) {
                return;
            }
            count += 1;
        }
    }
    assert_eq!(count, 11, "samples with a log");
}

#[test]
fn a_file_that_qemu_left_in_the_middle_is_replayed_as_by_qemu() {
    let Some(bytes) = harness::packed_sample("vhdx/crash-a-w8.vhdx") else { return };
    let file = Sparse::from_bytes(&bytes);
    if replays_alike(&file) {
        assert!(raw_by_qemu(&replayed_here(&file)).unwrap() == raw_here(&file), "the same disk");
    }
}

#[test]
fn the_dirty_image_of_qemu_s_own_tests_is_replayed_as_by_qemu() {
    let Some(bytes) = harness::decompressed("vhdx/iotest-dirtylog-10G-4M.vhdx") else { return };
    replays_alike(&Sparse::from_bytes(&bytes));
}

#[test]
fn disks_are_read_as_by_qemu() {
    for name in ["dyn-64m-b1m", "fixed-4m", "ok-1data"] {
        let Some(bytes) = harness::packed_sample(&format!("vhdx/{name}.vhdx")) else { return };
        let file = Sparse::from_bytes(&bytes);
        let clean = oracle::verdict(&file) == Verdict::Clean;
        let Some(raw) = raw_by_qemu(&if clean { file.clone() } else { replayed_here(&file) }) else { return };
        assert!(raw == raw_here(&file), "{name}");
    }
}

/// Changes of sectors of the blocks, none of them twice.
fn changes(random: &mut Random, count: u64) -> Vec<Change> {
    let block = image::blocks_at(LOG_LENGTH);
    let change = |n: u64| {
        let at = block + (n * 3 + random.below(3)) * SECTOR;
        if random.percent(30) { Change::Zeros(at, SECTOR) } else { Change::Data(at, random.number()) }
    };
    (0..count).map(change).collect()
}

#[test]
fn single_entries_anywhere_are_replayed_as_by_qemu() {
    let mut random = Random::new(3);
    for (count, start) in [(1, 0), (2, 255), (3, 254), (40, 230), (125, 100), (126, 0), (126, 200), (126, 255), (7, 9)]
    {
        let mut file = image::dirty(LOG_LENGTH);
        let log = image::log(LOG_LENGTH);
        let draft = Draft::new(log, random.number() | 1, 0, changes(&mut random, count));
        place_sequence(&mut file, log, start * SECTOR, &[draft]);
        if !replays_alike(&file) {
            return;
        }
    }
}

/// A sector for the library's own writer.
fn written((at, bytes): &(u64, [u8; 4096])) -> vhdx::Change<'_> {
    vhdx::Change::Bytes { at: *at, bytes }
}

/// What is logged by the library's own writer, and left there.
#[test]
fn sessions_that_were_not_finished_are_replayed_by_qemu() {
    let guids = LogGuids { file_write: Guid([1; 16]), data_write: None, log: Guid([2; 16]) };
    let block = image::blocks_at(LOG_LENGTH);
    for count in [1, 2, 3, 50, 125, 126] {
        let mut file = image::clean(LOG_LENGTH);
        let mut writer = LogWriter::start(&mut file, guids).unwrap();
        let sector = |n: u64| vmspec_generated_tests::vhdx::entry::payload(n + count);
        let sectors: Vec<_> = (0..count).map(|n| (block + 2 * n * SECTOR, sector(n))).collect();
        writer.append(&mut file, &sectors.iter().map(written).collect::<Vec<_>>()).unwrap();
        drop(writer);
        let Verdict::Replay(it) = oracle::verdict(&file) else { panic!("it is to be replayed") };
        assert_eq!((it.entries, u64::try_from(it.descriptors)), (2, Ok(count)));
        for (at, bytes) in &sectors {
            assert!(it.file.sector(*at) == bytes);
        }
        if !replays_alike(&file) {
            return;
        }
    }
}

#[test]
fn sessions_that_were_finished_are_taken() {
    let guids = LogGuids { file_write: Guid([1; 16]), data_write: Some(Guid([3; 16])), log: Guid([2; 16]) };
    let mut file = image::clean(LOG_LENGTH);
    let at = image::blocks_at(LOG_LENGTH) + 70_000;
    let mut writer = LogWriter::start(&mut file, guids).unwrap();
    writer.append_all(&mut file, &[vhdx::Change::Bytes { at, bytes: &vec![7; 900_000] }]).unwrap();
    writer.append_all(&mut file, &[vhdx::Change::Zeros { at: at + 5, length: 10 }]).unwrap();
    writer.finish(&mut file).unwrap();
    assert_eq!(oracle::verdict(&file), Verdict::Clean);
    if is_clean(&file) {
        let raw = raw_by_qemu(&file).unwrap();
        assert_eq!(raw[70_000..70_020], [&[7; 5][..], &[0; 10], &[7; 5]].concat());
        assert!(raw == raw_here(&file));
    }
}
