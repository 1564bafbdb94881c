//! Journals from specs: entries are appended, come round the ring's end, are replayed, and are refused when damaged. What
//! the scan takes for an entry is what the reader of the entry's type accepts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation
)]

use vmspec_generated_tests::features::{journal as words, journal_pairs as pairs};
use vmspec_runtime::journal::{Appender, Entry as _, Journal, Memory, Ring, Scan, Slot, Storage, scan};
use vmspec_runtime::{Blob, Class, Guid, Result, Wire};

/// The same bytes, not lent.
struct Read<'a>(&'a [u8]);

impl Storage for Read<'_> {
    fn len(&mut self) -> Result<u64> {
        Ok(self.0.len() as u64)
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        let mut bytes = self.0;
        bytes.read_at(offset, to)
    }
}

const ID: Guid = Guid([7; 16]);

fn written<T: Wire>(value: &T, args: T::Args<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.write_with(&mut bytes, vmspec_runtime::Endian::Little, args).unwrap();
    bytes
}

/// A disk of 8 KiB with a ring of 4 KiB at 1 KiB.
fn disk() -> pairs::Disk {
    let head = pairs::DiskHead { log_at: 1024, log_size: 4096, last: 2, log_id: ID };
    pairs::Disk { head, log: Blob::Bytes(vec![0; 4096]), log_gap: 992, slack: Blob::Bytes(vec![0x11; 3072]) }
}

fn data(place: u64, fill: u8) -> (pairs::Descriptor, pairs::LogSector) {
    let body = pairs::DescriptorBodyData { trailing: [fill ^ 1; 4], leading: [fill ^ 2; 8] };
    (pairs::Descriptor { body: pairs::DescriptorBody::Data(body), place }, pairs::LogSector { data: [fill; 500] })
}

fn zeros(place: u64, length: u64) -> pairs::Descriptor {
    let body = pairs::DescriptorBodyZero { reserved: vmspec_runtime::Reserved([0; 4]), length };
    pairs::Descriptor { body: pairs::DescriptorBody::Zero(body), place }
}

/// An entry of two strides and one for each sector.
fn entry(number: u64, tail: u64, (descriptors, sectors): (Vec<pairs::Descriptor>, Vec<pairs::LogSector>)) -> Vec<u8> {
    let value = pairs::LogEntry {
        tail: tail as u32,
        number,
        reserved: vmspec_runtime::Reserved([0; 4]),
        log_id: ID,
        flushed: 8192,
        last: 9000,
        descriptors,
        pad: vmspec_runtime::Padding::Zero,
        sectors,
    };
    written(&value, ())
}

/// What the `turn`th entry does: a write, zeros, another write.
fn changes(turn: u64) -> (Vec<pairs::Descriptor>, Vec<pairs::LogSector>) {
    let ((a, first), (b, second)) = (data(5120 + turn % 3 * 512, turn as u8), data(7168, turn as u8 ^ 0x80));
    (vec![a, zeros(6656, 512), b], vec![first, second])
}

#[allow(clippy::unnecessary_wraps, reason = "an appender takes encoders that can fail")]
fn encode(slot: &Slot<'_, pairs::DiskLogHead>, turn: u64) -> Result<Vec<u8>> {
    let number = slot.last.map_or(3, |last| last.number + 1);
    Ok(entry(number, slot.tail, changes(turn)))
}

fn expected(turns: u64, mut file: Vec<u8>) -> Vec<u8> {
    file.resize(9000, 0);
    for turn in 0..turns {
        let (descriptors, sectors) = changes(turn);
        let mut sectors = sectors.iter();
        for it in &descriptors {
            let at = it.place as usize;
            match &it.body {
                pairs::DescriptorBody::Zero(zero) => file[at..at + zero.length as usize].fill(0),
                pairs::DescriptorBody::Data(ends) => {
                    file[at..at + 8].copy_from_slice(&ends.leading);
                    file[at + 8..at + 508].copy_from_slice(&sectors.next().unwrap().data);
                    file[at + 508..at + 512].copy_from_slice(&ends.trailing);
                }
            }
        }
    }
    file
}

#[test]
fn entries_are_appended_come_round_and_are_replayed() {
    let journal = disk().log_journal().unwrap().unwrap();
    assert_eq!((journal.live, journal.context.head_log_id, journal.context.head_last), (true, ID, 2));
    let start = written(&disk(), ());
    let mut memory = Memory::new(start.clone(), 1 << 20);
    let mut appender = Appender::start(journal.ring, journal.context, &mut memory).unwrap();
    for turn in 0..20 {
        if appender.append(&mut memory, 1536, |slot| encode(slot, turn)).is_err() {
            appender.apply(&mut memory).unwrap();
            appender.applied(2);
            appender.append(&mut memory, 1536, |slot| encode(slot, turn)).unwrap_err();
            // The tail moves on with an entry that does nothing.
            appender
                .append(&mut memory, 512, |slot| {
                    Ok(entry(slot.last.unwrap().number + 1, slot.tail, (Vec::new(), Vec::new())))
                })
                .unwrap();
            appender.append(&mut memory, 1536, |slot| encode(slot, turn)).unwrap();
        }
        let mut after = Memory::new(memory.bytes().to_vec(), 1 << 20);
        let plan = journal.replay(&mut after, |_| Ok(())).unwrap().unwrap();
        assert!(!plan.entries().is_empty());
        let (mut want, got) = (expected(turn + 1, start.clone()), after.into_bytes());
        want[1024..5120].copy_from_slice(&got[1024..5120]);
        assert!(want == got, "turn {turn}");
        let mut through = Vec::new();
        let mut overlay = journal.overlay(Read(memory.bytes())).unwrap();
        std::io::Read::read_to_end(&mut overlay.reader(), &mut through).unwrap();
        assert!(through == got, "turn {turn}");
    }
}

#[test]
fn a_file_too_short_for_the_newest_entry_is_not_replayed() {
    let journal = disk().log_journal().unwrap().unwrap();
    let mut file = written(&disk(), ());
    let bytes = entry(3, 0, changes(0));
    file[1024..1024 + bytes.len()].copy_from_slice(&bytes);
    assert!(journal.plan(&mut &file[..]).unwrap().is_some());
    let refused = journal.plan(&mut &file[..8191]).unwrap_err();
    assert_eq!((refused.class(), refused.expected()), (Class::Invalid, "`it.flushed <= size(file)`"));
}

#[test]
fn a_journal_that_is_not_live_or_cannot_be() {
    let mut value = disk();
    value.head.log_id = Guid([0; 16]);
    assert!(!value.log_journal().unwrap().unwrap().live);
    value.head.log_size = 4000;
    let refused = value.log_journal().unwrap_err();
    assert_eq!((refused.class(), refused.path()), (Class::Invalid, "log".to_owned()));
    let none = words::Store::parse(b"STORE\x01\0\x07\0\0\0\0").unwrap().0;
    assert!(none.log_journal().unwrap().is_none());
}

/// A scan of a ring that is one entry, which comes round after `turned` bytes.
fn alone<E: vmspec_runtime::journal::Entry>(
    bytes: &[u8],
    (stride, turned): (usize, usize),
    context: &E::Context,
) -> [Scan<E>; 2] {
    let mut file = bytes.to_vec();
    file.rotate_right(turned);
    let ring = Ring::new(0, file.len() as u64, stride as u64).unwrap();
    [scan(&mut &file[..], ring, context).unwrap(), scan(&mut Read(&file), ring, context).unwrap()]
}

/// Holds the scan to the reader of the whole entry for every byte that is another one, and for cut ones.
fn agrees<E: vmspec_runtime::journal::Entry>(
    bytes: &[u8],
    stride: usize,
    context: &E::Context,
    mend: fn(&mut Vec<u8>),
    reads: fn(&[u8]) -> bool,
) {
    let mut valid = [0; 2];
    for at in 0..bytes.len() * 2 {
        for change in [0, 1, 0x80] {
            let mut damaged = bytes.to_vec();
            damaged[at / 2] ^= change;
            if at % 2 == 1 {
                mend(&mut damaged);
            }
            let turned = at % (bytes.len() / stride) * stride;
            for found in alone::<E>(&damaged, (stride, turned), context) {
                let whole = reads(&damaged) && found.foreign == 0;
                assert_eq!(found.valid == 1, whole, "byte {at} ^ {change}: {:?}", found.rejected.first());
                valid[usize::from(whole)] += 1;
                assert!(whole || found.foreign == 1 || !found.rejected.is_empty() || found.heads == 0);
            }
        }
    }
    assert!(valid[0] > 500 && valid[1] > 500, "{valid:?}");
}

#[test]
fn what_a_scan_accepts_of_pairs_is_what_the_type_reads() {
    let bytes = entry(3, 0, changes(0));
    let context = disk().log_journal().unwrap().unwrap().context;
    let mend = |bytes: &mut Vec<u8>| {
        bytes[4..8].fill(0);
        let sum = vmspec_runtime::crc32c(bytes);
        bytes[4..8].copy_from_slice(&sum.to_le_bytes());
    };
    agrees::<pairs::DiskLogHead>(&bytes, 512, &context, mend, |bytes| {
        pairs::LogEntry::parse(bytes).is_ok_and(|(it, rest)| rest.is_empty() && it.number > 2)
    });
}

fn word_entry(number: u16, first: u8, places: &[u16]) -> Vec<u8> {
    let changes: Vec<_> = places.iter().map(|place| words::Change { place: *place, data: [*place as u8; 6] }).collect();
    let unused = (18 + 8 * changes.len() as u64).next_multiple_of(64) - 18 - 8 * changes.len() as u64;
    written(&words::Entry { version: 1, epoch: 7, number, first, end: 700, changes, unused }, ())
}

fn store(log_size: u16) -> words::Store {
    let slack = Blob::Bytes(vec![0x22; 100]);
    let log = Some(Blob::Bytes(vec![0; log_size.into()]));
    words::Store { clean: false, epoch: 7, start_of_log: 64, log_size, log_gap: Blob::Bytes(vec![1; 52]), log, slack }
}

#[test]
fn what_a_scan_accepts_of_words_is_what_the_type_reads() {
    let bytes = word_entry(1, 0, &[7, 8, 7, 9, 10, 11, 12, 13, 14]);
    let context = store(256).log_journal().unwrap().unwrap().context;
    let mend = |bytes: &mut Vec<u8>| {
        bytes[14..18].fill(0);
        let sum = vmspec_runtime::sum32(bytes);
        bytes[14..18].copy_from_slice(&sum.to_be_bytes());
    };
    agrees::<words::StoreLogHead>(&bytes, 64, &context, mend, |bytes| {
        words::Entry::parse(bytes).is_ok_and(|(_, rest)| rest.is_empty())
    });
}

#[test]
fn words_are_replayed_in_order_and_the_file_grows() {
    let journal: Journal<words::StoreLogHead> = store(256).log_journal().unwrap().unwrap();
    let mut file = written(&store(256), ());
    // The second entry comes round the ring's end, and the first one is not needed any more.
    for (start, bytes) in [(1, word_entry(1, 1, &[100])), (2, word_entry(2, 2, &[110, 111, 120, 110, 111, 120, 130]))] {
        for (i, stride) in bytes.chunks(64).enumerate() {
            let at = 64 + (start + i) % 4 * 64;
            file[at..at + 64].copy_from_slice(stride);
        }
    }
    let mut memory = Memory::new(file.clone(), 1 << 20);
    let plan = journal.replay(&mut memory, |_| Ok(())).unwrap().unwrap();
    assert_eq!((plan.entries().len(), plan.operations(), plan.length()), (1, 7, 700));
    let after = memory.into_bytes();
    assert_eq!((after.len(), &after[440..452]), (700, &[110, 110, 110, 110, 111, 111, 111, 111, 111, 111, 0, 0][..]));
    assert_eq!((&after[400..406], &after[480..486]), (&[0x22; 6][..], &[120; 6][..]));
}

#[test]
fn an_entry_says_itself_whether_it_can_be_replayed() {
    let journal = store(256).log_journal().unwrap().unwrap();
    let mut bytes = word_entry(1, 0, &[100]);
    bytes[3] = 3;
    bytes[14..18].fill(0);
    let sum = vmspec_runtime::sum32(&bytes);
    bytes[14..18].copy_from_slice(&sum.to_be_bytes());
    let mut file = written(&store(256), ());
    file[64..64 + bytes.len()].copy_from_slice(&bytes);
    let refused = journal.plan(&mut &file[..]).unwrap_err();
    assert_eq!((refused.class(), refused.say()), (Class::Unsupported, Some("A newer program is needed.")));
}

#[test]
fn strides_that_begin_with_what_they_are_are_known_to() {
    const { assert!(pairs::DiskLogHead::MARKED && !words::StoreLogHead::MARKED) }
}
