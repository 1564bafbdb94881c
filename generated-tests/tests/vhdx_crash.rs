//! Crashes while a VHDX log is replayed or written, and while headers are, at every write and flush. After each, replay
//! gives what it would have given: the whole log, or the tables as they were or as they were to become.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod vhdx_layer;

use std::ops::Range;

use vmspec::vhdx::{Change, Headers, LogGuids, LogWriter};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::vhdx::crash::Failing;
use vmspec_generated_tests::vhdx::random::{LOG_LENGTH, Random};
use vmspec_generated_tests::vhdx::{SECTOR, Sparse, Verdict, image, oracle, random};
use vmspec_runtime::{Class, Guid, Result};

const MIB: u64 = 1 << 20;
const HEADERS: Range<u64> = oracle::HEADER_BYTES;
const LOG: Range<u64> = image::LOG_AT..image::LOG_AT + MIB;

/// What a file becomes by the oracle, and how many entries that takes.
fn oracle_replays(file: &Sparse) -> (usize, Sparse) {
    match oracle::verdict(file) {
        Verdict::Replay(it) => (it.entries, it.file),
        Verdict::Clean => (0, file.clone()),
        Verdict::Refuse(why) => panic!("{why:?}"),
    }
}

/// What a file becomes by the library, which leaves it clean.
#[track_caller]
fn library_replays(file: &Sparse) -> Sparse {
    let mut after = file.clone();
    vhdx_layer::replay(&mut after).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(oracle::log(&after), Ok(None), "the headers say that the log is empty");
    after
}

/// Replays a file with a failure at every thing that this does to it, and then again; how many crashes that were.
#[track_caller]
fn replay_stands_crashes(file: &Sparse) -> usize {
    let (_, whole) = oracle_replays(file);
    let mut crashes = 0;
    for cut in 0.. {
        let mut storage = Failing::new(file.clone(), Some(cut));
        let outcome = vhdx_layer::replay(&mut storage);
        crashes += storage.crash(|left| {
            let by_oracle = oracle_replays(left).1.first_difference(&whole, &[HEADERS]);
            assert_eq!(by_oracle, None, "cut at {cut}, by the oracle");
            assert_eq!(library_replays(left).first_difference(&whole, &[HEADERS]), None, "cut at {cut}");
        });
        if let Err(e) = &outcome {
            assert_eq!(e.class(), Class::Io, "cut at {cut}: {e}");
        } else {
            assert!(storage.done() >= 2 + 8, "it flushes before and after, and writes two headers twice");
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
        assert_eq!(oracle_replays(&file).0, entries, "{name}");
        let crashes = replay_stands_crashes(&file);
        println!("{name}: {crashes} crashes");
        assert!(crashes > 100, "{name}: {crashes}");
    }
}

#[test]
fn random_logs_of_several_entries_are_replayed_after_any_crash() {
    let (mut logs, mut entries, mut crashes) = (0, 0, 0);
    for seed in 1.. {
        let file = random::case(seed).file;
        let Verdict::Replay(it) = oracle::verdict(&file) else { continue };
        if it.entries > 1 && it.descriptors < 50 {
            crashes += replay_stands_crashes(&file);
            (logs, entries) = (logs + 1, entries + it.entries);
        }
        if logs == 8 {
            break;
        }
    }
    println!("{crashes} crashes in the replay of {logs} logs of {entries} entries");
    assert!(crashes > 8 * 100 && entries > 20, "{crashes} {entries}");
}

const GUIDS: LogGuids = LogGuids {
    file_write: Guid(*b"changed by this."),
    data_write: Some(Guid(*b"other disk data.")),
    log: Guid(*b"this is the log!"),
};

/// What is done in a session of changes.
enum Act {
    /// An entry: bytes written at offsets; none stands for as many zeros as the range has.
    Log(Vec<(Range<u64>, Option<Vec<u8>>)>),
    Apply,
    Checkpoint,
}

/// A session that comes round the end of the log, with entries that need more than one sector for their descriptors.
fn session() -> Vec<Act> {
    let mut random = Random::new(5);
    let blocks = image::blocks_at(LOG_LENGTH);
    let mut bytes = |at: u64, n: u64| {
        let bytes: Vec<u8> = (0..n).map(|_| random.number().to_le_bytes()[0]).collect();
        (at..at + n, Some(bytes))
    };
    let zeros = |range: Range<u64>| (range, None);
    vec![
        Act::Log(vec![bytes(blocks + 4000, 200), zeros(blocks + 64..blocks + 80), bytes((192 << 10) + 5000, 10)]),
        Act::Log(vec![zeros(blocks..blocks + 3 * SECTOR), bytes(blocks + SECTOR + 8, 16)]),
        Act::Log(vec![bytes(blocks + MIB - 100, 100 * SECTOR)]),
        Act::Apply,
        Act::Log(vec![bytes(blocks + 4090, 12)]),
        Act::Checkpoint,
        Act::Log(vec![bytes(blocks + MIB, 130 * SECTOR)]),
        Act::Checkpoint,
        // The end of the file is at 2 MiB from here, which the entry moves.
        Act::Log(vec![bytes(blocks + 2 * MIB + 5000, 100), bytes(blocks + 10, 40 * SECTOR), zeros(blocks..blocks + 7)]),
        Act::Log(vec![]),
    ]
}

/// Every state of the file's tables and blocks: before the session, and after each entry of it.
fn states(before: &Sparse, acts: &[Act]) -> Vec<Sparse> {
    let mut states = vec![before.clone()];
    for act in acts {
        let Act::Log(changes) = act else { continue };
        let mut file = states[states.len() - 1].clone();
        for (range, bytes) in changes {
            match bytes {
                Some(bytes) => file.put(range.start, bytes),
                None => file.clear(range.clone()),
            }
        }
        // A file grows by whole MiB.
        file.resize(file.length().next_multiple_of(MIB));
        states.push(file);
    }
    states
}

/// The same for the library's own writer.
fn change((range, bytes): &(Range<u64>, Option<Vec<u8>>)) -> Change<'_> {
    match bytes {
        Some(bytes) => Change::Bytes { at: range.start, bytes },
        None => Change::Zeros { at: range.start, length: range.end - range.start },
    }
}

/// Does the acts, and counts the entries that are done in `logged`.
fn run(storage: &mut Failing, acts: &[Act], logged: &mut usize) -> Result<()> {
    let mut writer = LogWriter::start(storage, GUIDS)?;
    for act in acts {
        match act {
            Act::Apply => writer.apply(storage)?,
            Act::Checkpoint => writer.checkpoint(storage)?,
            Act::Log(changes) => {
                let changes: Vec<_> = changes.iter().map(change).collect();
                writer.append(storage, &changes)?;
                *logged += 1;
            }
        }
    }
    writer.finish(storage)
}

#[test]
fn a_session_cut_anywhere_leaves_whole_entries() {
    let before = image::clean(LOG_LENGTH);
    let acts = session();
    let states = states(&before, &acts);
    let (mut crashes, mut old, mut new, mut cuts) = (0, 0, 0, 0);
    loop {
        let (mut storage, mut logged) = (Failing::new(before.clone(), Some(cuts)), 0);
        let outcome = run(&mut storage, &acts, &mut logged);
        crashes += storage.crash(|left| {
            let by_oracle = oracle_replays(left).1;
            let after = library_replays(left);
            assert_eq!(after.first_difference(&by_oracle, &[HEADERS]), None, "cut at {cuts}");
            let is = |state: &Sparse| after.first_difference(state, &[HEADERS, LOG]).is_none();
            if is(&states[logged]) {
                old += 1;
            } else if states.get(logged + 1).is_some_and(is) {
                new += 1;
            } else {
                panic!("cut at {cuts}, after {logged} entries: neither without the next one nor with it");
            }
        });
        match outcome {
            Ok(()) => {
                assert_eq!(oracle::log(storage.now()), Ok(None), "a clean file");
                let first = storage.now().read(LOG.start, 24);
                assert!(!first.starts_with(b"loge") || first[16] != 1, "the first entry was written over");
                break;
            }
            Err(e) => assert_eq!(e.class(), Class::Io, "cut at {cuts}: {e}"),
        }
        cuts += 1;
    }
    println!("{crashes} crashes at {cuts} writes and flushes: {old} left the last entry, {new} the next one");
    assert!(cuts > 50 && crashes > 500 && old > crashes / 2 && new > states.len(), "{crashes} {old} {new}");
}

#[test]
fn headers_cut_anywhere_are_the_old_ones_or_the_new_ones() {
    let before = image::clean(LOG_LENGTH);
    let (mut crashes, mut new, mut cuts) = (0, 0, 0);
    let guid = |file: &Sparse| Headers::read(&mut file.clone()).map(|it| it.current().file_write_guid);
    let old = guid(&before).unwrap();
    loop {
        let mut storage = Failing::new(before.clone(), Some(cuts));
        let mut headers = Headers::read(&mut storage).unwrap();
        let outcome = headers.update(&mut storage, |header| header.file_write_guid = GUIDS.file_write);
        crashes += storage.crash(|left| {
            assert_eq!(oracle::verdict(left), Verdict::Clean);
            let found = guid(left).unwrap();
            assert!(found == GUIDS.file_write || found == old && cuts < 2, "cut at {cuts}: {found:?}");
            new += usize::from(found != old);
        });
        if outcome.is_ok() {
            break;
        }
        cuts += 1;
    }
    println!("{crashes} crashes at {cuts} writes and flushes: {new} left the new headers");
    assert!(cuts == 4 && crashes > 30 && new > 10, "{cuts} {crashes} {new}");
}
