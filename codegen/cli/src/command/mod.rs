//! The commands, one file each.

pub mod at;
pub mod check;
pub mod completions;
pub mod doc;
pub mod dump;
pub mod explain;
pub mod extract;
pub mod fix;
pub mod formats;
pub mod generate;
pub mod import_vmdesc;
pub mod man;
pub mod new;
mod page;
pub mod qevm_index;
pub mod qevm_state;
pub mod ram;
pub mod raw;
pub mod replay;
pub mod roundtrip;
pub mod schema;
pub mod set;
pub mod verify;
