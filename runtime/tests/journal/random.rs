//! Random rings against the oracle: several sequences that wrap, stale tails, torn and changed entries, wrong owners,
//! operations on top of each other and on what they must not touch.

use crate::oracle::{Oracle, Verdict};
use crate::record::{MOST, Recorder, crashes};
use crate::tiny::{Do, Draft, Marked, Unmarked, place};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};
use std::cell::Cell;
use std::io::Read;
use vmspec_runtime::Class;
use vmspec_runtime::journal::{Entry, Journal, Memory, Ring, Storage};

const CASES: u32 = 10_000;
const STRIDE: u64 = 128;
/// The ring has this many bytes before it, and behind it.
const AROUND: u64 = 300;
const OWNER: u32 = 7;

#[derive(Clone, Debug)]
enum Step {
    /// Entries one behind the other, whatever was there.
    Sequence { place: u64, serial: u32, owner: u32, entries: Vec<(Draft, Tail)> },
    /// One bit of the ring is another.
    Flip { at: u64, bit: u8 },
    /// From here on, this many strides are zero.
    Wipe { place: u64, strides: u64 },
}

/// What an entry names as its tail.
#[derive(Clone, Debug)]
enum Tail {
    /// The entry this many before it, or the first.
    Back(usize),
    Place(u32),
}

fn record() -> impl Strategy<Value = Do> {
    let near = prop_oneof![12 => 0..200_u64, 4 => 280..320_u64, 3 => 2_000..5_000_u64];
    let far = prop_oneof![Just(u64::MAX), Just(u64::MAX - 40), Just(i64::MAX as u64)];
    let at = prop_oneof![200 => near, 1 => far];
    let length = prop_oneof![40 => 0..150_u64, 1 => Just(u64::MAX)];
    let bytes = (any::<u8>(), 1..=STRIDE as u8).prop_map(|(first, n)| (0..n).map(|i| first.wrapping_add(i)).collect());
    prop_oneof![
        1 => (at.clone(), length).prop_map(|(at, length)| Do::Zeros { at, length }),
        2 => (at, bytes).prop_map(|(at, bytes)| Do::Data { at, bytes }),
    ]
}

fn entry() -> impl Strategy<Value = (Draft, Tail)> {
    let tail = prop_oneof![12 => (0..6_usize).prop_map(Tail::Back), 1 => (0..30_u32).prop_map(Tail::Place)];
    let needs = prop_oneof![30 => Just(0), 1 => 0..6_000_u64, 1 => Just(u64::MAX)];
    let grows = prop_oneof![10 => Just(0), 5 => 0..6_000_u64, 1 => Just(u64::MAX)];
    let records = proptest::collection::vec(record(), 0..=3);
    (records, tail, needs, grows).prop_map(|(records, tail, needs, grows)| {
        let draft = Draft { needs, grows, records, ..Draft::default() };
        (draft, tail)
    })
}

fn step() -> impl Strategy<Value = Step> {
    let owner = prop_oneof![9 => Just(OWNER), 1 => Just(8)];
    let serial = prop_oneof![8 => 1..12_u32, 1 => u32::MAX - 2..=u32::MAX, 1 => Just(0)];
    let sequence = (0..24_u64, serial, owner, proptest::collection::vec(entry(), 1..6));
    let sequence =
        sequence.prop_map(|(place, serial, owner, entries)| Step::Sequence { place, serial, owner, entries });
    prop_oneof![
        6 => sequence,
        1 => (any::<u64>(), 0..8_u8).prop_map(|(at, bit)| Step::Flip { at, bit }),
        1 => (0..24_u64, 1..4_u64).prop_map(|(place, strides)| Step::Wipe { place, strides }),
    ]
}

fn build(places: u64, steps: Vec<Step>) -> (Vec<u8>, Ring) {
    let ring = Ring::new(AROUND, places * STRIDE, STRIDE).unwrap();
    let mut file = vec![0x11; (ring.size() + 2 * AROUND) as usize];
    place(&mut file, ring, 0, &vec![0; ring.size() as usize]);
    for step in steps {
        match step {
            Step::Sequence { place: start, serial, owner, entries } => {
                sequence(&mut file, ring, start % places, (serial, owner), entries);
            }
            Step::Flip { at, bit } => file[ring.offset(at) as usize] ^= 1 << bit,
            Step::Wipe { place: start, strides } => {
                place(&mut file, ring, start * STRIDE, &vec![0; (strides * STRIDE) as usize]);
            }
        }
    }
    (file, ring)
}

fn sequence(file: &mut [u8], ring: Ring, at: u64, (serial, owner): (u32, u32), entries: Vec<(Draft, Tail)>) {
    let (mut start, mut starts) = (at * STRIDE, Vec::new());
    for (index, (mut draft, tail)) in entries.into_iter().enumerate() {
        if draft.strides() as u64 * STRIDE > ring.size() {
            return;
        }
        starts.push((start / STRIDE) as u32);
        draft.serial = serial.wrapping_add(index as u32);
        draft.owner = owner;
        draft.tail = match tail {
            Tail::Back(n) => starts[index.saturating_sub(n)],
            Tail::Place(place) => place,
        };
        let bytes = draft.encode(STRIDE as usize);
        place(file, ring, start, &bytes);
        start = ring.after(start, bytes.len() as u64);
    }
}

/// Whatever the journal does to a file, in the words of the oracle; the overlay must show the same.
fn actual<E: Entry<Context = u32>>(file: &[u8], ring: Ring) -> Verdict {
    let journal = Journal::<E> { ring, live: true, context: OWNER };
    let found = journal.scan(&mut &*file).expect("a scan of memory");
    let mut memory = Memory::new(file.to_vec(), MOST);
    let replayed = journal.replay(&mut memory, |_| Ok(()));
    let mut recorder = Recorder::new(file.to_vec());
    let read = journal.replay(&mut recorder, |_| Ok(()));
    assert_eq!(replayed.is_ok(), read.is_ok(), "lent and read bytes are the same");
    match replayed {
        Ok(plan) => {
            let plan = plan.expect("it is live");
            assert_eq!((memory.bytes(), plan.length()), (recorder.bytes(), memory.bytes().len() as u64));
            assert_eq!(overlaid::<E>(file, &journal), memory.bytes());
            Verdict::Replayed { entries: plan.entries().len(), file: memory.into_bytes() }
        }
        Err(e) => {
            assert_eq!((e.class(), memory.bytes()), (Class::Invalid, file), "nothing is written: {e}");
            assert!(journal.overlay(file).is_err() && recorder.events.is_empty());
            if found.active.is_empty() { Verdict::NoSequence } else { Verdict::Refused }
        }
    }
}

fn overlaid<E: Entry<Context = u32>>(file: &[u8], journal: &Journal<E>) -> Vec<u8> {
    let mut overlay = journal.overlay(file).expect("as the replay");
    let mut whole = Vec::new();
    overlay.reader().read_to_end(&mut whole).expect("memory");
    for at in (0..whole.len().saturating_sub(7)).step_by(509) {
        let mut some = [0xaa; 7];
        overlay.read_at(at as u64, &mut some).expect("memory");
        assert_eq!(some, whole[at..at + 7]);
    }
    whole
}

/// Cuts the replay of a file everywhere and does it again, which must give `whole`; how many cuts that were.
fn cut(file: &[u8], ring: Ring, whole: &[u8]) -> u32 {
    let journal = Journal::<Marked> { ring, live: true, context: OWNER };
    let mut recorder = Recorder::new(file.to_vec());
    journal.replay(&mut recorder, |_| Ok(())).expect("it was replayed before");
    let points = crashes(file, &recorder.events, |left| {
        let mut memory = Memory::new(left.to_vec(), MOST);
        journal.replay(&mut memory, |_| Ok(())).expect("the journal is still there");
        assert!(memory.bytes() == whole);
    });
    points as u32
}

/// `PROPTEST_RNG_SEED` and `PROPTEST_CASES` give other rings and more of them; without, they are the same in every run.
fn config() -> Config {
    let mut config = Config { failure_persistence: None, rng_algorithm: RngAlgorithm::XorShift, ..Config::default() };
    config.cases = config.cases.max(CASES);
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config
}

#[test]
fn ten_thousand_random_rings_are_as_the_oracle_says() {
    let counted: [Cell<u32>; 6] = Default::default();
    let count = |index: usize, n: u32| counted[index].set(counted[index].get() + n);
    let rings = (2..24_u64, proptest::collection::vec(step(), 0..6));
    let outcome = TestRunner::new(config()).run(&rings, |(places, steps)| {
        let (file, ring) = build(places, steps);
        let expected = Oracle { file: &file, ring, owner: OWNER, most: i64::MAX as u64 }.verdict();
        prop_assert_eq!(&actual::<Marked>(&file, ring), &expected);
        prop_assert_eq!(&actual::<Unmarked>(&file, ring), &expected);
        match &expected {
            Verdict::NoSequence => count(0, 1),
            Verdict::Refused => count(1, 1),
            Verdict::Replayed { entries, file: after } => {
                count(2, 1);
                count(3, u32::from(*entries > 1));
                count(4, u32::from(after.len() > file.len()));
                if counted[2].get().is_multiple_of(8) {
                    count(5, cut(&file, ring, after));
                }
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|e| panic!("{e}"));
    let counted = counted.map(Cell::into_inner);
    println!("no sequence, refused, replayed, of several entries, grown, cuts: {counted:?}");
    assert!(counted.iter().all(|n| *n > CASES / 20), "{counted:?}");
}
