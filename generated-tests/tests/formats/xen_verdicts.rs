//! Xen xl save files: what is said of each sample, accepted or refused, and what is found in them.

#![allow(clippy::expect_used, clippy::panic)]

use vmspec::xen_xl::Savefile;
use vmspec_generated_tests as harness;
use vmspec_runtime::{Class, Endian, Wire};

fn sample(name: &str) -> Option<Vec<u8>> {
    harness::packed_sample(&format!("xl/{name}.xlsave"))
}

/// Every door refuses the sample at this path and offset, and says this.
#[track_caller]
fn refused(name: &str, place: (&str, u64), class: Class, said: &str) {
    let Some(bytes) = sample(name) else { return };
    match harness::agree::<Savefile>(&bytes, Endian::Little, &()) {
        Ok(_) => panic!("{name} is accepted"),
        Err(e) => {
            assert_eq!(((e.path.as_str(), e.offset), e.class), ((place.0, Some(place.1)), class), "{name}: {e}");
            assert!(e.text.contains(said), "{name}: {e}");
        }
    }
}

/// Every door reads and writes the sample, and exactly this is found: path, offset, class.
#[track_caller]
fn found(name: &str, findings: &[(&str, u64, Class)]) {
    let Some(bytes) = sample(name) else { return };
    let file = harness::round_trip::<Savefile>(&bytes, Endian::Little, &());
    let all = file.check();
    let all: Vec<_> = all.iter().map(|f| (f.path.as_str(), f.offset, f.class())).collect();
    assert_eq!(all, findings, "{name}");
}

#[test]
fn real_files_are_accepted() {
    for name in ["x417-hvm", "x417-pv", "x417-pvh", "x420-pv-migrate"] {
        found(name, &[]);
    }
}

#[test]
fn flags_configs_and_byte_orders_are_accepted() {
    for name in ["good-hvm-v3", "good-optflag", "good-optlen0", "good-opttail", "be-all", "opt-record-libxc"] {
        found(name, &[]);
    }
}

#[test]
fn streams_of_older_programs_are_accepted() {
    found("seed-2010", &[]);
    found("legacy-hvm64", &[]);
}

#[test]
fn a_short_extended_state_is_noted() {
    found("good-pv", &[("stream.records[0].libxc.records[7].body.context", 0x4583, Class::Note)]);
}

#[test]
fn bytes_behind_the_end_are_noted() {
    let mut bytes = harness::sample("xl/good-hvm-v3.xlsave");
    let end = u64::try_from(bytes.len()).expect("it fits");
    bytes.extend_from_slice(b"more");
    let file = harness::round_trip::<Savefile>(&bytes, Endian::Little, &());
    let all = file.check();
    let all: Vec<_> = all.iter().map(|f| (f.path.as_str(), f.offset, f.class())).collect();
    assert_eq!(all, [("trailing", end, Class::Note)]);
}

#[test]
fn another_magic_is_another_format() {
    let said = "File has wrong magic number - corrupt or for a different tool?";
    refused("bad-magic", ("magic", 0), Class::NotThisFormat, said);
}

#[test]
fn unknown_mandatory_flags_are_named() {
    let said =
        "expected no bits but 0x3, found 4: Savefile has mandatory flag(s) which are not supported; need newer xl";
    refused("bad-mandflag", ("mandatory_flags", 0x24), Class::Unsupported, said);
}

/// The marker says big endian, and read so the flags are unknown ones.
#[test]
fn the_wrong_byte_order_shows_in_the_flags() {
    refused("bad-byteorder", ("mandatory_flags", 0x24), Class::Unsupported, "found 50331648 (0x3000000)");
    let mut bytes = harness::sample("xl/good-hvm-v3.xlsave");
    bytes.get_mut(32..36).expect("it is there").rotate_left(1);
    let e = harness::agree::<Savefile>(&bytes, Endian::Little, &()).expect_err("no byte order fits");
    assert_eq!((e.path.as_str(), e.offset, e.class), ("byteorder", Some(32), Class::Invalid));
    assert!(e.text.contains("File has wrong byte order"), "{e}");
}

#[test]
fn a_config_longer_than_its_room_is_truncated_in_the_words_of_xl() {
    refused(
        "bad-optlen-short",
        ("optional.config_len", 0x30),
        Class::Invalid,
        "found 999 (0x3e7): Savefile truncated.",
    );
}

#[test]
fn padding_is_zero() {
    refused("bad-padding", ("stream.records[0].libxc.records[6]._", 0x31a2), Class::Invalid, "zero padding");
}

#[test]
fn page_types_are_known() {
    let place = ("stream.records[0].libxc.records[3].body.pfns[2].kind", 0x11b);
    refused("bad-pfn-type", place, Class::Invalid, "found 8: Unknown type");
}
