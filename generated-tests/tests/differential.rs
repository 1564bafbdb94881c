//! Generated code held against the reference interpreter, for the formats: real files cut off and changed, and 100,000
//! mutations of small ones for each format. The examples of all specs are held against it in their own tests.

#![allow(clippy::panic, clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use serde::Serialize;
use vmspec::{libvirt_save, xen_xl};
use vmspec_codegen::model::{Example, ExampleBytes, ExampleResult};
use vmspec_generated_tests::differential::{Pair, Seed};
use vmspec_generated_tests::{self as harness, Wire};
use vmspec_runtime::Endian;

/// How many mutations of each format.
const MUTATIONS: u32 = 100_000;
/// In how many tests, so that they run side by side.
const PARTS: u32 = 8;
/// Larger inputs are not mutated at random: it would take long.
const SMALL: usize = 2_000;

/// The examples of a spec of a type, which are small and say something.
fn examples<T: Wire<Args<'static> = ()> + Serialize>(pair: &Pair<'static, T>) -> Vec<Seed> {
    let of = |example: &&Example| example.of == pair.subject.ty && example.big == pair.subject.big;
    let seed = |example: &Example| {
        let accepted = matches!(example.expected, ExampleResult::Value(_));
        match &example.bytes {
            // One that is accepted has more to break.
            ExampleBytes::Hex(bytes) => vec![pair.seed(&example.name, bytes.clone()); if accepted { 4 } else { 1 }],
            ExampleBytes::Sample(_) => Vec::new(),
        }
    };
    pair.subject.format.examples.iter().filter(of).flat_map(seed).filter(|seed| seed.bytes.len() <= SMALL).collect()
}

/// One part of the mutations of a format: some must still be read, most must not.
fn mutate<T: Wire<Args<'static> = ()> + Serialize>(spec: &str, part: u32, share: u32) {
    let pair = Pair::<T>::new(spec, Endian::Little);
    let seeds = examples(&pair);
    assert!(!seeds.is_empty(), "{} has no examples", T::NAME);
    let count = MUTATIONS / PARTS * share / 100;
    let accepted = pair.mutations(&seeds, u64::from(part) + 1, count);
    let (accepted, count) = (u32::try_from(accepted).expect("it fits"), count);
    assert!(accepted > count / 50 && accepted < count, "{}: {accepted} of {count} were accepted", T::NAME);
}

fn libvirt(part: u32) {
    mutate::<libvirt_save::Image>(libvirt_save::SPEC, part, 100);
}

fn xen(part: u32) {
    let spec = xen_xl::SPEC;
    mutate::<xen_xl::Savefile>(spec, part, 50);
    mutate::<xen_xl::LibxlStream>(spec, part, 30);
    mutate::<xen_xl::HvmContextList>(spec, part, 20);
}

macro_rules! parts {
    ($($of:ident: $($name:ident $part:literal)*;)*) => { $($(
        #[test]
        fn $name() {
            assert!($part < PARTS);
            $of($part);
        }
    )*)* };
}
parts! {
    libvirt: mutated_images_0 0 mutated_images_1 1 mutated_images_2 2 mutated_images_3 3
        mutated_images_4 4 mutated_images_5 5 mutated_images_6 6 mutated_images_7 7;
    xen: mutated_savefiles_0 0 mutated_savefiles_1 1 mutated_savefiles_2 2 mutated_savefiles_3 3
        mutated_savefiles_4 4 mutated_savefiles_5 5 mutated_savefiles_6 6 mutated_savefiles_7 7;
}

/// A file as it is, cut off and changed at so many places.
fn sample<T: Wire<Args<'static> = ()> + Serialize>(spec: &str, name: &str, places: usize) {
    let Some(bytes) = harness::packed_sample(name) else { return };
    let pair = Pair::<T>::new(spec, Endian::Little);
    pair.agree(&bytes, &|| name.to_owned());
    pair.truncations(&bytes, name, places);
    pair.changes(&bytes, name, places);
}

#[test]
fn libvirt_samples() {
    for name in ["libvirt/lv11-zstd.save", "libvirt/lv9-gzip.save"] {
        sample::<libvirt_save::Image>(libvirt_save::SPEC, name, 64);
    }
}

#[test]
fn small_xen_samples() {
    for name in [
        "bad-byteorder",
        "bad-magic",
        "bad-mandflag",
        "bad-optlen-short",
        "bad-padding",
        "bad-pfn-type",
        "be-all",
        "good-hvm-v3",
        "good-optflag",
        "good-optlen0",
        "good-opttail",
        "good-pv",
        "legacy-hvm64",
        "opt-record-libxc",
        "seed-2010",
    ] {
        sample::<xen_xl::Savefile>(xen_xl::SPEC, &format!("xl/{name}.xlsave"), 64);
    }
}

#[test]
fn large_xen_samples() {
    for name in ["x417-hvm", "x417-pv", "x417-pvh", "x420-pv-migrate"] {
        sample::<xen_xl::Savefile>(xen_xl::SPEC, &format!("xl/{name}.xlsave"), 8);
    }
}

/// Every sample is in one of the lists above.
#[test]
fn no_sample_is_left_out() {
    let here = include_str!("differential.rs");
    for folder in ["libvirt", "xl"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(folder);
        for entry in std::fs::read_dir(path).expect("there are samples") {
            let name = entry.expect("it can be read").file_name().to_string_lossy().into_owned();
            let stem = name.split('.').next().unwrap_or_default();
            assert!(here.contains(stem), "{name}");
        }
    }
}
