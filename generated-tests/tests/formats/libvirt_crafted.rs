//! libvirt save images made here: both byte orders, with and without cookie, gaps and spare bytes of every kind.

#![allow(clippy::expect_used, clippy::panic)]

use std::ffi::CString;

use vmspec::libvirt_save::{Header, Image, ImageArea, RunState};
use vmspec_generated_tests as harness;
use vmspec_runtime::{Blob, Class, Endian, Wire, Zeros};

/// What an image is made of; written without the code under test.
struct Parts {
    order: Endian,
    area_length: u32,
    cookie_offset: u32,
    area: &'static [u8],
}

impl Parts {
    fn bytes(&self) -> Vec<u8> {
        let word = |n: u32| if self.order == Endian::Big { n.to_be_bytes() } else { n.to_le_bytes() };
        let mut bytes = b"LibvirtQemudSave".to_vec();
        bytes.extend([2, self.area_length, 1, 5, self.cookie_offset].into_iter().flat_map(word));
        bytes.extend_from_slice(&[0; 56]);
        bytes.extend_from_slice(self.area);
        bytes.extend_from_slice(b"memory");
        bytes
    }
}

/// In both byte orders the bytes hold what `expected` says, and stand all damage.
fn both(area: &'static [u8], area_length: u32, cookie_offset: u32, expected: &str) {
    for (order, name) in [(Endian::Little, "little"), (Endian::Big, "big")] {
        let bytes = Parts { order, area_length, cookie_offset, area }.bytes();
        harness::accepts::<Image>(&bytes, Endian::Little, &(), expected);
        let order = format!(r#"{{"header": {{"byte_order": "{name}", "format": "zstd", "was_running": "running"}}}}"#);
        harness::accepts::<Image>(&bytes, Endian::Little, &(), &order);
        harness::nests::<Image>(&bytes, Endian::Little);
    }
}

#[test]
fn xml_cookie_and_spare() {
    let expected =
        r#"{"area": {"xml": "<d/>", "cookie": "<c/>", "cookie_gap": "", "spare": "3"}, "memory": "6d656d6f7279"}"#;
    both(b"<d/>\0<c/>\0\0\0\0", 13, 5, expected);
}

#[test]
fn without_a_cookie() {
    both(b"<d/>\0\0\0", 7, 0, r#"{"area": {"xml": "<d/>", "cookie": null, "spare": "2"}}"#);
    both(b"\0", 1, 0, r#"{"area": {"xml": "", "cookie": null, "spare": "0"}}"#);
}

#[test]
fn a_gap_before_the_cookie_is_kept() {
    both(b"<d/>\0\0\0<c/>\0", 12, 7, r#"{"area": {"cookie_gap": "0000", "cookie": "<c/>", "spare": "0"}}"#);
    both(b"<d/>\0no<c/>\0", 12, 7, r#"{"area": {"cookie_gap": "6e6f", "cookie": "<c/>"}}"#);
}

#[test]
fn spare_bytes_that_are_not_zero_are_kept_and_noted() {
    both(b"<d/>\0\0\x07", 7, 0, r#"{"area": {"cookie": null, "spare": "0007"}}"#);
    let bytes = Parts { order: Endian::Little, area_length: 7, cookie_offset: 0, area: b"<d/>\0\0\x07" }.bytes();
    let image = harness::round_trip::<Image>(&bytes, Endian::Little, &());
    let found: Vec<_> = image.check().iter().map(|f| (f.path.clone(), f.class())).collect();
    assert_eq!(found, [("area.spare".to_owned(), Class::Note)]);
}

#[test]
fn areas_that_do_not_fit_are_refused() {
    let refused = |area, area_length, cookie_offset, path: &str, class| {
        for order in [Endian::Little, Endian::Big] {
            let bytes = Parts { order, area_length, cookie_offset, area }.bytes();
            harness::rejects::<Image>(&bytes, Endian::Little, &(), path, class);
        }
    };
    refused(b"", 0, 0, "header.data_len", Class::Invalid);
    refused(b"<d/>\0", 5, 5, "header.cookie_offset", Class::Invalid);
    refused(b"<d/>\0<c/>\0", 10, 4, "area.cookie", Class::Invalid);
    refused(b"<d/>", 4, 0, "area.xml", Class::Invalid);
    refused(b"<d/>\0<c/>", 9, 5, "area.cookie", Class::Invalid);
    refused(b"<d/>\0", 12, 0, "area", Class::Truncated);
    refused(b"<d/>\0", (64 << 20) + 1, 0, "area", Class::Limit);
}

/// A value made by hand.
fn image(byte_order: Endian, cookie: Option<&str>, gap: &[u8], spare: Zeros) -> Image {
    let text = |s: &str| CString::new(s).expect("no NUL");
    let mut area = ImageArea::initial();
    (area.xml, area.cookie) = (text("<domain/>"), cookie.map(text));
    (area.cookie_gap, area.spare) = (gap.into(), spare);
    Image {
        header: Header { byte_order, was_running: RunState::Paused, ..Header::initial() },
        area,
        memory: Blob::from(b"memory".to_vec()),
    }
}

#[test]
fn values_are_written_and_read_back() {
    for order in [Endian::Little, Endian::Big] {
        for cookie in [None, Some(""), Some("<cookie/>")] {
            for spare in [Zeros::Zero(0), Zeros::Zero(65536), Zeros::Other(vec![0, 1])] {
                let value = image(order, cookie, &[], spare.clone());
                let mut bytes = Vec::new();
                value.write_to(&mut bytes).expect("it can be written");
                let back = harness::round_trip::<Image>(&bytes, Endian::Little, &());
                assert_eq!((&back.header, &back.area), (&value.header, &value.area));
                assert_eq!(back.memory.load(&mut std::io::Cursor::new(&bytes), 64).expect("it is there"), b"memory");
            }
        }
    }
}

/// The path and class of the error that writing the value gives.
fn unwritten(value: &Image) -> (String, Class) {
    let mut bytes = Vec::new();
    let e = value.write_to(&mut bytes).expect_err("it cannot be written");
    assert!(bytes.is_empty());
    (e.path(), e.class())
}

#[test]
fn values_that_would_not_read_back_are_not_written() {
    let good = || image(Endian::Little, None, &[], Zeros::Zero(1));
    assert_eq!(
        unwritten(&image(Endian::Little, None, b"gap", Zeros::Zero(0))),
        ("area.cookie".to_owned(), Class::Invalid)
    );
    let zeros = image(Endian::Little, None, &[], Zeros::Other(vec![0, 0]));
    assert_eq!(unwritten(&zeros), ("area.spare".to_owned(), Class::Invalid));
    let mut version = good();
    version.header.version = 4;
    assert_eq!(unwritten(&version), ("header.version".to_owned(), Class::Unsupported));
    let mut order = good();
    (order.header.version, order.header.byte_order) = (0, Endian::Big);
    assert_eq!(unwritten(&order), ("header.byte_order".to_owned(), Class::Invalid));
    let mut named = good();
    named.header.was_running = RunState::Unknown(1);
    assert_eq!(unwritten(&named), ("header.was_running".to_owned(), Class::Invalid));
}
