//! What the library and the interpreter make of a VHDX file, held to the oracle.

use vmspec::vhdx::{self, Headers};
use vmspec_codegen::interpret::Wanted;
use vmspec_codegen::interpret::journal::Scan;
use vmspec_runtime::journal::{Overlay, Storage, StorageMut};
use vmspec_runtime::{Guid, Result};

use crate::differential::{model, scans};
use crate::vhdx::{Sparse, Verdict, oracle};

/// The identifier that a replay leaves in the headers.
pub const REPLAYED: Guid = Guid(*b"file was changed");
/// How much around a change is read through an overlay, and how many bytes at once: pieces that no sector starts with.
const AROUND: (u64, u64) = (4090, 3 * 4096 - 7);

/// Replays the log of a file, and says how many entries that took; none where there was nothing to replay.
///
/// # Errors
/// When the file is refused.
pub fn replay<S: StorageMut>(file: &mut S) -> Result<Option<usize>> {
    let recovery = vhdx::Recovery::find(file, vhdx::BrokenLog::Refuse)?;
    let entries = (!recovery.is_clean()).then(|| recovery.entries().len());
    recovery.run(file, REPLAYED)?;
    Ok(entries)
}

/// A file as it would be after replay.
///
/// # Errors
/// When the file is refused.
pub fn overlay<S: Storage>(file: S) -> Result<Overlay<S>> {
    vhdx::overlay(file)
}

/// Replays an image and compares with what the oracle says.
#[track_caller]
pub fn replays(file: &Sparse, expected: &Verdict) {
    let mut after = file.clone();
    let outcome = replay(&mut after);
    let expected_file = match (&outcome, expected) {
        (Ok(None), Verdict::Clean) | (Err(_), Verdict::Refuse(_)) => {
            assert_eq!(after, *file, "nothing is written");
            return;
        }
        (Ok(Some(entries)), Verdict::Replay(it)) => {
            assert_eq!(*entries, it.entries, "entries replayed");
            &it.file
        }
        _ => panic!("replay gives {outcome:?}, the oracle {expected:?}"),
    };
    assert_eq!(after.length(), expected_file.length(), "length after replay");
    if let Some(at) = after.first_difference(expected_file, &[oracle::HEADER_BYTES]) {
        panic!("replay gives other bytes at {at:#x}");
    }
}

/// Reads an image through the overlay and compares with what the oracle says.
#[track_caller]
pub fn overlays(file: &Sparse, expected: &Verdict) {
    let outcome = overlay(file.clone());
    let expected_file = match expected {
        Verdict::Refuse(_) => return assert!(outcome.is_err(), "the overlay is not refused"),
        Verdict::Clean => file,
        Verdict::Replay(it) => &it.file,
    };
    let mut overlay = outcome.unwrap_or_else(|e| panic!("the overlay is refused: {e}"));
    assert_eq!(overlay.len().ok(), Some(expected_file.length()), "length of the overlay");
    // All that is not zero before or after, with what lies around it.
    for at in file.places().chain(expected_file.places()) {
        let start = at.saturating_sub(AROUND.0);
        let n = expected_file.length().saturating_sub(start).min(AROUND.1);
        let mut bytes = vec![0xcc; usize::try_from(n).unwrap_or(0)];
        overlay.read_at(start, &mut bytes).unwrap_or_else(|e| panic!("reading {n} bytes at {start:#x}: {e}"));
        assert!(bytes == expected_file.read(start, bytes.len()), "the overlay gives other bytes at {start:#x}");
    }
}

/// Both scans of a file's log, which must agree; none where its headers are refused or it has no log.
#[track_caller]
#[must_use]
pub fn scanned(file: &Sparse) -> Option<Scan> {
    let journal = Headers::read(&mut file.clone()).ok()?.journal();
    let journal = journal.unwrap_or_else(|e| panic!("headers without a log: {e}"))?;
    let generated = journal.scan(&mut file.clone());
    // All entries, and of each list a few elements.
    let wanted = Wanted { first: 300, ..Wanted::default() };
    let scan = scans::interpreted(model(vhdx::SPEC), file, &wanted).expect("a log");
    scans::agree(generated, &scan);
    assert_eq!(scan.live, journal.live);
    assert_eq!(scan.held.len(), scan.entries.len());
    scan.held.values().for_each(|node| scans::lies_there(node, file, &scan));
    Some(scan)
}

/// The library finds in a scan what the oracle finds.
#[track_caller]
pub fn scanned_as(scan: &Scan, verdict: &Verdict) {
    match verdict {
        Verdict::Replay(it) => assert_eq!(scan.active.len(), it.entries),
        Verdict::Clean => assert!(!scan.live),
        Verdict::Refuse(oracle::Refusal::NoSequence) => assert!(scan.active.is_empty()),
        Verdict::Refuse(_) => {}
    }
}
