//! Views: fields where they lie, driven ones included; only `read` checks every rule.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use vmspec::libvirt_save::{self, Compression, HeaderView, HeaderWire};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::features::{
    bits, driven_outside, endian_context, endian_scoped, endian_trial, lists_count, scalars,
};
use vmspec_runtime::{Class, Endian, WireRef};

fn header() -> [u8; 92] {
    *harness::sample("libvirt/lv11-zstd.save").first_chunk().unwrap()
}

#[test]
fn a_view_shows_every_field() {
    let bytes = header();
    let view = HeaderView::new(&bytes).unwrap();
    let HeaderWire { header, driven } = view.read().unwrap();
    assert_eq!(
        (view.byte_order(), view.version(), view.was_running()),
        (header.byte_order, header.version, header.was_running)
    );
    assert_eq!((view.magic(), view.format()), (Ok(header.magic), Ok(header.format)));
    assert_eq!((view.data_len(), view.cookie_offset(), view.driven()), (driven.data_len, driven.cookie_offset, driven));
    assert_eq!((view.unused(), view.as_bytes()), (&header.unused.0, &bytes));
    assert_eq!(view.format(), Ok(Compression::Zstd));
}

#[test]
fn only_what_tells_the_format_is_checked_at_first() {
    let mut bytes = header();
    bytes[0] = b'X';
    assert_eq!(HeaderView::new(&bytes).unwrap_err().rule().class, Class::NotThisFormat);
    bytes[0] = b'L';
    bytes[28] = 99;
    let view = HeaderView::new(&bytes).unwrap();
    let fault = view.format().unwrap_err();
    assert_eq!((fault.offset(), fault.rule().field, fault.rule().class), (28, "format", Class::Unsupported));
    assert_eq!(view.read().unwrap_err(), fault);
    assert_eq!(view.version(), 2);
}

#[test]
fn the_byte_order_is_that_of_the_bytes() {
    let mut bytes = header();
    bytes[16..20].reverse();
    assert_eq!(HeaderView::new(&bytes).unwrap().byte_order(), Endian::Big);
    assert_eq!(HeaderView::new(&bytes).unwrap().version(), 2);
    let bytes = [0, 0, 0, 7];
    assert_eq!(endian_context::InnerView::new(&bytes, Endian::Big).b(), 7);
    assert_eq!(endian_context::InnerView::new(&bytes, Endian::Little).b(), 7 << 24);
}

#[test]
fn nested_types_give_their_views() {
    let bytes = harness::hex(
        "01 0002 00000003 0000000000000004 ff fffe fffffffd fffffffffffffffc 3fc00000 bff8000000000000 02 0200 feffffffffffffff 0000c03f",
    );
    let view = scalars::BothView::new(bytes.first_chunk().unwrap());
    assert_eq!((view.big().b(), view.big().h(), view.little().b()), (2, -4, -2));
    assert_eq!(view.big().j().to_bits(), (-1.5_f64).to_bits());
    let fault = view.big().k().unwrap_err();
    assert_eq!((fault.rule().field, fault.offset()), ("k", 42));
    assert_eq!(view.read().unwrap_err().to_string(), "0x2a: big.k: expected 0 or 1, found 2 (invalid)");
}

#[test]
fn a_magic_inside_is_checked_with_its_place() {
    let image = endian_trial::ImageView::new(&[0; 20]).unwrap_err();
    assert_eq!(image.around().next(), Some("header"));
    let scoped = endian_scoped::FileView::new(&[0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert!(scoped.big().is_err() && scoped.inner().is_err());
}

#[test]
fn parts_of_an_integer_have_accessors() {
    let bytes = [0x21, 0x01, 0, 0];
    let view = bits::WordView::new(&bytes);
    assert_eq!((view.level(), view.locked(), view.small()), (1, true, 0));
    assert_eq!(view.read().map(|word| word.level), view.mode().map(|_| 1));
}

#[test]
fn driven_fields_are_shown_though_values_lack_them() {
    let bytes = harness::hex("4f555453 0008 07 0003");
    let view = driven_outside::HeaderView::new(bytes.first_chunk().unwrap()).unwrap();
    assert_eq!((view.magic(), view.area_length(), view.flavor(), view.cookie_offset()), (b"OUTS", 8, 7, 3));
    assert_eq!(view.driven(), view.read().unwrap().driven);
}

#[test]
fn lists_are_decoded_when_they_are_looked_at() {
    let bytes = harness::hex("010002000300 0001 02 01020304 02 0105 020607 61626364 6100 00 0100 010a 020b 030c");
    let lent = lists_count::ListsRef::parse(&bytes).unwrap();
    assert_eq!(lent.fixed.iter().collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(lent.points.iter().map(lists_count::PointView::y).collect::<Vec<_>>(), [2, 4]);
    assert_eq!((lent.points.len(), lent.count(), lent.keys.get(1)), (2, 2, Some(b"cd")));
    assert_eq!(lent.grid.iter().map(|row| row.cells).collect::<Vec<_>>(), [&[5][..], &[6, 7]]);
    assert!(libvirt_save::ImageRef::parse(&bytes).is_err());
}
