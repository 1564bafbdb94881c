//! VHDX logs that ask for much: long entries, long ranges, many entries, large rings. What they cost is counted in bytes
//! read and bytes held, so that it is the same on every machine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use vmspec::vhdx::{BlockMap, BrokenLog, Recovery};
use vmspec_codegen::interpret::{Value, Wanted};
use vmspec_generated_tests::counting::peak;
use vmspec_generated_tests::differential::model;
use vmspec_generated_tests::differential::scans::interpreted;
use vmspec_generated_tests::held;
use vmspec_generated_tests::vhdx::entry::{Change, Draft, place, place_sequence};
use vmspec_generated_tests::vhdx::{Refusal, SECTOR, Sparse, Verdict, image, oracle, put_checksum};
use vmspec_runtime::journal::Storage;
use vmspec_runtime::{Class, Result};

const MIB: u32 = 1 << 20;
/// What is held whatever the log: two pieces of it, each of 256 KiB, and an error.
const CONSTANT: usize = 600 << 10;

/// Finds out what is to be done to a file. It reads no more than so many times the log, and holds no more than a constant
/// and so much more.
#[track_caller]
fn find(file: &mut Sparse, log_length: u32, times: u64, more: usize) -> Result<Recovery> {
    let before = file.taken();
    let (held, recovery) = peak(|| Recovery::find(file, BrokenLog::Refuse));
    let taken = file.taken() - before;
    let most = times * u64::from(log_length) + (1 << 20);
    assert!(taken <= most, "{taken} bytes are read of a log of {log_length}");
    assert!(held <= CONSTANT + more, "{held} bytes are held, not {}", CONSTANT + more);
    recovery
}

/// Nothing can be replayed.
#[track_caller]
fn refused(mut file: Sparse, log_length: u32, more: usize) {
    let e = find(&mut file, log_length, 3, more).expect_err("it is refused");
    assert_eq!(e.class(), Class::Invalid, "{e}");
}

/// An entry that belongs to the log.
fn entry(log_length: u32, sequence: u64, start: u64, changes: Vec<Change>) -> Draft {
    Draft::new(image::log(log_length), sequence, start, changes)
}

/// A word put into an entry, whose checksum is made right again.
fn with_word(mut draft: Draft, at: u64, word: u32) -> Vec<u8> {
    draft.patches.push((at, word.to_le_bytes().to_vec()));
    draft.bytes()
}

#[test]
fn the_allocator_counts() {
    assert!(peak(|| drop(vec![1_u8; 100_000])).0 >= 100_000);
    assert!(peak(|| drop(vec![0_u8; 100_000])).0 >= 100_000);
}

/// A scan that passed over what such an entry claims would come back to where it was.
#[test]
fn an_entry_as_long_as_the_log_with_a_wrong_sum() {
    let log = image::log(MIB);
    let mut file = image::dirty(MIB);
    let mut bytes = with_word(entry(MIB, 9, 0, vec![]), 8, MIB);
    bytes[4] ^= 1;
    place(&mut file, log, 0, &bytes);
    refused(file.clone(), MIB, 0);
    let block = image::blocks_at(MIB);
    place_sequence(&mut file, log, 7 * SECTOR, &[entry(MIB, 5, 0, vec![Change::Data(block, 1)])]);
    assert_eq!(find(&mut file, MIB, 3, 0).unwrap().entries().len(), 1);
    let Verdict::Replay(expected) = oracle::verdict(&file) else { panic!("a valid entry") };
    held::replay(&mut file).unwrap();
    assert_eq!(file.first_difference(&expected.file, &[oracle::HEADER_BYTES]), None);
}

#[test]
fn ranges_of_zeros_that_no_file_has() {
    let block = image::blocks_at(MIB);
    let log = image::log(MIB);
    for (at, n) in [
        (block, u64::MAX - 4095),
        (block, 0_u64.wrapping_sub(block)),
        (block, (1 << 63) - block),
        (u64::MAX - 4095, 4096),
        ((1 << 63) - 4096, 4096),
    ] {
        let mut file = image::dirty(MIB);
        let changes = vec![Change::Data(block, 1), Change::Zeros(at, n)];
        place_sequence(&mut file, log, 0, &[entry(MIB, 5, 0, changes)]);
        assert_eq!(oracle::verdict(&file), Verdict::Refuse(Refusal::Range), "{n:#x} at {at:#x}");
        refused(file.clone(), MIB, 0);
        let mut after = file.clone();
        assert!(held::replay(&mut after).is_err() && after == file);
    }
}

/// Such a file can be, with holes. It costs what is in it, whatever its length.
#[test]
fn long_ranges_of_zeros_cost_nothing() {
    let (block, n) = (image::blocks_at(MIB), 1 << 62);
    let mut file = image::dirty(MIB);
    place_sequence(&mut file, image::log(MIB), 0, &[entry(MIB, 5, 0, vec![Change::Zeros(block, n)])]);
    let recovery = find(&mut file, MIB, 3, 0).unwrap();
    assert_eq!(recovery.length(), block + n);
    let (held, outcome) = peak(|| held::replay(&mut file));
    assert!(outcome.is_ok() && held <= CONSTANT, "{held}");
    assert_eq!((file.length(), file.read(block + 100, 20)), (block + n, vec![0; 20]));
}

#[test]
fn more_descriptors_than_an_entry_has_room_for() {
    for log_length in [MIB, 64 * MIB] {
        for count in [u32::MAX, 1 << 27, log_length / 32, log_length / 32 - 1, log_length / 32 - 2] {
            let mut file = image::dirty(log_length);
            let mut draft = entry(log_length, 5, 0, vec![Change::Zeros(image::blocks_at(log_length), SECTOR); 126]);
            draft.patches.push((8, log_length.to_le_bytes().to_vec()));
            place(&mut file, image::log(log_length), 0, &with_word(draft, 24, count));
            // The descriptors that are there may be held, and those of a piece.
            refused(file, log_length, 1 << 20);
        }
    }
}

/// Zeros are no descriptors, so what comes behind the first ones ends the entry however many there should be.
#[test]
fn an_entry_of_1_gib_of_which_little_is_there() {
    let log_length = 1 << 30;
    let mut file = image::dirty(log_length);
    let mut draft = entry(log_length, 5, 0, vec![Change::Zeros(image::blocks_at(log_length), SECTOR); 126]);
    draft.patches.push((8, log_length.to_le_bytes().to_vec()));
    place(&mut file, image::log(log_length), 0, &with_word(draft, 24, log_length / 32 - 2));
    let mut bytes =
        with_word(entry(log_length, 6, 0, vec![Change::Data(image::blocks_at(log_length), 1)]), 8, log_length);
    bytes[4] ^= 0x80;
    place(&mut file, image::log(log_length), u64::from(log_length) - SECTOR, &bytes);
    refused(file, log_length, 1 << 20);
}

#[test]
fn a_tail_anywhere() {
    let log = image::log(MIB);
    let block = image::blocks_at(MIB);
    let mut counts = [0; 2];
    let strange = [1, 512, 4095, u64::from(MIB), u64::from(MIB) + SECTOR, u64::from(u32::MAX), 1 << 31];
    for tail in (0..u64::from(MIB)).step_by(4096).chain(strange) {
        let mut file = image::dirty(MIB);
        let mut start = 254 * SECTOR;
        for sequence in 5..9 {
            let changes = vec![Change::Data(block + sequence * SECTOR, sequence)];
            let draft = Draft { tail, ..entry(MIB, sequence, start, changes) };
            place(&mut file, log, start, &draft.bytes());
            start = (start + draft.length()) % log.length;
        }
        match oracle::verdict(&file) {
            Verdict::Replay(expected) => {
                counts[0] += 1;
                held::replay(&mut file).unwrap();
                assert_eq!(file.first_difference(&expected.file, &[oracle::HEADER_BYTES]), None, "{tail:#x}");
            }
            verdict => {
                counts[1] += 1;
                assert_eq!(verdict, Verdict::Refuse(Refusal::NoSequence), "{tail:#x}");
                refused(file, MIB, 0);
            }
        }
    }
    assert_eq!(counts, [4, 256 - 4 + strange.len()]);
}

/// What a sector of a ring looks like, by its number.
type Head = fn(u32, u64) -> Vec<u8>;

/// A log in every sector of which something starts that looks like an entry.
fn full_of(log_length: u32, head: Head) -> Sparse {
    let mut file = image::dirty(log_length);
    for index in 0..u64::from(log_length) / SECTOR {
        place(&mut file, image::log(log_length), index * SECTOR, &head(log_length, index));
    }
    file
}

/// However many entries claim to be however long, each byte is read a few times at most.
#[test]
fn sixty_four_mebibytes_of_heads() {
    let log_length = 64 * MIB;
    let claims: [Head; 5] = [
        |ring, index| with_word(entry(ring, index + 1, 0, vec![]), 8, ring),
        |ring, index| {
            with_word(entry(ring, index + 1, 0, vec![]), 8, ring / 2 - 4096 * u32::try_from(index % 100).unwrap())
        },
        |ring, index| with_word(entry(ring, index + 1, 0, vec![]), 8, 8192),
        |ring, index| with_word(entry(ring, index + 1, 0, vec![]), 24, 126),
        |ring, index| {
            let mut bytes = entry(ring, index + 1, 0, vec![]).bytes();
            bytes[4] ^= 1;
            bytes
        },
    ];
    for head in claims {
        let mut file = full_of(log_length, head);
        let e = find(&mut file, log_length, 3, 4 << 20).expect_err("none of it is valid");
        assert_eq!(e.class(), Class::Invalid);
    }
}

/// The reference interpreter holds the places of heads, the first that it rejects, and the entries that are wanted.
#[test]
fn the_interpreter_is_not_led_astray() {
    let claims: [(u32, Head, usize); 3] = [
        (64 * MIB, |ring, index| with_word(entry(ring, index + 1, 0, vec![]), 8, ring), 0),
        (8 * MIB, |ring, index| with_word(entry(ring, index + 1, 0, vec![]), 24, u32::MAX), 0),
        (8 * MIB, |ring, index| entry(ring, 10 + index, 0, vec![]).bytes(), 2048),
    ];
    for (log_length, head, active) in claims {
        let file = full_of(log_length, head);
        let wanted = Wanted { first: 20, ..Wanted::default() };
        let format = model("vhdx.yaml");
        let (held, scan) = peak(|| interpreted(format, &file, &wanted).unwrap());
        let heads = u64::from(log_length) / SECTOR;
        assert_eq!((scan.heads, scan.entries.len(), scan.active.len()), (heads, active, active));
        assert_eq!((scan.rejected.len(), scan.rejected_in_all), if active > 0 { (0, 0) } else { (32, heads) });
        assert_eq!(scan.held.len(), active.min(21), "the first and the last");
        assert!(held <= 4 << 20, "{held} bytes are held");
    }
}

/// Of an entry with very many descriptors those that are wanted are held, and all of them are looked at.
#[test]
fn the_interpreter_holds_what_is_wanted_of_a_long_entry() {
    let log_length = 8 * MIB;
    let block = image::blocks_at(log_length);
    let changes: Vec<_> = (0..2_000).map(|n| Change::Data(block + n * SECTOR, n)).collect();
    let mut file = image::dirty(log_length);
    place_sequence(&mut file, image::log(log_length), 3 * SECTOR, &[entry(log_length, 5, 0, changes)]);
    let wanted = Wanted { first: 4, paths: vec!["log[0].descriptors[1000]".to_owned()], checked: false };
    let format = model("vhdx.yaml");
    let (held, scan) = peak(|| interpreted(format, &file, &wanted).unwrap());
    assert_eq!((scan.entries.len(), scan.active.len()), (1, 1));
    let lists = scan.held[&0].record().unwrap().fields.iter().filter_map(|node| match &node.value {
        Value::Lazy(list) => Some((list.count, list.held.keys().copied().collect::<Vec<_>>())),
        _ => None,
    });
    let (ends, all) = (vec![0, 1, 2, 3, 1999], vec![0, 1, 2, 3, 1000, 1999]);
    assert_eq!(lists.collect::<Vec<_>>(), [(2000, all), (2000, ends)]);
    assert!(held <= 2 << 20, "{held} bytes are held");
}

#[test]
fn sixty_four_mebibytes_of_valid_entries() {
    let log_length = 64 * MIB;
    let all = usize::try_from(u64::from(log_length) / SECTOR).unwrap();
    let valid: [(Head, usize); 4] = [
        // One sequence of them all, which starts in the middle.
        (
            |ring, index| {
                let (count, tail) = (u64::from(ring) / SECTOR, u64::from(ring) / 2);
                entry(ring, 10 + (index + count / 2) % count, tail, vec![]).bytes()
            },
            all,
        ),
        // As many sequences of one.
        (|ring, index| entry(ring, 7, index * SECTOR, vec![]).bytes(), 1),
        (|ring, index| entry(ring, 100_000 - index, index * SECTOR, vec![]).bytes(), 1),
        // Sequences of two.
        (|ring, index| entry(ring, 1 + index / 2 * 3 + index % 2, index / 2 * 2 * SECTOR, vec![]).bytes(), 2),
    ];
    for (head, entries) in valid {
        let mut file = full_of(log_length, head);
        let recovery = find(&mut file, log_length, 4, 8 << 20).unwrap();
        assert_eq!(recovery.entries().len(), entries);
    }
}

#[test]
fn a_log_of_1_gib() {
    let log_length = 1 << 30;
    let mut file = image::dirty(log_length);
    let block = image::blocks_at(log_length);
    let start = u64::from(log_length) - 2 * SECTOR;
    let drafts =
        [1, 2].map(|n| entry(log_length, n, 0, vec![Change::Data(block, n), Change::Zeros(block + SECTOR, SECTOR)]));
    place_sequence(&mut file, image::log(log_length), start, &drafts);
    let recovery = find(&mut file, log_length, 2, 0).unwrap();
    assert_eq!(recovery.entries().len(), 2);
    let mut sector = [0; 4096];
    recovery.overlay(file).read_at(block, &mut sector).unwrap();
    assert!(sector == vmspec_generated_tests::vhdx::entry::payload(2));
}

/// An entry is held while it is looked at: its sectors, which are all there, and what is told of each.
#[test]
fn one_entry_in_all_of_64_mebibytes() {
    let log_length = 64 * MIB;
    let block = image::blocks_at(log_length);
    let changes: Vec<_> = (0..16_256).map(|n| Change::Data(block + n * SECTOR, n)).collect();
    let draft = entry(log_length, 5, 0, changes);
    assert_eq!(draft.length(), u64::from(log_length));
    let mut file = image::dirty(log_length);
    place_sequence(&mut file, image::log(log_length), 3 * SECTOR, &[draft]);
    let recovery = find(&mut file, log_length, 5, 72 << 20).unwrap();
    assert_eq!((recovery.entries().len(), recovery.descriptors()), (1, 16_256));
}

/// What is held of tables: the region of the metadata, which is 4 MiB at most, and what is made of it.
const TABLES: usize = 7 << 20;

/// Bytes of an item of the metadata, and where they are said to be.
struct Item {
    id: [u8; 16],
    at: u32,
    length: u32,
    flags: u32,
}

/// A file whose metadata has more items, in a region of so many bytes.
fn with_items(items: &[Item], length: u32) -> (Sparse, u64) {
    let mut file = image::clean(MIB);
    let (old, at) = (2 << 20, 64 << 20);
    let mut regions = file.read(192 << 10, 64 << 10);
    regions[64..72].copy_from_slice(&u64::to_le_bytes(at));
    regions[72..76].copy_from_slice(&length.to_le_bytes());
    put_checksum(&mut regions);
    let mut table = file.read(old, 32 + 5 * 32);
    table[10..12].copy_from_slice(&u16::try_from(5 + items.len()).unwrap().to_le_bytes());
    for item in items {
        table.extend(item.id);
        table.extend([item.at, item.length, item.flags, 0].into_iter().flat_map(u32::to_le_bytes));
    }
    let first = file.read(old + (64 << 10), 5 * 16);
    file.resize(at + u64::from(length));
    for table_at in [192 << 10, 256 << 10] {
        file.put(table_at, &regions);
    }
    file.put(at, &table);
    file.put(at + (64 << 10), &first);
    (file, at)
}

/// An identifier that means nothing.
fn own_id(n: u32) -> [u8; 16] {
    let mut id = *b"....of this test";
    id[..4].copy_from_slice(&n.to_le_bytes());
    id
}

const LOCATOR: [u8; 16] =
    [0x2d, 0x5f, 0xd3, 0xa8, 0x0b, 0xb3, 0x4d, 0x45, 0xab, 0xf7, 0xd3, 0xd8, 0x48, 0x34, 0xab, 0x0c];

#[test]
fn a_thousand_items() {
    let user_or_not = |n: u32| u32::from(n.is_multiple_of(2));
    let item = |n: u32| Item { id: own_id(n), at: MIB + n * 2048, length: 2048, flags: user_or_not(n) };
    let items: Vec<Item> = (0..1023).map(item).collect();
    let (mut file, _) = with_items(&items, 4 * MIB);
    let (held, map) = peak(|| BlockMap::read(&mut file));
    assert_eq!(map.unwrap().size(), image::DISK_SIZE);
    assert!(held <= TABLES, "{held} bytes are held");
}

#[test]
fn a_thousand_parents() {
    let item = |n: u32| Item { id: LOCATOR, at: MIB + n * 2048, length: 2048, flags: 0 };
    let items: Vec<Item> = (0..1023).map(item).collect();
    let (mut file, _) = with_items(&items, 4 * MIB);
    let (held, map) = peak(|| BlockMap::read(&mut file));
    let e = map.expect_err("an item is there but once");
    assert_eq!((e.class(), e.path().as_str()), (Class::Invalid, "metadata.entries"), "{e}");
    assert!(held <= TABLES, "{held} bytes are held");
}

/// Each of the texts can be empty but for one unit, and all of them the same.
#[test]
fn a_parent_of_as_many_texts_as_can_be() {
    let item = Item { id: LOCATOR, at: MIB, length: MIB, flags: 0 };
    let (mut file, at) = with_items(&[item], 4 * MIB);
    let mut locator =
        vec![0xb7, 0xef, 0x4a, 0xb0, 0x9e, 0xd1, 0x81, 0x4a, 0xb7, 0x89, 0x25, 0xb8, 0xe9, 0x44, 0x59, 0x13];
    locator.extend([0, 0, 0xff, 0xff]);
    let text = 20 + 65535 * 12;
    for _ in 0..65535 {
        locator.extend([text, text].into_iter().flat_map(u32::to_le_bytes));
        locator.extend([2, 0, 2, 0]);
    }
    file.put(at + u64::from(MIB), &locator);
    let (held, map) = peak(|| BlockMap::read(&mut file));
    assert_eq!(map.expect_err("too many").class(), Class::Limit);
    assert!(held <= TABLES, "{held} bytes are held");
}

#[test]
fn a_region_of_a_gibibyte() {
    let (mut file, _) = with_items(&[], 1 << 30);
    let (held, map) = peak(|| BlockMap::read(&mut file));
    let e = map.expect_err("too large");
    assert_eq!((e.class(), e.path().as_str()), (Class::Limit, "metadata"), "{e}");
    assert!(held <= CONSTANT, "{held} bytes are held");
}
