//! Reading aside and writing aside, over every kind of input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Cursor as File;
use vmspec_runtime::{Blob, Class, Cursor, Input, Place, ReadInput, Result, SeekInput, Sink, Source, VecOutput};

const BYTES: &[u8] = &[2, 9, 10, 11, 12, 13, 14, 15];

/// Two fields in a row, then what is aside: `(offset, length)` of each.
fn read<I: Input>(src: &mut Source<I>, asides: &[(u64, u64)], max: u64) -> Result<(Vec<Vec<u8>>, Vec<Blob>)> {
    let place = src.place();
    src.block::<1>()?;
    let mut held = Vec::new();
    for (offset, length) in asides {
        held.push(src.aside(place.held(place.at(*offset), *length, max), |src| {
            let bytes = src.bytes(*length, max)?;
            src.close().map(|()| bytes)
        })?);
    }
    src.block::<1>()?;
    Ok((held, src.end_place_keep(&place)?))
}

fn slice(asides: &[(u64, u64)]) -> Result<(Vec<Vec<u8>>, Vec<Blob>)> {
    read(&mut Cursor::over(BYTES, 100), asides, 64)
}

fn range(offset: u64, length: u64) -> Blob {
    Blob::Range { offset, length }
}

#[track_caller]
fn fails(asides: &[(u64, u64)], class: Class, at: u64) {
    let error = slice(asides).unwrap_err();
    assert_eq!((error.class(), error.offset()), (class, Some(at)));
}

#[test]
fn slices_and_files_give_the_same_and_stay_where_they_are() {
    let asides = [(5, 2), (2, 1), (5, 2), (99, 0)];
    let expected = (vec![vec![13, 14], vec![10], vec![13, 14], vec![]], vec![range(103, 2), range(107, 1)]);
    assert_eq!(slice(&asides).unwrap(), expected);
    let mut file = Source::new(SeekInput(File::new(BYTES)), 100);
    assert_eq!(read(&mut file, &asides, 64).unwrap(), expected);
    assert_eq!(file.into_input().unwrap().0.position(), 8);
}

#[test]
fn a_plain_reader_says_that_it_cannot() {
    let mut plain = Source::new(ReadInput::new(BYTES), 0);
    let error = read(&mut plain, &[(5, 2)], 64).unwrap_err();
    assert_eq!(error.class(), Class::NeedsSource);
    let mut plain = Source::new(ReadInput::new(BYTES), 0);
    assert!(
        read(&mut plain, &[(5, 0)], 64).is_err_and(|e| e.class() == Class::NeedsSource),
        "the rest has no known end"
    );
}

#[test]
fn what_cannot_lie_there_is_refused_where_it_points() {
    fails(&[(0, 1)], Class::Invalid, 100);
    fails(&[(1, 1)], Class::Invalid, 101);
    fails(&[(7, 2)], Class::Truncated, 107);
    fails(&[(u64::MAX, 1)], Class::Truncated, u64::MAX);
    fails(&[(2, 65)], Class::Limit, 102);
    fails(&[(2, 3), (4, 3)], Class::Invalid, 104);
    fails(&[(2, 6), (2, 6)], Class::Limit, 102);
}

#[test]
fn a_pending_blob_is_passed_over() {
    let mut src = Source::new(SeekInput(File::new(BYTES)), 0);
    let place = src.place();
    assert_eq!(src.blob(3).unwrap(), range(0, 3));
    let held = src.aside(place.held(5, 1, 9), |src| src.bytes(1, 9)).unwrap();
    assert_eq!((held, src.block::<1>().unwrap()), (vec![13], [11]));
}

#[test]
fn ranges_are_alone() {
    let mut src = Cursor::over(BYTES, 0);
    let place = src.place();
    assert_eq!(src.aside_blob(place.alone(2, 2, u64::MAX)).unwrap(), range(2, 2));
    assert!(src.aside(place.held(2, 2, 9), |src| src.bytes(2, 9)).is_ok());
    src.block::<2>().unwrap();
    assert_eq!(src.end_place_keep(&place).unwrap_err().class(), Class::Invalid);
}

#[test]
fn writing_sorts_and_fills() {
    let write = |slack: &[Blob], second: &[u8]| {
        let mut out = Vec::new();
        let mut sink = Sink::new(VecOutput(&mut out));
        let place = Place::default();
        sink.put(&[2, 9]).unwrap();
        place.put(5, false, |sink| sink.put(&[13, 14])).unwrap();
        place.put(2, false, |sink| sink.put(&[10])).unwrap();
        place.put(5, false, |sink| sink.put(second)).unwrap();
        sink.asides_keep(&place, 0, slack).map(|()| out)
    };
    let (between, behind) = (Blob::from(vec![11, 12]), Blob::from(vec![15]));
    assert_eq!(write(&[between.clone(), behind.clone()], &[13, 14]).unwrap(), BYTES);
    let refused = |slack: &[Blob], second: &[u8]| write(slack, second).unwrap_err().class();
    assert_eq!(refused(&[between.clone(), behind.clone()], &[13, 15]), Class::Invalid);
    assert_eq!(refused(&[behind.clone(), behind.clone()], &[13, 14]), Class::Invalid);
    assert_eq!(refused(&[between.clone(), behind, between], &[13, 14]), Class::Invalid);
    assert_eq!(refused(&[], &[13, 14]), Class::Invalid);
}

#[test]
fn elements_are_read_one_by_one() {
    let mut file = File::new(BYTES);
    let decode = |index: u64, at: u64, b: &[u8; 2]| Ok((index, at, *b));
    assert_eq!(range(2, 4).element(&mut file, 1, decode).unwrap(), Some((1, 4, [12, 13])));
    assert_eq!(range(2, 4).element(&mut file, 2, decode).unwrap(), None);
    let mut all = Vec::new();
    let each = |index: u64, element: (u64, u64, [u8; 2])| {
        all.push((index, element.2));
        Ok(())
    };
    Blob::from(BYTES).elements(&mut file, decode, each).unwrap();
    assert_eq!(all, [(0, [2, 9]), (1, [10, 11]), (2, [12, 13]), (3, [14, 15])]);
}

/// Two bytes of fields, and then this much aside, each at its offset.
fn laid(asides: &[(u64, &[u8])]) -> (Place, Vec<u8>) {
    let place = Place::new(0);
    for (offset, bytes) in asides {
        place.put(*offset, false, |sink| sink.put(bytes)).unwrap();
    }
    (place, vec![1, 2])
}

/// What is written, by one of the ways to fill what is between.
fn filled(
    asides: &[(u64, &[u8])],
    fill: impl FnOnce(&mut Sink<VecOutput<'_>>, &Place) -> Result<()>,
) -> Result<Vec<u8>> {
    let (place, fields) = laid(asides);
    let mut to = Vec::new();
    let mut sink = Sink::new(VecOutput(&mut to));
    sink.put(&fields)?;
    fill(&mut sink, &place)?;
    sink.finish()?;
    Ok(to)
}

#[test]
fn what_is_between_is_refused_zeroed_or_kept() {
    let apart: [(u64, &[u8]); 2] = [(5, &[8, 9]), (3, &[7])];
    let e = filled(&apart, |sink, place| sink.asides(place, 0)).unwrap_err();
    assert_eq!(e.class(), Class::Invalid, "{e}");
    assert_eq!(filled(&[(2, &[7])], |sink, place| sink.asides(place, 0)).unwrap(), [1, 2, 7]);
    assert_eq!(filled(&apart, |sink, place| sink.asides_zero(place, 0)).unwrap(), [1, 2, 0, 7, 0, 8, 9]);
    let kept = |slack: &[Blob]| filled(&apart, |sink, place| sink.asides_keep(place, 0, slack));
    let piece = |byte: u8| Blob::from(vec![byte]);
    assert_eq!(kept(&[piece(4), piece(5)]).unwrap(), [1, 2, 4, 7, 5, 8, 9]);
    assert_eq!(kept(&[piece(4), piece(5), piece(6)]).unwrap(), [1, 2, 4, 7, 5, 8, 9, 6]);
    for slack in [&[piece(4)][..], &[piece(4), Blob::from(vec![1, 1])], &[piece(4), piece(5), piece(6), piece(6)]] {
        assert_eq!(kept(slack).unwrap_err().class(), Class::Invalid, "{slack:?}");
    }
}

#[test]
fn what_lies_aside_cannot_lie_in_the_fields_or_in_something_else() {
    for asides in [&[(1, &[7][..])][..], &[(2, &[7, 8]), (3, &[9])]] {
        let e = filled(asides, |sink, place| sink.asides_zero(place, 0)).unwrap_err();
        assert_eq!(e.class(), Class::Invalid, "{e}");
    }
    let twice: [(u64, &[u8]); 2] = [(2, &[7, 8]), (2, &[7, 8])];
    assert_eq!(filled(&twice, |sink, place| sink.asides_zero(place, 0)).unwrap(), [1, 2, 7, 8]);
}

/// One range that many point to would take as much time as all of them together.
#[test]
fn no_more_is_read_aside_than_there_is() {
    let many: Vec<(u64, &[u8])> = vec![(2, &[7, 8]); 3];
    let e = filled(&many, |sink, place| sink.asides(place, 0)).unwrap_err();
    assert_eq!(e.class(), Class::Limit, "{e}");
}

#[test]
fn a_place_is_measured_with_what_is_kept_in_it() {
    let place = Place::new(0);
    place.note(9, 2);
    place.note(4, 1);
    assert_eq!((place.len_behind(2), place.len_behind(20)), (11, 20));
    let piece = |n| Blob::from(vec![1; n]);
    assert_eq!(place.len_kept(2, &[piece(2), piece(4)]), 11);
    assert_eq!(place.len_kept(2, &[piece(2), piece(4), piece(3)]), 14);
}
