//! The commands, one file each.

pub mod check;
pub mod extract;
pub mod formats;
pub mod generate;
pub mod ram;
pub mod roundtrip;
pub mod verify;
