//! The contract of generated types, on four types written by hand: fixed, with a window and a blob, with borrowed
//! arguments, and with the byte order of its caller.
#![cfg(feature = "std")]
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::trivially_copy_pass_by_ref,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    missing_docs
)]

use binrw::io::Cursor as Memory;
use binrw::{BinRead, BinWrite};
use vmspec_runtime::{
    Blob, Class, Endian, EndianKind, Error, Fault, Field, Finding, Findings, Found, Input, Locate, Output, OwnOrder,
    Result, Rule, Sink, Source, Wire, binrw, get_u16, get_u32, impl_binrw, len64, put_u16, put_u32,
};

static KIND: Rule = Rule::new("kind", 3, Class::Unsupported, "at most 2").say("3 was dropped");
static ODD: Rule = Rule::new("kind", 3, Class::Note, "an even kind");

/// Fixed size, fixed order.
#[derive(Clone, Debug, PartialEq)]
struct Head {
    kind: u16,
    size: u32,
}

impl Head {
    fn from_bytes(b: &[u8; 6]) -> Result<Self, Fault> {
        let head = Self { kind: get_u16::<0, 6>(b, Endian::Big), size: get_u32::<2, 6>(b, Endian::Big) };
        head.validate().map(|()| head)
    }

    fn validate(&self) -> Result<(), Fault> {
        if self.kind > 2 {
            return Err(KIND.fault(0, self.kind));
        }
        Ok(())
    }
}

impl Wire for Head {
    type Args<'a> = ();
    const SPEC: &'static str = "test.yaml";
    const NAME: &'static str = "head";
    const LAYOUT: &'static [Field] = &[Field::at(0, 2, "kind", "u16", 3), Field::at(2, 4, "size", "u32", 4)];

    fn read_from<I: Input>(src: &mut Source<I>, _: Endian, (): ()) -> Result<Self> {
        let base = src.position();
        Self::from_bytes(&src.block()?).map_err(|f| f.at(base))
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, _: Endian, (): ()) -> Result<()> {
        self.validate().map_err(Fault::unwritten)?;
        let mut b = [0; 6];
        put_u16::<0, 6>(&mut b, Endian::Big, self.kind);
        put_u32::<2, 6>(&mut b, Endian::Big, self.size);
        sink.put(&b)
    }

    fn wire_len(&self, (): ()) -> u64 {
        6
    }

    fn check_into(&self, at: u64, (): (), findings: &mut Findings) {
        findings.expect(self.kind.is_multiple_of(2), &ODD, at, self.kind);
    }
}
impl_binrw!(Head, block: Self::from_bytes, order: EndianKind::Endian(Endian::Big));

/// A window in memory whose rest is kept, then a blob to the end.
#[derive(Clone, Debug, PartialEq)]
struct Image {
    kind: u16,
    name: std::ffi::CString,
    rest: Blob,
    memory: Blob,
}

impl Wire for Image {
    type Args<'a> = ();
    const SPEC: &'static str = "test.yaml";
    const NAME: &'static str = "image";
    const LAYOUT: &'static [Field] = &[Field::at(0, 6, "head", "head", 10)];

    fn read_from<I: Input>(src: &mut Source<I>, order: Endian, (): ()) -> Result<Self> {
        let head = Head::read_from(src, order, ()).field("head", 10)?;
        let (name, rest) = src
            .window(head.size.into(), 100, |w| {
                let name = w.cstring().field("name", 12)?;
                Ok((name, w.close_keep()?))
            })
            .field("area", 11)?;
        let n = src.rest().field("memory", 13)?;
        let memory = src.blob(n).field("memory", 13)?;
        Ok(Self { kind: head.kind, name, rest, memory })
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, order: Endian, (): ()) -> Result<()> {
        let size = len64(self.name.count_bytes()) + 1 + self.rest.wire_len();
        let head = Head { kind: self.kind, size: size as u32 };
        head.write_into(sink, order, ()).field("head", 10)?;
        sink.put(self.name.to_bytes_with_nul()).field("name", 12)?;
        sink.blob(&self.rest).field("rest", 12)?;
        sink.blob(&self.memory).field("memory", 13)
    }

    fn wire_len(&self, (): ()) -> u64 {
        7 + len64(self.name.count_bytes()) + self.rest.wire_len() + self.memory.wire_len()
    }

    fn check_into(&self, at: u64, (): (), findings: &mut Findings) {
        let head = Head { kind: self.kind, size: 0 };
        findings.within("head", |f| head.check_into(at, (), f));
    }
}
impl_binrw!(Image, args: (), order: EndianKind::Runtime);

/// Arguments that borrow; the order comes from them.
#[derive(Clone, Copy, Debug, binrw::NamedArgs)]
struct ItemArgs<'a> {
    known: &'a [u32],
    big: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Item(u32);

static UNKNOWN: Rule = Rule::new("id", 20, Class::Invalid, "a known id");

impl Item {
    fn order(args: ItemArgs<'_>) -> Endian {
        if args.big { Endian::Big } else { Endian::Little }
    }
}

impl Wire for Item {
    type Args<'a> = ItemArgs<'a>;
    const SPEC: &'static str = "test.yaml";
    const NAME: &'static str = "item";
    const LAYOUT: &'static [Field] = &[Field::at(0, 4, "id", "u32", 20)];

    fn read_from<I: Input>(src: &mut Source<I>, _: Endian, args: ItemArgs<'_>) -> Result<Self> {
        let base = src.position();
        let id = get_u32::<0, 4>(&src.block()?, Self::order(args));
        if !args.known.contains(&id) {
            return Err(UNKNOWN.fault(0, id).at(base));
        }
        Ok(Self(id))
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, _: Endian, args: ItemArgs<'_>) -> Result<()> {
        if !args.known.contains(&self.0) {
            return Err(UNKNOWN.fault(0, self.0).unwritten());
        }
        sink.u32(Self::order(args), self.0)
    }

    fn wire_len(&self, _: ItemArgs<'_>) -> u64 {
        4
    }
}
impl_binrw!(Item, args: ItemArgs<'a>, order: EndianKind::Runtime);

/// In the order of its caller.
#[derive(Clone, Debug, PartialEq)]
struct Word(u16);

impl Wire for Word {
    type Args<'a> = ();
    const SPEC: &'static str = "test.yaml";
    const NAME: &'static str = "word";
    const LAYOUT: &'static [Field] = &[Field::at(0, 2, "word", "u16", 30)];

    fn read_from<I: Input>(src: &mut Source<I>, order: Endian, (): ()) -> Result<Self> {
        src.block().map(|b| Self(get_u16::<0, 2>(&b, order)))
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, order: Endian, (): ()) -> Result<()> {
        sink.u16(order, self.0)
    }

    fn wire_len(&self, (): ()) -> u64 {
        2
    }
}
impl_binrw!(Word, args: (), order: context);

/// The same, of a fixed size.
#[derive(Clone, Debug, PartialEq)]
struct Block(u16);

impl Block {
    #[allow(clippy::unnecessary_wraps)] // as every block
    fn from_bytes(b: &[u8; 2], order: Endian) -> Result<Self, Fault> {
        Ok(Self(get_u16::<0, 2>(b, order)))
    }
}

impl Wire for Block {
    type Args<'a> = ();
    const SPEC: &'static str = "test.yaml";
    const NAME: &'static str = "block";
    const LAYOUT: &'static [Field] = Word::LAYOUT;

    fn read_from<I: Input>(src: &mut Source<I>, order: Endian, (): ()) -> Result<Self> {
        let base = src.position();
        Self::from_bytes(&src.block()?, order).map_err(|f| f.at(base))
    }

    fn write_into<O: Output>(&self, sink: &mut Sink<O>, order: Endian, (): ()) -> Result<()> {
        sink.u16(order, self.0)
    }

    fn wire_len(&self, (): ()) -> u64 {
        2
    }
}
impl_binrw!(Block, block: Self::from_bytes, order: context);

/// What a harness does: generic over every type that names its own order and takes no arguments.
fn round_trip<T>(b: &[u8]) -> (T, Vec<Finding>)
where
    T: OwnOrder + for<'a> Wire<Args<'a> = ()> + PartialEq + std::fmt::Debug,
{
    let (value, rest) = T::parse(b).unwrap();
    let used = b.len() - rest.len();
    let mut out = Vec::new();
    value.write_from(&mut Memory::new(b), &mut out).unwrap();
    assert_eq!(out, b[..used]);
    assert_eq!(value.wire_len(()), len64(used));
    let findings = value.check();
    (value, findings)
}

const IMAGE: &[u8] = b"\0\x01\0\0\0\x06ab\0cdeMEMORY";

#[test]
fn fixed() {
    let (head, findings) = round_trip::<Head>(b"\0\x01\0\0\0\x02rest");
    assert_eq!(head, Head { kind: 1, size: 2 });
    assert_eq!(findings.first().unwrap().to_string(), "0x0: kind: expected an even kind, found 1 (note)");
    let e = Head::parse(b"\0\x03\0\0\0\0").unwrap_err();
    assert_eq!(e.to_string(), "0x0: kind: expected at most 2, found 3: 3 was dropped (unsupported)");
    assert_eq!((e.spec_line(), e.expected()), (("test.yaml", 3), "at most 2"));
    assert_eq!((e.found(), e.say()), (Found::Int(3), Some("3 was dropped")));
    assert_eq!(Head::parse(b"\0").unwrap_err().class(), Class::Truncated);
}

#[test]
fn window_and_blob() {
    let (image, findings) = round_trip::<Image>(IMAGE);
    let range = |offset, length| Blob::Range { offset, length };
    assert_eq!((&image.rest, &image.memory), (&range(9, 3), &range(12, 6)));
    assert_eq!(findings.first().unwrap().path, "head.kind");
    let mut v = vec![7];
    let e = image.write_to(&mut v).unwrap_err();
    assert_eq!((e.class(), e.path().as_str()), (Class::NeedsSource, "rest"));
    assert_eq!(v, [7], "on failure nothing is appended");
    let loaded = image.memory.load(&mut Memory::new(IMAGE), 6).unwrap();
    assert_eq!(loaded, b"MEMORY");
    let held = Image { rest: Blob::from(&b"cde"[..]), memory: loaded.into(), ..image };
    held.write_to(&mut v).unwrap();
    assert_eq!(v[1..], *IMAGE);
}

#[test]
fn through_binrw() {
    let mut r = Memory::new([b"12", IMAGE].concat());
    r.set_position(2);
    let image = Image::read(&mut r).unwrap();
    assert_eq!(r.position(), len64(IMAGE.len()) + 2);
    let at = |offset| Blob::Range { offset, length: 6 };
    assert_eq!(image.memory, at(14));
    let mut w = Memory::new(Vec::new());
    Head { kind: 2, size: 9 }.write(&mut w).unwrap();
    assert_eq!(w.into_inner(), b"\0\x02\0\0\0\x09");
    let e = image.write(&mut Memory::new(Vec::new())).unwrap_err();
    assert_eq!(Error::of(&e).unwrap().class(), Class::NeedsSource);
}

#[test]
fn a_failed_read_leaves_the_reader_where_it_was() {
    for (bytes, class, eof) in [
        (&b"xx\0\x01\0\0\0\x06ab"[..], Class::Truncated, true),
        (b"xx\0\x01\0\0\0\x02abc\0", Class::Invalid, false),
        (b"xx\0\x01\xff\0\0\0abc\0", Class::Limit, false),
    ] {
        let mut r = Memory::new(bytes);
        r.set_position(2);
        let e = Image::read(&mut r).unwrap_err();
        assert_eq!((r.position(), e.is_eof()), (2, eof));
        let rich = Error::of(&e).unwrap();
        assert_eq!((rich.class(), rich.offset()), (class, Some(8)));
        assert_eq!(rich.spec_line().0, "test.yaml");
    }
    let mut r = Memory::new(b"xx\0\x03\0\0\0\0");
    r.set_position(2);
    let e = Head::read(&mut r).unwrap_err();
    assert_eq!((r.position(), Error::of(&e).unwrap().offset()), (2, Some(2)));
}

#[test]
fn borrowed_arguments() {
    let known = vec![1, 2];
    let args = |big| ItemArgs { known: &known, big };
    let (item, rest) = Item::parse_with(&[0, 0, 0, 2, 9], Endian::Little, args(true)).unwrap();
    assert_eq!((&item, rest), (&Item(2), &[9][..]));
    let mut v = Vec::new();
    item.write_with(&mut v, Endian::Big, args(false)).unwrap();
    assert_eq!(v, [2, 0, 0, 0]);
    let e = Item::parse_with(&[3, 0, 0, 0], Endian::Little, args(false)).unwrap_err();
    assert_eq!(e.to_string(), "0x0: id: expected a known id, found 3 (invalid)");
    assert!(item.check_with(args(true)).is_empty());
    let item = Item::read_args(&mut Memory::new([1, 0, 0, 0]), args(false)).unwrap();
    let mut w = Memory::new(Vec::new());
    item.write_args(&mut w, args(true)).unwrap();
    assert_eq!(w.into_inner(), [0, 0, 0, 1]);
}

#[test]
fn the_order_of_the_caller() {
    let (word, _) = Word::parse_with(&[1, 2], Endian::Big, ()).unwrap();
    assert_eq!(word, Word(0x0102));
    let mut v = Vec::new();
    word.write_with(&mut v, Endian::Little, ()).unwrap();
    assert_eq!(v, [2, 1]);
    assert_eq!(Word::read_be(&mut Memory::new([1, 2])).unwrap(), word);
    assert_eq!(Block::read_be(&mut Memory::new([1, 2])).unwrap(), Block(0x0102));
    assert_eq!(Block::read_le(&mut Memory::new([1, 2])).unwrap(), Block(0x0201));
    let mut w = Memory::new(Vec::new());
    Block(1).write_be(&mut w).unwrap();
    assert_eq!(w.into_inner(), [0, 1]);
}

#[derive(Debug, PartialEq, BinRead, BinWrite)]
#[brw(big)]
struct Parent {
    count: u16,
    #[br(count = count)]
    words: Vec<Word>,
    head: Head,
    #[br(args { known: &[7], big: true })]
    #[bw(args { known: &[7], big: true })]
    item: Item,
    #[br(parse_with = binrw::helpers::until_eof)]
    tail: Vec<Head>,
}

#[test]
fn nested_in_derived_types() {
    let b = b"\0\x02\0\x05\0\x06\0\0\0\0\0\x01\0\0\0\x07\0\x02\0\0\0\x01\0\x01\0\0\0\x02";
    let parent = Parent::read(&mut Memory::new(b)).unwrap();
    assert_eq!(parent.words, [Word(5), Word(6)]);
    assert_eq!((&parent.item, parent.tail.len()), (&Item(7), 2));
    let mut w = Memory::new(Vec::new());
    parent.write(&mut w).unwrap();
    assert_eq!(w.into_inner(), b);
    let e = Parent::read(&mut Memory::new(&b[..11])).unwrap_err();
    assert!(e.is_eof());
    assert_eq!(Error::of(&e).unwrap().class(), Class::Truncated);
}

#[test]
fn names() {
    assert_eq!((Head::NAME, Image::NAME), ("head", "image"));
    assert_eq!((Item::LAYOUT.len(), Word::SPEC), (1, "test.yaml"));
}
