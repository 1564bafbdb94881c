//! Sets, tables and texts of the state: what is said of a row that does not fit, and what those who lend it see.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fmt::Debug;

use vmspec_generated_tests as harness;
use vmspec_generated_tests::features::{state_set, state_table, state_text};
use vmspec_runtime::{Class, Cursor, Endian, OwnOrder, Wire};

const START: &str = "01 00000007 0372616d 0002 02 000a 0002";

fn refused<T>(hex: &str) -> (Class, Option<u64>, String)
where
    T: Debug + OwnOrder + for<'a> Wire<Args<'a> = ()>,
{
    let error = T::parse(&harness::hex(hex)).unwrap_err();
    (error.class(), error.offset(), error.to_string())
}

#[test]
fn another_row_under_a_key_names_the_key() {
    let again = "01 00000007 0372616d 0003 02 000a 0003";
    let (class, offset, text) = refused::<state_table::Stream>(&format!("{START} {again} 00"));
    assert_eq!((class, offset), (Class::Invalid, Some(17)));
    assert_eq!(
        text,
        "0x11: records[1].body: expected the row that state.sections has under this key already, found 7 (invalid)"
    );
    let (class, offset, text) = refused::<state_table::Stream>("03 0004 72616d00 0004 03 0003 72616d00 0003 00");
    assert_eq!((class, offset), (Class::Invalid, Some(12)));
    assert!(text.contains("state.blocks") && text.contains("found \"ram\""), "{text}");
}

#[test]
fn one_key_too_many_is_a_limit() {
    let (class, offset, text) = refused::<state_set::Stream>("01 0161 0162 0163 00 00");
    assert_eq!((class, offset), (Class::Limit, Some(1)));
    assert_eq!(text, "0x1: records[0].body.list: expected at most 3 keys of state.names, found 4 (limit)");
    let (_, offset, text) = refused::<state_set::Stream>("03 03 0001 6161 0002 6161 0003 6161 00");
    assert_eq!(offset, Some(10));
    assert!(text.contains("members[2].number: expected at most 2 keys of state.numbers"), "{text}");
}

#[test]
fn a_writer_refuses_what_a_reader_would() {
    let (mut value, _) = state_table::Stream::parse(&harness::hex(&format!("{START} {START} 00"))).unwrap();
    let mut bytes = Vec::new();
    value.write_to(&mut bytes).unwrap();
    let state_table::RecordBody::Start(start) = &mut value.records[1].body else { panic!("a start") };
    start.options = state_table::Options::EMPTY;
    let error = value.write_to(&mut bytes).unwrap_err();
    assert_eq!((error.class(), error.path().as_str()), (Class::Invalid, "records[1].body"));
    value.records.remove(0);
    let state_table::RecordBody::Start(start) = &mut value.records[0].body else { panic!("a start") };
    start.section_id = 8;
    value.write_to(&mut Vec::new()).unwrap();
}

#[test]
fn a_record_alone_is_lent_texts_and_tables() {
    let state = state_table::StreamState::default();
    let args = state_table::RecordArgs { stream_state: &state };
    let bytes = harness::hex(&format!("{START} 02 00000007 000b 0002 07"));
    let mut source = Cursor::over(&bytes, 0);
    state_table::Record::read_from(&mut source, Endian::Big, args).unwrap();
    let row = state.sections.get(&7).unwrap();
    assert_eq!((&*row.idstr, row.instance), (b"ram".as_slice(), 2));
    let before = state.clone();
    state_table::Record::read_from(&mut source, Endian::Big, args).unwrap();
    assert_eq!(before, state);

    let state = state_text::StreamState::default();
    let args = state_text::RecordArgs { stream_state: &state };
    let bytes = harness::hex("01 00 03ff0080 03 06 787900 04");
    let mut source = Cursor::over(&bytes, 0);
    state_text::Record::read_from(&mut source, Endian::Big, args).unwrap();
    assert_eq!((state.block.get().as_deref(), state.before.get()), (Some([0xff, 0, 0x80].as_slice()), None));
    state_text::Record::read_from(&mut source, Endian::Big, args).unwrap();
    assert_eq!(state.latest.get().map(|row| (row.name.to_vec(), row.level)), Some((b"xy".to_vec(), 4)));
}

#[test]
fn findings_look_sets_and_texts_up() {
    let found = |hex: &str| -> Vec<String> {
        let (value, _) = state_set::Stream::parse(&harness::hex(hex)).unwrap();
        value.check().iter().map(|f| f.path.clone()).collect()
    };
    assert_eq!(found("01 026161 00 03 01 0001 6161 00"), Vec::<String>::new());
    assert_eq!(found("03 01 0001 6161 01 026161 00 00"), ["records[0].body.members[0].name"]);
}
