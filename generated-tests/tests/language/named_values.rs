//! Named values of a spec as Rust has them: constants of the module, and what values work out from themselves.

#![allow(clippy::unwrap_used)]

use vmspec_generated_tests::features::named_values::{
    BELOW, Chest, ChestArgs, Kind, MAKER, Marks, NOBODY, ROOM, SEALED, SLOT, Shelf,
};
use vmspec_runtime::{Guid, Wire};

const SHELF: &[u8] = &[
    3, 2, 0xff, 1, 2, b'a', b'b', 0x33, 0x22, 0x11, 0, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd,
    0xee, 0xff, 5, 7, 1, 2,
];

/// Constants that programs may do arithmetic with, in constants of their own too.
const ALL_OF_IT: u64 = SLOT * 2 + ROOM;

#[test]
fn constants_have_types() {
    assert_eq!((ALL_OF_IT, BELOW, SEALED, MAKER), (72, -4_i64, true, "oak & sons"));
    assert_eq!(NOBODY.to_string(), "00112233-4455-6677-8899-aabbccddeeff");
}

#[test]
fn values_work_out_what_follows_from_them() {
    let (shelf, _) = Shelf::parse(SHELF).unwrap();
    let numbers: (u64, i64, u64) = (shelf.wide(), shelf.signed(), shelf.length());
    assert_eq!(numbers, (128, -2, 5));
    assert_eq!((shelf.quotient(), shelf.heaviest(), shelf.kind()), (Some(32), Some(7), Some(Kind::Locked)));
    assert_eq!((shelf.all_marks(), shelf.is_ours(), shelf.name()), (Marks::OLD, true, b"ab".as_slice()));
    assert_eq!(shelf.whose(), Some(NOBODY));
}

#[test]
fn what_cannot_be_worked_out_is_nothing() {
    let (shelf, _) = Shelf::parse(SHELF).unwrap();
    let empty = Shelf { low: 0, owner: None, chests: Vec::new(), ..shelf };
    assert_eq!((empty.quotient(), empty.heaviest(), empty.whose(), empty.is_ours()), (None, None, None, false));
    // Three is no kind: a value that a reader would refuse has none.
    assert_eq!(Shelf { low: 3, ..empty }.kind(), None);
    assert_ne!(Guid::NIL, NOBODY);
}

#[test]
fn what_needs_arguments_is_given_them() {
    let (shelf, _) = Shelf::parse(SHELF).unwrap();
    let args = ChestArgs { scale: shelf.low, of: Kind::Locked };
    let scaled: Vec<u64> = shelf.chests.iter().map(|chest| chest.scaled(args)).collect();
    let double: Vec<u64> = shelf.chests.iter().map(Chest::double).collect();
    assert_eq!((scaled, double), (vec![10, 14], vec![10, 14]));
    assert!(shelf.chests.iter().all(|chest| chest.is_locked(args)));
}
