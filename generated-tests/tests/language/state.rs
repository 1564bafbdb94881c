//! State: what one record leaves for later ones, with readers, writers and findings in step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use vmspec_generated_tests as harness;
use vmspec_generated_tests::features::state::{
    GroupState, GuestKind, Member, MemberArgs, Record, RecordArgs, RecordBody, RecordBodyGuest, RecordBodyWidth,
    RecordBodyWords, Stream, StreamState, StreamStateGuest, Trailer,
};
use vmspec_runtime::{Class, Cursor, Endian, Sink, VecOutput, Wire};

fn guest() -> Record {
    Record { body: RecordBody::Guest(RecordBodyGuest { of: GuestKind::Hvm, levels: 4 }) }
}

fn words(narrow: Option<Vec<u32>>, wide: Option<Vec<u64>>) -> Record {
    let count = narrow.as_ref().map_or(0, Vec::len).max(wide.as_ref().map_or(0, Vec::len));
    Record { body: RecordBody::Words(RecordBodyWords { count: count.try_into().unwrap(), narrow, wide }) }
}

fn width(bytes: u8) -> Record {
    Record { body: RecordBody::Width(RecordBodyWidth { bytes }) }
}

fn stream(records: Vec<Record>, last: u32) -> Stream {
    Stream { records, last: Trailer { last } }
}

fn end() -> Record {
    Record { body: RecordBody::End }
}

fn written(value: &Stream) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    value.write_to(&mut bytes).map(|()| bytes).map_err(|e| e.to_string())
}

#[test]
fn a_writer_remembers_what_a_reader_would() {
    let value = stream(vec![guest(), words(Some(vec![5]), None), width(8), words(None, Some(vec![6])), end()], 5);
    let bytes = written(&value).unwrap();
    assert_eq!(Stream::parse(&bytes).unwrap().0, value);
    // A width of 8 asks for wide words, a width of 4 for narrow ones.
    let wrong = stream(vec![guest(), width(8), words(Some(vec![5]), None), end()], 5);
    assert!(written(&wrong).unwrap_err().contains("to be there exactly when `state.width == 4`"));
    let early = stream(vec![words(Some(vec![5]), None), guest(), end()], 5);
    assert!(written(&early).unwrap_err().contains("words come behind the guest they are of"));
    let twice = stream(vec![guest(), guest(), words(Some(vec![5]), None), end()], 5);
    assert!(written(&twice).unwrap_err().contains("records[1].body"));
    let other = stream(vec![guest(), words(Some(vec![5]), None), end()], 6);
    assert!(written(&other).unwrap_err().starts_with("last.last: "));
}

#[test]
fn each_value_starts_afresh() {
    let value = stream(vec![guest(), words(Some(vec![5]), None), end()], 5);
    let bytes = written(&value).unwrap();
    assert_eq!(written(&value).unwrap(), bytes);
    assert_eq!(Stream::parse(&bytes).unwrap().0, Stream::parse(&bytes).unwrap().0);
    // Two groups in one stream: numbers start again.
    let groups = harness::hex("5354 01 01 0003 05 01 0009 05 01 0001 03 01 00000001 00 00000001 0003");
    assert_eq!(Stream::parse(&groups).unwrap().0.records.len(), 5);
}

#[test]
fn a_record_alone_is_lent_its_state() {
    let state = StreamState::default();
    assert_eq!((state.width.get(), state.guest.get(), state.last.get()), (4, None, None));
    let args = RecordArgs { stream_state: &state };
    let bytes = harness::hex("01 02 0004 03 01 00000005");
    let mut source = Cursor::over(&bytes, 0);
    assert_eq!(Record::read_from(&mut source, Endian::Little, args).unwrap(), guest());
    assert_eq!(state.guest.get(), Some(StreamStateGuest { kind: GuestKind::Hvm, levels: 4 }));
    assert_eq!(Record::read_from(&mut source, Endian::Little, args).unwrap(), words(Some(vec![5]), None));
    assert_eq!(state.last.get(), Some(5));
    let mut out = Vec::new();
    let fresh = StreamState::default();
    let mut sink = Sink::new(VecOutput(&mut out));
    for record in [guest(), words(Some(vec![5]), None)] {
        record.write_into(&mut sink, Endian::Little, RecordArgs { stream_state: &fresh }).unwrap();
    }
    assert_eq!((out, fresh), (bytes, state));
}

#[test]
fn findings_look_state_up() {
    let bytes = harness::hex("5354 01 01 0003 05 03 003c 0078 0079 03 01 00000001 00 00000001 0003");
    let (value, _) = Stream::parse(&bytes).unwrap();
    let found: Vec<_> = value.check().iter().map(|f| (f.offset, f.path.clone())).collect();
    let at = |n: u64, i: usize| (n, format!("records[1].body.members[{i}].number"));
    assert_eq!(found, [at(10, 1), at(12, 2)]);
    // Alone, and with a state that has seen nothing, 120 is no finding.
    let member = Member { number: 120 };
    assert!(member.check_with(MemberArgs { group_state: &GroupState::default() }).is_empty());
}

#[test]
fn what_was_not_remembered_is_refused() {
    let bytes = harness::hex("5354 02 08 00 00000000 0000");
    let error = Stream::parse(&bytes).unwrap_err();
    assert_eq!((error.class(), error.offset()), (Class::Invalid, Some(5)));
}
