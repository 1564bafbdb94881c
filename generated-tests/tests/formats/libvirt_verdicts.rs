//! libvirt save images: what is said of the fixtures, and what is in those that real programs wrote.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value;
use vmspec::libvirt_save::Image;
use vmspec_generated_tests as harness;
use vmspec_runtime::{Blob, Class, Endian, Wire, Zeros};

fn unpacked(name: &str) -> Option<Vec<u8>> {
    harness::decompressed(&format!("libvirt/{name}.save"))
}

fn text(name: &str) -> Option<String> {
    let bytes = harness::fixture(&format!("libvirt/{name}"))?;
    Some(String::from_utf8(bytes).expect("the fixture is text"))
}

/// The image is refused at this path and offset; the fixture need not be there.
#[track_caller]
fn refused(name: &str, path: &str, offset: u64, class: Class) {
    let Some(bytes) = unpacked(name) else { return };
    match harness::agree::<Image>(&bytes, Endian::Little, &()) {
        Ok(_) => panic!("{name} is accepted"),
        Err(e) => assert_eq!((e.path.as_str(), e.offset, e.class), (path, Some(offset), class), "{name}: {e}"),
    }
}

/// The image is read and written by every door, and exactly this is found: path, offset, class.
#[track_caller]
fn found(name: &str, findings: &[(&str, u64, Class)]) {
    let Some(bytes) = unpacked(name) else { return };
    let image = harness::round_trip::<Image>(&bytes, Endian::Little, &());
    let all = image.check();
    let all: Vec<_> = all.iter().map(|f| (f.path.as_str(), f.offset, f.class())).collect();
    assert_eq!(all, findings, "{name}");
}

#[test]
fn bad_magic_is_another_format() {
    refused("neg-badmagic", "header.magic", 0, Class::NotThisFormat);
}

#[test]
fn an_unknown_compression_is_unsupported() {
    refused("neg-fmt7", "header.format", 28, Class::Unsupported);
}

#[test]
fn a_cut_off_area_is_truncated() {
    refused("neg-truncxml", "area", 92, Class::Truncated);
}

#[test]
fn a_cookie_behind_the_area_is_invalid() {
    refused("neg-cookiebig", "header.cookie_offset", 32, Class::Invalid);
}

#[test]
fn an_unfinished_save_is_read_and_found_incomplete() {
    found("neg-partial", &[("header.magic", 0, Class::Incomplete)]);
    found("lv9-partial", &[("header.magic", 0, Class::Incomplete)]);
}

#[test]
fn the_proposed_version_is_read_and_found_unsupported() {
    found("neg-ver3", &[("header.version", 16, Class::Unsupported)]);
}

#[test]
fn version_0_is_noted() {
    found("neg-ver0", &[("header.version", 16, Class::Note)]);
}

#[test]
fn the_other_byte_order_is_fine() {
    found("neg-ver2be", &[]);
    let Some(bytes) = unpacked("neg-ver2be") else { return };
    let (image, _) = harness::read::<Image>(&bytes, Endian::Little, &()).expect("it is read");
    assert_eq!((image.header.byte_order, image.header.version), (Endian::Big, 2));
}

/// An image is what an independent reader says of it, and nothing is found.
#[track_caller]
fn as_summed_up(name: &str, bytes: &[u8], summary: &Value) {
    let (image, taken) = harness::read::<Image>(bytes, Endian::Little, &()).expect("it is read");
    assert_eq!(taken, bytes.len(), "{name}");
    let header = &summary["header"];
    let word = |key: &str| header[key].as_u64().expect("the summary has the word");
    assert_eq!(Some(image.header.magic.to_string().as_str()), magic(header), "{name}");
    assert_eq!(u64::from(image.header.version), word("version"), "{name}");
    assert_eq!(u64::from(image.header.was_running.repr()), word("was_running"), "{name}");
    assert_eq!(u64::from(image.header.format.repr()), word("format"), "{name}");
    assert_eq!(image.area.wire_len(area_args(&image)), word("data_len"), "{name}");
    assert_eq!(image.area.offset_of_cookie(), word("cookie_offset"), "{name}");
    assert!(image.header.unused.0.iter().all(|b| *b == 0) && header["unused_nonzero"] == "", "{name}");
    // The independent reader counts the NUL behind the cookie as padding.
    let pad = summary["trailing_pad"].as_u64().and_then(|n| n.checked_sub(1)).expect("the summary has the padding");
    assert_eq!(image.area.spare, Zeros::Zero(pad), "{name}");
    let Blob::Range { offset, length } = image.memory else { panic!("{name}: memory is held") };
    assert_eq!(summary["payload_offset"].as_u64(), Some(offset), "{name}");
    let memory = &bytes[usize::try_from(offset).expect("it fits")..];
    assert_eq!(u64::try_from(memory.len()), Ok(length), "{name}");
    assert_eq!(summary["payload_magic"], harness::hex_of(&memory[..16]), "{name}");
}

fn area_args(image: &Image) -> vmspec::libvirt_save::ImageAreaArgs {
    let header_cookie_offset = u32::try_from(image.area.offset_of_cookie()).expect("it fits");
    vmspec::libvirt_save::ImageAreaArgs { header_cookie_offset }
}

/// The name in the spec of the magic of a summary.
fn magic(header: &Value) -> Option<&'static str> {
    match header["magic"].as_str()? {
        "LibvirtQemudSave" => Some("complete"),
        "LibvirtQemudPart" => Some("partial"),
        _ => None,
    }
}

/// A real image: summary, domain XML, cookie, every door.
#[track_caller]
fn real(name: &str, bytes: &[u8]) {
    let Some(summary) = text(&format!("{name}.save.summary.json")) else { return };
    as_summed_up(name, bytes, &serde_json::from_str(&summary).expect("the summary is JSON"));
    let image = harness::round_trip::<Image>(bytes, Endian::Little, &());
    let Some(xml) = text(&format!("{name}.save.embedded.xml")) else { return };
    assert_eq!(image.area.xml.to_str(), Ok(xml.as_str()), "{name}");
    let Some(cookie) = text(&format!("{name}.save.cookie.xml")) else { return };
    assert_eq!(image.area.cookie.as_deref().map(std::ffi::CStr::to_str), Some(Ok(cookie.as_str())), "{name}");
}

#[test]
fn real_images_hold_what_others_read() {
    for name in ["lv9-raw-paused", "lv9-gzip", "lv9-partial", "lv11-zstd", "lv11-sparse"] {
        if let Some(bytes) = unpacked(name) {
            real(name, &bytes);
        }
    }
    found("lv9-raw-paused", &[]);
    found("lv11-sparse", &[]);
}

#[test]
fn samples_hold_what_others_read() {
    for name in ["lv11-zstd", "lv9-gzip"] {
        let bytes = harness::sample(&format!("libvirt/{name}.save"));
        real(name, &bytes);
        let image = harness::round_trip::<Image>(&bytes, Endian::Little, &());
        assert!(image.check().is_empty() && image.area.xml.to_bytes().starts_with(b"<domain"), "{name}");
    }
}
