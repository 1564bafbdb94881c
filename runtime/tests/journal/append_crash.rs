//! Appending that is cut at every write and flush: what is recovered is the state before, or the one after.

use crate::record::{Event, MOST, Recorder, crashes};
use crate::tiny::{Do, Draft, Marked};
use vmspec_runtime::Class;
use vmspec_runtime::journal::{Appender, Journal, Memory, Ring, Slot, Storage, StorageMut};

const STRIDE: u64 = 1024;
const OWNER: u32 = 5;

fn ring() -> Ring {
    Ring::new(8 << 10, 12 * STRIDE, STRIDE).unwrap()
}

/// What a file is after recovery, without the ring itself. A journal without an entry leaves it as it is.
fn recover(file: &[u8]) -> Vec<u8> {
    let journal = Journal::<Marked> { ring: ring(), live: true, context: OWNER };
    let mut memory = Memory::new(file.to_vec(), MOST);
    if !journal.scan(&mut memory).unwrap().active.is_empty() {
        journal.replay(&mut memory, |_| Ok(())).unwrap();
    }
    let mut bytes = memory.into_bytes();
    bytes[ring().at() as usize..ring().end() as usize].fill(0);
    bytes
}

fn encode(slot: &Slot<'_, Marked>, records: Vec<Do>) -> Vec<u8> {
    let serial = slot.last.map_or(100, |last| last.serial + 1);
    let draft = Draft { tail: (slot.tail / STRIDE) as u32, serial, owner: OWNER, records, ..Draft::default() };
    draft.encode(STRIDE as usize)
}

/// The `turn`th entry: one to four strides that write over what the ones before wrote.
fn records(turn: usize) -> Vec<Do> {
    let at = |k: usize| ((turn * 700 + k * 900) % 6000) as u64;
    let data = (0..turn % 4).map(|k| Do::Data { at: at(k), bytes: vec![(turn * 4 + k) as u8; 1000] });
    data.chain([Do::Zeros { at: at(9), length: 300 }, Do::Zeros { at: 24_000 + turn as u64 * 10, length: 5 }]).collect()
}

fn append(appender: &mut Appender<Marked>, recorder: &mut Recorder, turn: usize) -> vmspec_runtime::Result<()> {
    let records = records(turn);
    let length = (1 + turn % 4) as u64 * STRIDE;
    appender.append(recorder, length, |slot| Ok(encode(slot, records)))
}

#[test]
fn an_append_cut_anywhere_leaves_the_old_state_or_the_new_one() {
    let mut recorder = Recorder::new(vec![0x11; 20 << 10]);
    let mut appender = Appender::<Marked>::start(ring(), OWNER, &mut recorder).unwrap();
    let (mut points, mut turns, mut wraps, mut refused, mut new) = (0, 0, 0, 0, 0);
    while turns < 60 {
        let (before, old) = (recorder.bytes().to_vec(), recover(recorder.bytes()));
        recorder.events.clear();
        let start = appender.slot().start;
        let outcome = append(&mut appender, &mut recorder, turns);
        if let Err(e) = outcome {
            assert_eq!((e.class(), recorder.events.is_empty()), (Class::Limit, true), "{e}");
            refused += 1;
            // Nothing on the disk says yet that what is applied is no longer needed, so there is still no room.
            appender.apply(&mut recorder).unwrap();
            assert!(matches!(recorder.events.last(), Some(Event::Flush)), "what is applied is durable");
            points += crashes(&before, &recorder.events, |left| assert!(recover(left) == old));
            assert!(appender.append(&mut recorder, 12 * STRIDE, |_| panic!("no room")).is_err());
            let (before, old) = (recorder.bytes().to_vec(), recover(recorder.bytes()));
            recorder.events.clear();
            let room = appender.free();
            assert!(room >= STRIDE, "the test keeps a stride for this");
            appender.append(&mut recorder, STRIDE, |slot| Ok(encode(slot, vec![]))).unwrap();
            assert_eq!(appender.free(), 11 * STRIDE, "only the new entry is needed now");
            points += crashes(&before, &recorder.events, |left| assert!(recover(left) == old));
            continue;
        }
        assert!(matches!(recorder.events.last(), Some(Event::Flush)), "an entry is durable when append returns");
        turns += 1;
        wraps += usize::from(appender.slot().start < start);
        let next = recover(recorder.bytes());
        points += crashes(&before, &recorder.events, |left| {
            let left = recover(left);
            new += usize::from(left == next && next != old);
            assert!(left == old || left == next);
        });
        if appender.free() < 2 * STRIDE {
            appender.apply(&mut recorder).unwrap();
        }
    }
    println!(
        "{points} crashes in {turns} appends, {wraps} of them round the end, {refused} without room, {new} were new"
    );
    assert!(points > 300 && wraps > 5 && refused > 5 && new > turns / 2);
}

#[test]
fn space_is_free_only_when_a_durable_entry_says_so() {
    let mut recorder = Recorder::new(vec![0x11; 20 << 10]);
    let mut appender = Appender::<Marked>::start(ring(), OWNER, &mut recorder).unwrap();
    for turn in [3, 7, 1] {
        append(&mut appender, &mut recorder, turn).unwrap();
    }
    assert_eq!((appender.free(), appender.entries().count()), (2 * STRIDE, 3));
    appender.applied(2);
    assert_eq!((appender.free(), appender.slot().tail), (2 * STRIDE, 8 * STRIDE));
    append(&mut appender, &mut recorder, 4).unwrap();
    assert_eq!((appender.free(), appender.entries().count()), (9 * STRIDE, 2));
    let found = Journal::<Marked> { ring: ring(), live: true, context: OWNER }.scan(&mut recorder).unwrap();
    let resumed = Appender::resume(ring(), OWNER, found.active);
    assert_eq!((resumed.free(), resumed.slot().start), (9 * STRIDE, appender.slot().start));
}

#[test]
fn what_a_scan_would_not_take_is_not_written() {
    let mut recorder = Recorder::new(vec![0x11; 20 << 10]);
    let mut appender = Appender::<Marked>::start(ring(), OWNER, &mut recorder).unwrap();
    append(&mut appender, &mut recorder, 1).unwrap();
    recorder.events.clear();
    let good = |slot: &Slot<'_, Marked>| encode(slot, vec![]);
    let mut refused = |length: u64, change: &dyn Fn(&Slot<'_, Marked>) -> Vec<u8>| {
        let e = appender.append(&mut recorder, length, |slot| Ok(change(slot))).expect_err("refused");
        assert!(e.class() == Class::Invalid && recorder.events.is_empty(), "{e}");
    };
    refused(STRIDE + 1, &good);
    refused(0, &good);
    refused(2 * STRIDE, &good);
    refused(STRIDE, &|slot| {
        Draft { serial: slot.last.unwrap().serial + 2, owner: OWNER, ..Draft::default() }.encode(1024)
    });
    refused(STRIDE, &|slot| Draft { serial: slot.last.unwrap().serial + 1, owner: 6, ..Draft::default() }.encode(1024));
    let with = |slot: &Slot<'_, Marked>, tail: u32| {
        let serial = slot.last.unwrap().serial + 1;
        Draft { tail, serial, owner: OWNER, ..Draft::default() }.encode(1024)
    };
    refused(STRIDE, &|slot| with(slot, 1));
    refused(STRIDE, &|slot| [&with(slot, 0)[..1023], b"x"].concat());
    refused(STRIDE, &|slot| [b"X", &with(slot, 0)[1..]].concat());
    refused(STRIDE, &|slot| encode(slot, vec![Do::Zeros { at: 8 << 10, length: 1 }]));
    refused(STRIDE, &|slot| encode(slot, vec![Do::Zeros { at: u64::MAX, length: 2 }]));
    appender.append(&mut recorder, STRIDE, |slot| Ok(with(slot, 0))).unwrap();
}

#[test]
fn a_reset_needs_a_ring_without_entries_of_the_new_owner() {
    let mut recorder = Recorder::new(vec![0x11; 20 << 10]);
    let mut appender = Appender::<Marked>::start(ring(), OWNER, &mut recorder).unwrap();
    append(&mut appender, &mut recorder, 1).unwrap();
    assert!(appender.reset(OWNER, &mut recorder).is_err());
    assert_eq!(appender.entries().count(), 1, "nothing is lost by that");
    appender.reset(OWNER + 1, &mut recorder).unwrap();
    assert_eq!((appender.free(), appender.slot().start, appender.entries().count()), (12 * STRIDE, 0, 0));
    recorder.write_zeros(ring().at(), ring().size()).unwrap();
    appender.reset(OWNER, &mut recorder).unwrap();
    assert_eq!(recorder.len().unwrap(), 20 << 10);
}
