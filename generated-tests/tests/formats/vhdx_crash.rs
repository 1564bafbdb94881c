//! Crashes while a VHDX log is replayed or written, and while headers are, at every write and flush, with the write that
//! fails torn at every 512 bytes. After each, replay gives what it would have given: the whole log, or the tables as they
//! were or as they were to become.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use vmspec::vhdx::{Change, Headers, LogGuids, LogWriter};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::held;
use vmspec_generated_tests::parallel::in_parallel;
use vmspec_generated_tests::vhdx::crash::{Failing, Left};
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
    held::replay(&mut after).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(oracle::log(&after), Ok(None), "the headers say that the log is empty");
    after
}

/// How often something was cut, and what that left. It is the same in every run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    /// Writes, zeroings, changes of length and flushes, each of which failed once.
    cuts: usize,
    /// Files that these left and that were looked at.
    files: usize,
    /// Those in which the write that failed was done in part: two for each 512 bytes of each but the first.
    torn: usize,
}

/// What a crash left, and when it was.
struct Crash {
    cut: usize,
    /// How many entries had been logged by then.
    logged: usize,
    left: Left,
}

/// Does something with a failure at every single thing that it does to a storage, and looks at all that each may leave.
/// The last time nothing fails, and the storage of that is given.
#[track_caller]
fn cut_anywhere(
    file: &Sparse,
    run: impl Fn(&mut Failing) -> (usize, Result<()>),
    see: impl Fn(&Crash, &Sparse) + Sync,
) -> (Count, Sparse) {
    let mut crashes = Vec::new();
    let mut cuts = 0;
    let whole = loop {
        let mut storage = Failing::new(file.clone(), Some(cuts));
        let (logged, outcome) = run(&mut storage);
        assert_eq!(storage.done(), cuts, "all before the failure is done, and nothing behind it");
        let Err(e) = outcome else { break storage };
        assert_eq!(e.class(), Class::Io, "cut at {cuts}: {e}");
        crashes.extend(storage.crash().into_iter().map(|left| Crash { cut: cuts, logged, left }));
        cuts += 1;
    };
    in_parallel(&crashes, |crash| see(crash, &crash.left.file()));
    let torn = crashes.iter().filter(|crash| crash.left.is_torn()).count();
    (Count { cuts, files: crashes.len(), torn }, whole.now().clone())
}

/// Replays a file with a failure at every thing that this does to it, and then again.
#[track_caller]
fn replay_stands_crashes(file: &Sparse) -> Count {
    let (_, whole) = oracle_replays(file);
    let replay = |storage: &mut Failing| (0, held::replay(storage).map(|_| ()));
    let (count, after) = cut_anywhere(file, replay, |Crash { cut, .. }, left| {
        let by_oracle = oracle_replays(left).1.first_difference(&whole, &[HEADERS]);
        assert_eq!(by_oracle, None, "cut at {cut}, by the oracle");
        assert_eq!(library_replays(left).first_difference(&whole, &[HEADERS]), None, "cut at {cut}");
    });
    assert_eq!(after.first_difference(&whole, &[HEADERS]), None, "without a failure");
    count
}

#[test]
fn samples_are_replayed_after_any_crash() {
    for (name, entries, count) in [
        ("ok-wrap-seq", 3, Count { cuts: 11, files: 118, torn: 102 }),
        ("ok-full-log", 3, Count { cuts: 12, files: 1990, torn: 1972 }),
        ("ok-last-aligned-grow", 1, Count { cuts: 12, files: 88, torn: 70 }),
        ("ok-zero", 1, Count { cuts: 13, files: 152, torn: 130 }),
    ] {
        let Some(bytes) = harness::packed_sample(&format!("vhdx/{name}.vhdx")) else { return };
        let file = Sparse::from_bytes(&bytes);
        assert_eq!(oracle_replays(&file).0, entries, "{name}");
        assert_eq!(replay_stands_crashes(&file), count, "{name}");
    }
}

#[test]
fn random_logs_of_several_entries_are_replayed_after_any_crash() {
    let dirty = (1..).map(|seed| random::case(seed).file).filter_map(|file| match oracle::verdict(&file) {
        Verdict::Replay(it) if it.entries > 1 && it.descriptors < 50 => Some((it.entries, file)),
        _ => None,
    });
    let logs: Vec<(usize, Sparse)> = dirty.take(8).collect();
    assert_eq!(logs.iter().map(|it| it.0).sum::<usize>(), 22, "entries");
    let counts: Vec<Count> = logs.iter().map(|(_, file)| replay_stands_crashes(file)).collect();
    let expected = [
        (12, 102, 84),
        (18, 259, 202),
        (13, 106, 84),
        (16, 246, 206),
        (14, 189, 162),
        (17, 218, 170),
        (15, 145, 112),
        (15, 223, 190),
    ];
    assert_eq!(counts, expected.map(|(cuts, files, torn)| Count { cuts, files, torn }));
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
    let (old, new) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let session = |storage: &mut Failing| {
        let mut logged = 0;
        let outcome = run(storage, &acts, &mut logged);
        (logged, outcome)
    };
    let (count, after) = cut_anywhere(&before, session, |Crash { cut, logged, .. }, left| {
        let by_oracle = oracle_replays(left).1;
        let after = library_replays(left);
        assert_eq!(after.first_difference(&by_oracle, &[HEADERS]), None, "cut at {cut}");
        let is = |state: &Sparse| after.first_difference(state, &[HEADERS, LOG]).is_none();
        if is(&states[*logged]) {
            old.fetch_add(1, Ordering::Relaxed);
        } else if states.get(logged + 1).is_some_and(is) {
            new.fetch_add(1, Ordering::Relaxed);
        } else {
            panic!("cut at {cut}, after {logged} entries: neither without the next one nor with it");
        }
    });
    assert_eq!(count, Count { cuts: 56, files: 9216, torn: 9114 });
    assert_eq!((old.into_inner(), new.into_inner()), (9204, 12), "files without the next entry, and with it");
    assert_eq!(oracle::log(&after), Ok(None), "a clean file");
    let first = after.read(LOG.start, 24);
    assert!(!first.starts_with(b"loge") || first[16] != 1, "the first entry was written over");
}

#[test]
fn headers_cut_anywhere_are_the_old_ones_or_the_new_ones() {
    let before = image::clean(LOG_LENGTH);
    let guid = |file: &Sparse| Headers::read(&mut file.clone()).map(|it| it.current().file_write_guid);
    let old = guid(&before).unwrap();
    let new = AtomicUsize::new(0);
    let update = |storage: &mut Failing| {
        let outcome = Headers::read(storage)
            .and_then(|mut headers| headers.update(storage, |header| header.file_write_guid = GUIDS.file_write));
        (0, outcome)
    };
    let (count, after) = cut_anywhere(&before, update, |Crash { cut, .. }, left| {
        assert_eq!(oracle::verdict(left), Verdict::Clean);
        let found = guid(left).unwrap();
        assert!(found == GUIDS.file_write || found == old && *cut < 2, "cut at {cut}: {found:?}");
        new.fetch_add(usize::from(found != old), Ordering::Relaxed);
    });
    assert_eq!(guid(&after).unwrap(), GUIDS.file_write);
    assert_eq!(count, Count { cuts: 4, files: 34, torn: 28 });
    assert_eq!(new.into_inner(), 26, "files with the new headers");
}
