//! Types of a format, not used as they are meant to be.

use vmspec_runtime::Wire;
use vmspec_runtime::binrw::{self, BinRead, BinWrite};

vmspec_macros::spec!("./specs/table.yaml");

/// Without the argument that the name needs.
#[derive(BinRead, BinWrite)]
#[brw(little)]
struct Named {
    name: table::Name,
}

fn main() {
    let bytes = b"TB\x00name";
    // An entry has the byte order of what it is in.
    let entry = table::Entry::read(&mut std::io::Cursor::new(bytes));
    let parsed = table::Entry::parse(bytes);
    // The count follows from the entries.
    let (mut table, _) = table::Table::parse(bytes).unwrap();
    table.count = 1;
    // Bits that have no name cannot be made.
    let rights = table::Rights(0x80);
}
