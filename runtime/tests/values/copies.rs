//! Copies: which one counts, what is kept of the others, and which values are refused because a reader would choose otherwise.

#![allow(clippy::expect_used)]

use vmspec_runtime::{
    Between, Class, Copies, CopyPlaces, Cursor, Endian, Error, Field, Findings, Input, OtherCopy, Output, OwnOrder,
    Padding, Result, Rule, Sink, Source, VecOutput, Wire,
};

/// A number and its complement, which must fit; 255 is a version of the future.
#[derive(Clone, Debug, PartialEq)]
struct Mark(u8);

impl Wire for Mark {
    type Args<'a> = ();
    const SPEC: &'static str = "mark.yaml";
    const NAME: &'static str = "mark";
    const LAYOUT: &'static [Field] = &[];

    fn read_from<I: Input>(src: &mut Source<I>, _: Endian, (): ()) -> Result<Self> {
        let at = src.position();
        let [number, sum] = src.block()?;
        let refused = |class, expected| Err(Error::new(class, expected, number).located(at).field("number", 3));
        match (number, sum == !number) {
            (255, _) => refused(Class::Unsupported, "a version below 255"),
            (_, false) => refused(Class::Invalid, "its complement behind it"),
            _ => Ok(Self(number)),
        }
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, _: Endian, (): ()) -> Result<()> {
        sink.put(&[self.0, !self.0])
    }

    fn wire_len(&self, (): ()) -> u64 {
        2
    }
}

impl OwnOrder for Mark {}

type Marks = Copies<Mark, 3>;
type Newest = Option<fn(&Mark) -> Option<i128>>;

/// Three copies, with a byte between the first two.
const PLACES: CopyPlaces<3> = CopyPlaces::new([10, 13, 15], 2, Between::Keep);
const NEWEST: Newest = Some(|mark| Some(i128::from(mark.0)));
const FIRST: Newest = None;

fn read(bytes: &[u8], newest: Newest) -> Result<Marks> {
    let mut src = Cursor::over(bytes, 100);
    src.copies(&PLACES, (Endian::Little, ()), newest)
}

fn written(marks: &Marks, newest: Newest) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    Sink::new(VecOutput(&mut out)).copies(marks, &PLACES, (Endian::Little, ()), newest).map(|()| out)
}

/// Read, and written again as it was.
fn kept(bytes: &[u8], newest: Newest) -> Marks {
    let marks = read(bytes, newest).expect("a copy is valid");
    assert_eq!(written(&marks, newest).expect("what was read can be written"), bytes);
    marks
}

fn refused(bytes: &[u8], newest: Newest) -> (String, Class, Option<u64>) {
    let e = read(bytes, newest).expect_err("no copy counts");
    (e.path(), e.class(), e.offset())
}

#[test]
fn the_newest_valid_copy_counts() {
    let marks = kept(&[3, !3, 0, 5, !5, 9, 0], NEWEST);
    assert_eq!((marks.index(), marks.0, marks.current()), (1, 5, &Mark(5)));
    assert_eq!(marks.other(0), Some(&OtherCopy::Valid(vec![3, !3])));
    assert_eq!(marks.other(2), Some(&OtherCopy::Invalid(vec![9, 0])));
    assert_eq!((marks.other(1), marks.other(3)), (None, None));
}

#[test]
fn the_first_valid_copy_counts() {
    let marks = kept(&[3, 3, 7, 5, !5, 9, !9], FIRST);
    assert_eq!((marks.index(), marks.0, marks.gap(1)), (1, 5, &Padding::Other(vec![7])));
    let others: Vec<_> = marks.others().map(|(i, other)| (i, other.is_valid())).collect();
    assert_eq!(others, [(0, false), (2, true)]);
}

#[test]
fn equal_copies_follow_the_current_one() {
    let mut marks = kept(&[5, !5, 0, 5, !5, 4, !4], NEWEST);
    assert_eq!((marks.index(), marks.other(1)), (0, Some(&OtherCopy::Same)));
    marks.0 = 6;
    assert_eq!(written(&marks, NEWEST).expect("the current copy is the newest"), [6, !6, 0, 6, !6, 4, !4]);
}

#[test]
fn no_valid_copy() {
    assert_eq!(refused(&[3, 3, 0, 5, 5, 9, 9], NEWEST), ("copies[0].number".into(), Class::Invalid, Some(100)));
    assert_eq!(
        refused(&[255, 0, 0, 255, 0, 255, 0], FIRST),
        ("copies[0].number".into(), Class::Unsupported, Some(100))
    );
    assert_eq!(refused(&[255, 0, 0, 255, 0, 9, 9], FIRST), ("copies[0].number".into(), Class::Invalid, Some(100)));
    let e = read(&[3, 3, 0, 5, 5, 9, 9], NEWEST).expect_err("no copy is valid");
    let text =
        "0x64: copies[0].number: expected one of 3 copies to be valid: its complement behind it, found 3 (invalid)";
    assert_eq!(e.to_string(), text);
    assert_eq!(e.spec_line(), ("mark.yaml", 3));
}

#[test]
fn an_input_that_ends_is_no_copy() {
    assert_eq!(refused(&[3, !3, 0, 5], NEWEST), ("copies[1]".into(), Class::Truncated, Some(103)));
    assert_eq!(refused(&[3, !3], FIRST), (String::new(), Class::Truncated, Some(102)));
}

#[test]
fn equally_new_copies_are_the_same() {
    // Only what does not count can differ here, since all of a mark is its number.
    let constant: Newest = Some(|_| Some(1));
    assert_eq!(refused(&[3, !3, 0, 3, !3, 4, !4], constant), ("copies[2]".into(), Class::Invalid, Some(105)));
    let uncomputed: Newest = Some(|mark| (mark.0 > 3).then_some(0));
    let marks = kept(&[3, !3, 0, 4, !4, 2, !2], uncomputed);
    assert_eq!((marks.index(), marks.other(0).map(OtherCopy::is_valid)), (1, Some(false)));
}

#[test]
fn a_value_is_refused_where_a_reader_would_choose_another_copy() {
    let class = |marks: &Marks, newest| written(marks, newest).map_err(|e| (e.path(), e.class()));
    let refused = |path: &str| Err((path.to_owned(), Class::Invalid));
    let mut marks = Marks::new(Mark(5));
    marks.set_other(2, OtherCopy::Valid(vec![6, !6]));
    assert_eq!(class(&marks, NEWEST), refused(""));
    assert_eq!(class(&marks, FIRST), Ok(vec![5, !5, 0, 5, !5, 6, !6]));
    marks.set_other(2, OtherCopy::Valid(vec![4, 4]));
    assert_eq!(class(&marks, NEWEST), refused("copies[2]"));
    marks.set_other(2, OtherCopy::Invalid(vec![4, !4]));
    assert_eq!(class(&marks, NEWEST), refused("copies[2]"));
    marks.set_other(2, OtherCopy::Valid(vec![5, !5]));
    assert_eq!(class(&marks, NEWEST), refused("copies[2]"));
    marks.set_other(2, OtherCopy::Invalid(vec![4]));
    assert_eq!(class(&marks, NEWEST), refused("copies[2]"));
    marks.set_other(2, OtherCopy::Same);
    marks.set_gap(1, Padding::Other(vec![1, 2]));
    assert_eq!(class(&marks, NEWEST), refused("copies[1]"));
    assert_eq!(marks.set_other(0, OtherCopy::Same), None);
}

#[test]
fn zeros_between_are_no_bytes_to_keep() {
    let places = CopyPlaces { between: Between::Zero, ..PLACES };
    let mut src = Cursor::over(&[3, !3, 1, 5, !5, 4, !4], 0);
    let e = src.copies::<Mark, 3>(&places, (Endian::Little, ()), NEWEST).expect_err("no zero");
    assert_eq!((e.class(), e.offset()), (Class::Invalid, Some(2)));
    let mut marks = Marks::new(Mark(5));
    marks.set_gap(1, Padding::Other(vec![1]));
    let written = Sink::new(VecOutput(&mut Vec::new())).copies(&marks, &places, (Endian::Little, ()), NEWEST);
    assert_eq!(written.map_err(|e| e.path()), Err("copies[1]".to_owned()));
}

#[test]
fn a_newer_value_takes_another_place() {
    let mut marks = Marks::new(Mark(5));
    assert_eq!(marks.next_index(), 1);
    let (old, was) = marks.supersede(1, Mark(6)).expect("a place of an other copy");
    assert_eq!((old, was, marks.index()), (Mark(5), OtherCopy::Same, 1));
    assert_eq!(written(&marks, NEWEST).expect("the new one is newest"), [5, !5, 0, 6, !6, 5, !5]);
    assert_eq!(kept(&[5, !5, 0, 6, !6, 5, !5], NEWEST), marks);
    for index in [1, 3] {
        assert_eq!(marks.supersede(index, Mark(7)).map_err(|e| e.class()), Err(Class::Invalid));
    }
    marks.set_other(0, OtherCopy::Invalid(vec![0, 0]));
    assert_eq!(marks.next_index(), 0);
    assert_eq!(marks.into_current(), Mark(6));
}

#[test]
fn a_copy_that_is_not_valid_is_a_finding() {
    static COPY: Rule = Rule::new("", 7, Class::Note, "a valid copy");
    let marks = kept(&[3, 3, 0, 5, !5, 9, 9], NEWEST);
    let mut findings = Findings::default();
    findings.within("marks", |findings| findings.copies(&marks, &PLACES, &COPY, 100));
    let found: Vec<_> = findings.finish().into_iter().map(|f| (f.path, f.offset)).collect();
    assert_eq!(found, [("marks.copies[0]".to_owned(), 100), ("marks.copies[2]".to_owned(), 105)]);
}
