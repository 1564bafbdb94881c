//! Borrowed values: a slice is borrowed exactly when it is read, and with the same values; what is wrong is said the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::path::Path;
use vmspec::libvirt_save;
use vmspec_codegen::model::ExampleBytes;
use vmspec_codegen::source::Source;
use vmspec_generated_tests as harness;
use vmspec_generated_tests::features;
use vmspec_runtime::{Endian, WireRef};

/// Bytes of a spec's examples of its root, with the byte order that they are read in.
fn examples(name: &str) -> Vec<(Vec<u8>, Endian)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("features");
    let source = Source::file(folder.join(format!("{name}.yaml")), &folder);
    let Ok((format, _)) = vmspec_codegen::compile(&source) else { panic!("{name} is refused") };
    let root = format.root;
    let of_root = format.examples.iter().filter(|e| e.of == root && e.with.is_empty());
    let read = of_root.map(|e| {
        let bytes = match &e.bytes {
            ExampleBytes::Hex(bytes) => bytes.clone(),
            ExampleBytes::Sample(path) => harness::sample(path),
        };
        (bytes, if e.big { Endian::Big } else { Endian::Little })
    });
    read.collect()
}

/// Bytes with each byte changed, and cut off anywhere.
fn damaged(bytes: &[u8]) -> Vec<Vec<u8>> {
    let cut = (0..bytes.len()).map(|n| bytes.iter().copied().take(n).collect());
    let change = |i: usize, with: fn(u8) -> u8| {
        bytes.iter().enumerate().map(move |(n, b)| if n == i { with(*b) } else { *b }).collect()
    };
    let changes: [fn(u8) -> u8; 5] = [|_| 0, |_| 0xff, |b| b ^ 1, |b| b.wrapping_add(1), |b| b.rotate_left(3)];
    let others = (0..bytes.len()).flat_map(|i| changes.map(|with| change(i, with)));
    cut.chain(others).chain([[bytes, &[0]].concat()]).collect()
}

macro_rules! features {
    ($($module:ident: $name:ident;)*) => { $(
        #[test]
        fn $module() {
            let mut accepted = 0_u32;
            for (bytes, order) in examples(stringify!($module)) {
                accepted += u32::from(harness::lends::<features::$module::$name<'_>>(&bytes, order, &()));
                for other in damaged(&bytes) {
                    harness::lends::<features::$module::$name<'_>>(&other, order, &());
                }
            }
            assert!(accepted > 0);
        }
    )* };
}

features! {
    bits: RecordRef;
    blob_records: StreamRef;
    bytes_blob: FileRef;
    checksum: RecordRef;
    driven_count: ListsRef;
    driven_length: RecordRef;
    driven_offset: RecordRef;
    driven_outside: ImageRef;
    driven_size: FileRef;
    driven_tag: RecordRef;
    driven_with_condition: RecordRef;
    endian_context: RecordRef;
    expressions: RecordRef;
    has: TableRef;
    let_values: RecordRef;
    lists_count: ListsRef;
    lists_rest: FileRef;
    lists_until: ListsRef;
    lists_while: FileRef;
    max_count: ListsRef;
    names: NamesRef;
    nesting: FileRef;
    params: FileRef;
    presence: RecordRef;
    recursive: TreeRef;
    rules: RecordRef;
    streams: CountedRef;
    switch_bool: RecordRef;
    switch_enum: ListRef;
    switch_guid: ItemRef;
    switch_open: RecordRef;
    switch_text: ListRef;
    text: TextsRef;
    tied: RecordRef;
    unique_disjoint: TableRef;
    use_files: DrawingRef;
    windows: FileRef;
}

#[test]
fn libvirt_images() {
    for name in ["libvirt/lv11-zstd.save", "libvirt/lv9-gzip.save"] {
        let image = harness::sample(name);
        assert!(harness::lends::<libvirt_save::ImageRef<'_>>(&image, Endian::Little, &()));
        let lent = libvirt_save::ImageRef::parse(&image).unwrap();
        assert!(lent.area.xml.to_bytes().starts_with(b"<domain"));
        assert_eq!(u64::from(lent.header.data_len()), lent.area.to_value().unwrap().byte_len());
        assert!(image.ends_with(lent.memory) && image.as_ptr_range().contains(&lent.memory.as_ptr()));
        for n in (0..100).chain([lent.memory.len()]) {
            harness::lends::<libvirt_save::ImageRef<'_>>(image.get(..n).unwrap_or_default(), Endian::Little, &());
        }
        for i in 0..100 {
            let mut other = image.clone();
            if let Some(b) = other.get_mut(i) {
                *b ^= 1;
            }
            harness::lends::<libvirt_save::ImageRef<'_>>(&other, Endian::Little, &());
        }
    }
}
