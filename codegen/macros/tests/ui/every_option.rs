//! Every option at once, in a function and behind another macro.

use std::hash::Hash;
use vmspec_runtime as runtime;
use vmspec_runtime::{Endian, Wire};

macro_rules! private {
    ($path:literal) => {
        vmspec_macros::spec!($path);
    };
}

private!("./specs/table.yaml");

fn hashed(_: &impl Hash) {}

fn main() -> Result<(), vmspec_runtime::Error> {
    vmspec_macros::spec! {
        r"./specs/table.yaml",
        mod = tables,
        vis = pub(self),
        derive(Hash),
        derive(Default, Eq for Entry,),
        serde = "json",
        arbitrary = "fuzz",
        runtime = crate::runtime,
    }
    let (entry, rest) = tables::Entry::parse_with(b"\x01\0\x02", Endian::Little, ())?;
    hashed(&entry);
    assert_eq!((entry.id, entry.rights, rest), (1, tables::Rights::WRITE, [].as_slice()));
    assert_eq!(tables::Entry::default().rights, tables::Rights::EMPTY);
    let (table, _) = table::Table::parse(b"TB\0name")?;
    assert_eq!(table.name.text, "name");
    Ok(())
}
