//! Crashes while a VHDX log is replayed or written, at every write and flush. After each, replay gives what it would have
//! given: the whole log, or with a new entry the log as it was or with that entry.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod vhdx_layer;

use std::ops::Range;

use vmspec_generated_tests as harness;
use vmspec_generated_tests::vhdx::crash::Failing;
use vmspec_generated_tests::vhdx::entry::{Change, Draft, place_sequence};
use vmspec_generated_tests::vhdx::random::{LOG_LENGTH, Random};
use vmspec_generated_tests::vhdx::{SECTOR, Sparse, Verdict, image, oracle, random};

/// What an image becomes in the end, by the oracle.
fn replayed(file: &Sparse) -> (usize, Sparse) {
    match oracle::verdict(file) {
        Verdict::Replay(it) => (it.entries, it.file),
        verdict => panic!("{verdict:?}"),
    }
}

/// Replays an image with a failure at every thing that this does to it, and then again; how many crashes that were.
#[track_caller]
fn replay_stands_crashes(file: &Sparse) -> usize {
    let (_, whole) = replayed(file);
    let mut crashes = 0;
    for cut in 0.. {
        let mut storage = Failing::new(file.clone(), Some(cut));
        let outcome = vhdx_layer::replay(&mut storage);
        crashes += storage.crash(|left| {
            let mut again = left.clone();
            let outcome = vhdx_layer::replay(&mut again);
            assert!(outcome.is_ok(), "cut at {cut}: {outcome:?}");
            assert_eq!(again.first_difference(&whole, &[]), None, "cut at {cut}");
        });
        if outcome.is_ok() {
            assert!(storage.done() >= 2, "it flushes before and after what it writes");
            break;
        }
    }
    crashes
}

#[test]
fn samples_are_replayed_after_any_crash() {
    for (name, entries) in [("ok-wrap-seq", 3), ("ok-full-log", 3), ("ok-last-aligned-grow", 1), ("ok-zero", 1)] {
        let Some(bytes) = harness::packed_sample(&format!("vhdx/{name}.vhdx")) else { return };
        let file = Sparse::from_bytes(&bytes);
        assert_eq!(replayed(&file).0, entries, "{name}");
        let crashes = replay_stands_crashes(&file);
        println!("{name}: {crashes} crashes");
        assert!(crashes > 20, "{name}: {crashes}");
    }
}

/// Random logs of several entries.
#[test]
fn random_logs_are_replayed_after_any_crash() {
    let (mut logs, mut entries, mut crashes) = (0, 0, 0);
    for seed in 1.. {
        let file = random::case(seed).file;
        let Verdict::Replay(it) = oracle::verdict(&file) else { continue };
        if it.entries > 1 && it.descriptors < 50 {
            crashes += replay_stands_crashes(&file);
            (logs, entries) = (logs + 1, entries + it.entries);
        }
        if logs == 40 {
            break;
        }
    }
    println!("{crashes} crashes in the replay of {logs} logs of {entries} entries");
    assert!(crashes > 40 * 20 && entries > 100, "{crashes} {entries}");
}

const LOG: Range<u64> = image::LOG_AT..image::LOG_AT + (1 << 20);

/// Does something to a file with a failure at every thing that is done to it, after each of which replay must give one of
/// two files; how many crashes that were, and after how many it gave the second.
#[track_caller]
fn old_or_new(file: &Sparse, old: &Sparse, new: &Sparse, what: impl Fn(&mut Failing) -> bool) -> (usize, usize) {
    let (mut crashes, mut newer) = (0, 0);
    for cut in 0.. {
        let mut storage = Failing::new(file.clone(), Some(cut));
        let done = what(&mut storage);
        crashes += storage.crash(|left| {
            let mut after = left.clone();
            let outcome = vhdx_layer::replay(&mut after);
            assert!(outcome.is_ok(), "cut at {cut}: {outcome:?}");
            let is_new = after.first_difference(new, &[LOG]).is_none();
            assert!(
                is_new || after.first_difference(old, &[LOG]).is_none(),
                "cut at {cut}: neither the old nor the new"
            );
            assert!(is_new || !done, "what is done is durable");
            newer += usize::from(is_new);
        });
        if done {
            break;
        }
        assert!(cut < 100, "it ends");
    }
    (crashes, newer)
}

/// Changes to a few places, so that entries write over what those before them wrote.
fn changes(random: &mut Random) -> Vec<Change> {
    let blocks = image::blocks_at(LOG_LENGTH);
    let count = random.pick(&[0, 1, 1, 2, 3, 9, 30]);
    let change = |_| {
        let at = blocks + random.below(6) * SECTOR;
        if random.percent(25) { Change::Zeros(at, 2 * SECTOR) } else { Change::Data(at, random.number()) }
    };
    (0..count).map(change).collect()
}

/// An image with one entry near the end of its log, so that what follows comes round.
fn with_one_entry() -> Sparse {
    let mut file = image::dirty(LOG_LENGTH);
    let changes = vec![Change::Data(image::blocks_at(LOG_LENGTH), 1)];
    let log = image::log(LOG_LENGTH);
    place_sequence(&mut file, log, 240 * SECTOR, &[Draft::new(log, 77, 0, changes)]);
    file
}

#[test]
fn an_append_that_is_cut_leaves_the_old_log_or_the_new_one() {
    let mut file = with_one_entry();
    let mut random = Random::new(5);
    let log = image::log(LOG_LENGTH);
    let (mut crashes, mut newer, mut turns, mut rounds, mut full) = (0, 0, 0, 0, 0);
    let mut changed = changes(&mut random);
    while turns < 60 {
        let (_, old) = replayed(&file);
        let mut after = file.clone();
        let mut writer = vhdx_layer::Writer::open(&mut after, log).unwrap();
        let before = writer.next();
        let length = Draft::new(log, 1, 0, changed.clone()).length();
        if writer.free() < length + SECTOR {
            assert!(writer.free() >= length || writer.append(&mut after, &changed).is_err());
            assert!(writer.free() >= length || after == file, "there is no room, so nothing is written");
            // What the log holds is done, and an empty entry says so, which leaves all of it free but for itself. That one
            // needs a sector, which is why no other takes the last one.
            let apply = |storage: &mut Failing| {
                let Ok(mut writer) = vhdx_layer::Writer::open(storage, log) else { return false };
                writer.apply(storage).is_ok() && writer.append(storage, &[]).is_ok()
            };
            let (count, _) = old_or_new(&file, &old, &old, apply);
            let mut storage = Failing::new(file.clone(), None);
            assert!(apply(&mut storage));
            file = storage.now().clone();
            assert_eq!(replayed(&file).0, 1, "the empty entry is alone");
            (crashes, full) = (crashes + count, full + 1);
            continue;
        }
        writer.append(&mut after, &changed).unwrap();
        let (_, new) = replayed(&after);
        let (count, new) = old_or_new(&file, &old, &new, |storage| {
            let writer = vhdx_layer::Writer::open(storage, log);
            writer.is_ok_and(|mut writer| writer.append(storage, &changed).is_ok())
        });
        (crashes, newer, turns) = (crashes + count, newer + new, turns + 1);
        rounds += usize::from(writer.next() < before);
        file = after;
        changed = changes(&mut random);
    }
    println!(
        "{crashes} crashes in {turns} appends, {rounds} round the end, {full} times full, {newer} left the new log"
    );
    assert!(crashes > 60 * 10 && newer > turns && newer < crashes && rounds > 0 && full > 0);
}
