//! What is remembered is looked up without taking memory, and takes no more than it has to.
#![cfg(feature = "std")]
#![allow(unsafe_code, clippy::unwrap_used, clippy::arithmetic_side_effects, missing_docs)]

use crate::counting;

use counting::peak;
use vmspec_runtime::state::{Held, Refused, Set, SharedText, Table, TextKey};

/// A row with a text.
#[derive(Clone)]
struct Row {
    name: SharedText,
    level: u32,
}

fn remember(table: &Table<TextKey, Row>, key: &[u8], name: &[u8], level: u32) -> Result<(), Refused> {
    let row = || Row { name: name.into(), level };
    table.remember(key, |row| *row.name == *name && row.level == level, row)
}

#[test]
fn a_text_is_looked_up_and_remembered_again_without_memory() {
    let cell: Held<SharedText> = Held::default();
    cell.set(Some(b"pc.ram"));
    let (bytes, same) = peak(|| {
        cell.set(Some(b"pc.ram"));
        cell.get().as_deref() == Some(b"pc.ram")
    });
    assert_eq!((bytes, same), (0, true));
    let (bytes, ()) = peak(|| cell.set(Some(b"vga.vram")));
    assert!(bytes > 0);
}

#[test]
fn a_row_is_looked_up_and_remembered_again_without_memory() {
    let table = Table::new(64);
    (0..64_u8).for_each(|i| assert_eq!(remember(&table, &[i, 0xff], b"ram", i.into()), Ok(())));
    let (bytes, ()) = peak(|| {
        assert_eq!(remember(&table, &[7, 0xff], b"ram", 7), Ok(()));
        assert_eq!(remember(&table, &[7, 0xff], b"rom", 7), Err(Refused::Different));
        assert_eq!(remember(&table, &[7], b"ram", 7), Err(Refused::Full(65)));
        assert!(table.has([63, 0xff].as_slice()) && !table.has([64, 0xff].as_slice()));
        assert_eq!(table.get([9, 0xff].as_slice()).map(|row| (&*row.name, row.level)), Some((b"ram".as_slice(), 9)));
    });
    assert_eq!(bytes, 0);
}

#[test]
fn what_was_found_stays_while_a_row_comes_in() {
    let table = Table::new(u64::MAX);
    remember(&table, b"first", b"ram", 0).unwrap();
    let name: &[u8] = table.get(b"first".as_slice()).map(|row| &*row.name).unwrap();
    (0..10_000_u32).for_each(|i| remember(&table, &i.to_be_bytes(), b"other", i).unwrap());
    assert_eq!(name, b"ram");
    assert!((0..10_000_u32).all(|i| table.get(i.to_be_bytes().as_slice()).is_some_and(|row| row.level == i)));
}

#[test]
fn keys_in_any_order_take_about_the_same_time() {
    // Were each looked for among all, this would not end: 2^17 keys in order, then the other way round.
    let (up, down): (Set<u32>, Set<u32>) = (Set::new(1 << 17), Set::new(1 << 17));
    (0..1 << 17).for_each(|i| assert_eq!((up.remember(&i), down.remember(&((1 << 17) - i))), (Ok(()), Ok(()))));
    assert_eq!((up.remember(&(1 << 17)), up.remember(&5)), (Err((1 << 17) + 1), Ok(())));
    assert!((1..1 << 17).all(|i| up.has(&i) && down.has(&i)));
}
