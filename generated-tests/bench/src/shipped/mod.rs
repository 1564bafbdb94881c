//! The formats that are shipped, on files as they are: streams of a gigabyte, an image of libvirt, and whole programs beside
//! those of QEMU.

mod image;
mod long;
mod programs;
mod stream;

pub use image::verify;
pub use programs::{analyze, check, convert};
pub use stream::{from_file, from_pipe};
