//! The types, as a spec and as structs of the derive, and functions that use all there is of each.

use std::fmt::Write;

/// What both crates depend on.
pub const BINRW: &str = "binrw = \"0.15.2\"\n";
const TYPES: usize = 60;
/// Fields as the spec and as Rust calls them, and how a view of one becomes a number. Each type starts with another one, and `LENGTH`
/// is another number in each, so that no two are alike to the compiler.
const FIELDS: [(&str, &str, &str); 10] = [
    ("u8", "u8", "u64::from"),
    ("u16", "u16", "u64::from"),
    ("u32", "u32", "u64::from"),
    ("u64", "u64", "u64::from"),
    ("i32", "i32", "i64::cast_unsigned(i64::from"),
    ("i64", "i64", "i64::cast_unsigned"),
    ("bytes(LENGTH)", "[u8; LENGTH]", "last"),
    ("u32", "u32", "u64::from"),
    ("u16", "u16", "u64::from"),
    ("u8", "u8", "u64::from"),
];

/// The fields of a type: their names, and what they are.
fn fields(of: usize) -> impl Iterator<Item = (String, (String, String, &'static str))> {
    let turned = FIELDS.into_iter().cycle().skip(of).take(FIELDS.len());
    let length = of.saturating_add(3).to_string();
    turned.enumerate().map(move |(i, (spec, rust, how))| {
        (format!("f{i}"), (spec.replace("LENGTH", &length), rust.replace("LENGTH", &length), how))
    })
}

/// The spec.
pub fn spec() -> String {
    let mut text = "spec: 1\nformat: {id: synthetic, title: Many types}\nroot: all\nendian: le\n\ntypes:\n".to_owned();
    text += "  all:\n    doc: One of each.\n    fields:\n";
    for i in 0..TYPES {
        let _ = writeln!(text, "      - t{i}: t{i}");
    }
    for i in 0..TYPES {
        let _ = writeln!(text, "  t{i}:\n    doc: Ten fields.\n    fields:");
        for (name, (of, ..)) in fields(i) {
            let _ = writeln!(text, "      - {name}: {{type: {of}, doc: A field.}}");
        }
    }
    text
}

/// A crate that uses all that is generated.
pub fn uses_of_generated() -> String {
    let mut text = "\
#![allow(unexpected_cfgs)]
pub mod synthetic;
use binrw::{BinRead, BinWrite, io::Cursor};
use synthetic::*;
use vmspec_runtime::Wire;
fn last<const N: usize>(of: &[u8; N]) -> u64 { of[N - 1].into() }
"
    .to_owned();
    for i in 0..TYPES {
        let sums: Vec<String> = fields(i).map(|(name, (.., how))| sum(&name, how)).collect();
        let sums = sums.join(").wrapping_add(");
        let _ = writeln!(
            text,
            "pub fn t{i}(bytes: &[u8; T{i}::SIZE], to: &mut Cursor<Vec<u8>>, more: &mut Vec<u8>) -> Option<u64> {{
    let read = T{i}::read(&mut Cursor::new(&bytes[..])).ok()?;
    read.write(to).ok()?;
    let (parsed, _) = T{i}::parse(bytes).ok()?;
    parsed.write_to(more).ok()?;
    let view = T{i}View::new(bytes);
    Some(({sums}))
}}"
        );
    }
    text
}

fn sum(name: &str, how: &str) -> String {
    let open = how.matches('(').count().saturating_add(1);
    format!("{how}(view.{name}(){}", ")".repeat(open))
}

/// A crate of the same types derived, and used.
pub fn derived() -> String {
    let mut text = "use binrw::{BinRead, BinWrite, io::Cursor};\n".to_owned();
    for i in 0..TYPES {
        let _ =
            writeln!(text, "#[derive(BinRead, BinWrite, Clone, Debug, PartialEq)]\n#[brw(little)]\npub struct T{i} {{");
        for (name, (_, of, _)) in fields(i) {
            let _ = writeln!(text, "    pub {name}: {of},");
        }
        let _ = writeln!(
            text,
            "}}
pub fn t{i}(bytes: &[u8], to: &mut Cursor<Vec<u8>>) -> Option<()> {{
    let read = T{i}::read(&mut Cursor::new(bytes)).ok()?;
    read.write(to).ok()
}}"
        );
    }
    text
}
