//! Journals as they lie in a file: the reference interpreter finds in a ring what the generated scan finds in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation
)]

use vmspec_codegen::interpret::journal::Scan;
use vmspec_codegen::interpret::{Bytes, Wanted};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::differential::model;
use vmspec_generated_tests::differential::scans::{agree, interpreted, lies_there};
use vmspec_generated_tests::features::{journal as words, journal_pairs as pairs};
use vmspec_generated_tests::held::{scanned, scanned_as};
use vmspec_generated_tests::vhdx::random::{Random, case};
use vmspec_generated_tests::vhdx::{Sparse, oracle};
use vmspec_runtime::{Blob, Guid, Reserved, Wire};

/// All entries, and of each list a few elements.
fn wanted() -> Wanted {
    Wanted { first: 300, ..Wanted::default() }
}

fn are_held(scan: &Scan, bytes: &dyn Bytes) {
    assert_eq!(scan.held.len(), scan.entries.len());
    scan.held.values().for_each(|node| lies_there(node, bytes, scan));
}

#[test]
fn samples_are_seen_alike() {
    let table = String::from_utf8(harness::sample("vhdx/expected.tsv")).unwrap();
    for line in table.lines() {
        let (name, rest) = line.split_once('\t').unwrap();
        let Some(bytes) = harness::packed_sample(&format!("vhdx/{name}")) else { continue };
        let scan = scanned(&Sparse::from_bytes(&bytes)).expect("a file with a log");
        let replayed = rest.strip_prefix("replay ").and_then(|rest| rest.split('\t').next()?.parse().ok());
        match replayed {
            Some(0) => assert!(!scan.live, "{name}"),
            Some(n) => assert_eq!((scan.live, scan.active.len()), (true, n), "{name}"),
            None => assert!(scan.live, "{name}"),
        }
    }
}

#[test]
fn random_logs_are_seen_alike_and_as_the_oracle_does() {
    let mut counts = [0; 3];
    for seed in 1..=600 {
        let file = case(seed).file;
        let verdict = oracle::verdict(&file);
        let Some(scan) = scanned(&file) else { continue };
        counts[0] += 1;
        scanned_as(&scan, &verdict);
        counts[1] += usize::from(scan.active.len() > 1);
        counts[2] += usize::from(scan.rejected_in_all > 0);
    }
    assert!(counts[0] > 500 && counts[1] > 100 && counts[2] > 100, "{counts:?}");
}

fn written<T: Wire>(value: &T, args: T::Args<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.write_with(&mut bytes, vmspec_runtime::Endian::Little, args).unwrap();
    bytes
}

/// Puts the bytes of an entry into a ring, and brings them round its end.
fn place(file: &mut [u8], (at, size): (usize, usize), start: usize, bytes: &[u8]) {
    for (i, byte) in bytes.iter().enumerate() {
        file[at + (start + i) % size] = *byte;
    }
}

/// A ring that holds anything: `entry` makes one of a number and a tail, in strides.
fn ring(
    random: &mut Random,
    file: &mut [u8],
    of: (usize, usize, usize),
    entry: &dyn Fn(&mut Random, u64, u64) -> Vec<u8>,
) {
    let (at, size, stride) = of;
    let strides = (size / stride) as u64;
    for _ in 0..=random.below(3) {
        let first = random.below(strides);
        let (mut start, mut number) = (first as usize * stride, 3 + random.below(4));
        for _ in 0..=random.below(4) {
            let here = start as u64 / stride as u64;
            let anywhere = random.below(strides);
            let tail = random.pick(&[first, first, here, anywhere]);
            let mut bytes = entry(random, number, tail);
            if random.percent(12) {
                let i = random.below(bytes.len() as u64) as usize;
                bytes[i] ^= 1 << random.below(8);
            }
            bytes.truncate(size);
            place(file, (at, size), start, &bytes);
            start = (start + bytes.len()) % size;
            number += if random.percent(8) { 2 } else { 1 };
        }
    }
}

const ID: Guid = Guid([7; 16]);

fn pairs_entry(random: &mut Random, number: u64, tail: u64) -> Vec<u8> {
    let (mut descriptors, mut sectors) = (Vec::new(), Vec::new());
    for _ in 0..random.below(4) * random.below(9) {
        let place = 512 * (1 + random.below(20));
        if random.percent(40) {
            let zero = pairs::DescriptorBodyZero { reserved: Reserved([0; 4]), length: 512 * random.below(3) };
            descriptors.push(pairs::Descriptor { body: pairs::DescriptorBody::Zero(zero), place });
        } else {
            let data = pairs::DescriptorBodyData { trailing: [1; 4], leading: [2; 8] };
            descriptors.push(pairs::Descriptor { body: pairs::DescriptorBody::Data(data), place });
            sectors.push(pairs::LogSector { data: [number as u8; 500] });
        }
    }
    let entry = pairs::LogEntry {
        tail: tail as u32 * 512,
        number,
        reserved: Reserved([0; 4]),
        log_id: if random.percent(5) { Guid([9; 16]) } else { ID },
        flushed: random.pick(&[512, 1000]),
        last: 9000,
        descriptors,
        pad: vmspec_runtime::Padding::Zero,
        sectors,
    };
    written(&entry, ())
}

#[test]
fn random_rings_of_pairs_are_seen_alike() {
    let mut random = Random::new(1);
    let mut counts = [0; 2];
    for round in 0..1000 {
        let head = pairs::DiskHead { log_at: 1024, log_size: 8192, last: 2, log_id: ID };
        let slack = Blob::Bytes(vec![0x11; 512]);
        let disk = pairs::Disk { head, log: Blob::Bytes(vec![0; 8192]), log_gap: 992, slack };
        let mut file = written(&disk, ());
        ring(&mut random, &mut file, (1024, 8192, 512), &pairs_entry);
        let journal = pairs::Disk::parse(&file).unwrap().0.log_journal().unwrap().unwrap();
        let scan = interpreted(model("journal_pairs.yaml"), &file.as_slice(), &wanted()).unwrap();
        agree(journal.scan(&mut &file[..]), &scan);
        are_held(&scan, &file.as_slice());
        counts[0] += usize::from(scan.active.len() > 1);
        counts[1] += usize::from(scan.rejected_in_all > 0);
        assert!(scan.live, "{round}");
    }
    assert!(counts[0] > 100 && counts[1] > 200, "{counts:?}");
}

fn words_entry(random: &mut Random, number: u64, first: u64) -> Vec<u8> {
    // Seven is one that counts, and may be there twice.
    let places = (0..=random.below(20)).map(|_| random.pick(&[7, 8, 9, 10, 100, 2000])).collect::<Vec<u16>>();
    let changes: Vec<_> = places.iter().map(|place| words::Change { place: *place, data: [*place as u8; 6] }).collect();
    let used = 18 + 8 * changes.len() as u64;
    let unused = used.next_multiple_of(64) - used;
    let epoch = if random.percent(5) { 6 } else { 7 };
    let entry =
        words::Entry { version: 1, epoch, number: number as u16, first: first as u8, end: 700, changes, unused };
    let mut bytes = Vec::new();
    // One that breaks a rule over its list is put together from one that does not.
    if entry.write_with(&mut bytes, vmspec_runtime::Endian::Big, ()).is_err() {
        return words_entry(random, number, first);
    }
    if random.percent(15) {
        bytes[18..20].copy_from_slice(&random.pick(&[3_u16, 7, 29_000]).to_be_bytes());
        bytes[14..18].fill(0);
        let sum = vmspec_runtime::sum32(&bytes);
        bytes[14..18].copy_from_slice(&sum.to_be_bytes());
    }
    bytes
}

/// Entries may overlap: no stride of them says what it is.
#[test]
fn random_rings_of_words_are_seen_alike() {
    let mut random = Random::new(2);
    let mut counts = [0; 2];
    for _ in 0..2000 {
        let (log_size, log) = (1024, Some(Blob::Bytes(vec![0; 1024])));
        let (log_gap, slack) = (Blob::Bytes(vec![1; 52]), Blob::Bytes(vec![0x22; 100]));
        let store = words::Store { clean: false, epoch: 7, start_of_log: 64, log_size, log_gap, log, slack };
        let mut file = written(&store, ());
        ring(&mut random, &mut file, (64, 1024, 64), &words_entry);
        let journal = words::Store::parse(&file).unwrap().0.log_journal().unwrap().unwrap();
        let scan = interpreted(model("journal.yaml"), &file.as_slice(), &wanted()).unwrap();
        agree(journal.scan(&mut &file[..]), &scan);
        are_held(&scan, &file.as_slice());
        counts[0] += usize::from(scan.active.len() > 1);
        counts[1] += usize::from(scan.rejected_in_all > 0);
    }
    assert!(counts[0] > 300 && counts[1] > 300, "{counts:?}");
}

/// Thirty-two strides that each claim to be an entry of all of them: more than sixteen times the ring.
#[test]
fn entries_that_overlap_too_much_are_refused_alike() {
    let log_size = 4096_u16;
    let log = Some(Blob::Bytes(vec![0; log_size.into()]));
    let (log_gap, slack) = (Blob::Bytes(vec![1; 52]), Blob::Bytes(vec![]));
    let store = words::Store { clean: false, epoch: 7, start_of_log: 64, log_size, log_gap, log, slack };
    let mut file = written(&store, ());
    for stride in 0..64 {
        let at = 64 + stride * 64;
        file[at..at + 10].copy_from_slice(&[b'J', b'!', 64, 1, 0, 7, 0, 1, 0, 1]);
    }
    let journal = words::Store::parse(&file).unwrap().0.log_journal().unwrap().unwrap();
    let scan = interpreted(model("journal.yaml"), &file.as_slice(), &wanted()).unwrap();
    agree(journal.scan(&mut &file[..]), &scan);
    assert_eq!((scan.trouble.map(|why| why.class.name()), scan.entries.len()), (Some("limit"), 0));
}

#[test]
fn a_ring_of_part_of_a_stride_is_refused_alike() {
    let file = [b"STORE\0\0\x07\0\x0e\0\x04\xff\xff".as_slice(), &[1, 2, 3, 4]].concat();
    let refused = words::Store::parse(&file).unwrap().0.log_journal().unwrap_err();
    let scan = interpreted(model("journal.yaml"), &file.as_slice(), &wanted()).unwrap();
    let trouble = scan.trouble.unwrap();
    assert_eq!((refused.class().name(), refused.offset()), (trouble.class.name(), trouble.offset));
}
