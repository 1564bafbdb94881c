//! Logs of virtual disks: the library makes of each what the oracle says, or scans it as the interpreter does. Behind the byte that
//! says which, an input has either the choices of a log that holds anything, or the entries themselves, whose sums are made right.

use super::material::Material;
use crate::held::{overlays, replays, scanned, scanned_as};
use crate::vhdx::entry::{Change, Draft, place};
use crate::vhdx::random::{LOG_LENGTH, case_given};
use crate::vhdx::{SECTOR, Sparse, image, oracle};

/// The target.
pub fn run(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let file = if kind & 1 == 0 { case_given(rest).file } else { pieced(&mut Material(rest)) };
    let expected = oracle::verdict(&file);
    // Sums are what the interpreter takes most time for.
    if kind & 6 != 6 {
        replays(&file, &expected);
        overlays(&file, &expected);
    } else if let Some(scan) = scanned(&file) {
        scanned_as(&scan, &expected);
    }
}

/// An image whose log has these entries.
fn pieced(from: &mut Material<'_>) -> Sparse {
    let mut file = image::dirty(LOG_LENGTH);
    let log = image::log(LOG_LENGTH);
    while from.is_left() {
        let start = u64::from(from.byte()).saturating_mul(SECTOR);
        let bytes = draft(from).bytes();
        place(&mut file, log, start, bytes.get(..bytes.len().min(1 << 20)).unwrap_or_default());
    }
    file
}

/// An entry with few changes, and bytes that are put anywhere into it.
fn draft(from: &mut Material<'_>) -> Draft {
    let log = image::log(LOG_LENGTH);
    let (sequence, tail) = (u64::from(from.byte()), u64::from(from.byte()).saturating_mul(SECTOR));
    let counts = from.byte();
    let changes = (0..counts & 7).map(|_| changed(from)).collect();
    let patches = (0..counts >> 6).map(|_| {
        let (at, n) = (u64::from(from.word()), usize::from(from.byte() & 31));
        (at, from.piece(n).to_vec())
    });
    let patches = patches.collect();
    Draft { tail, changes, patches, ..Draft::new(log, sequence, 0, Vec::new()) }
}

fn changed(from: &mut Material<'_>) -> Change {
    let kind = from.byte();
    let at = image::blocks_at(LOG_LENGTH).saturating_add(u64::from(kind & 15).saturating_mul(SECTOR));
    let n = u64::from(from.byte());
    if kind & 16 == 0 { Change::Data(at, n) } else { Change::Zeros(at, n.saturating_mul(SECTOR)) }
}
