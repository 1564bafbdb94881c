//! Copies a libvirt QEMU save image so that its memory starts at a multiple of 4 KiB, both files being read and written
//! directly (`O_DIRECT`) where that is possible: `cargo run -p vmspec --example align_libvirt -- FROM TO`.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

use vmspec::libvirt_save::{Image, Spare};
use vmspec::runtime::binrw::BinRead;
use vmspec::runtime::{DirectLayout, DirectReader, DirectWriter, Wire, len64};

const LAYOUT: DirectLayout = DirectLayout::COMMON;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args_os().skip(1);
    let (Some(from), Some(to)) = (paths.next(), paths.next()) else {
        return Err("which file, and where to?".into());
    };
    let from = open(Path::new(&from), OpenOptions::new().read(true))?;
    let to = open(Path::new(&to), OpenOptions::new().write(true).create_new(true))?;

    // The memory is not read here: the value says where in the file it lies.
    let mut from = DirectReader::new(from, LAYOUT);
    let mut image = Image::read(&mut from)?;
    let before = image.memory_offset();
    image.area.set_spare(Spare::aligned(len64(LAYOUT.block())))?;

    // What is written reaches the file in whole blocks. The last one is padded, and then the file is cut to its length.
    let mut to = DirectWriter::new(to, LAYOUT);
    image.write_from(&mut from, &mut to)?;
    let mut file = to.finish()?;
    let size = file.seek(SeekFrom::End(0))?;
    println!("the memory started at {before:#x} and now starts at {:#x} of {size:#x}", image.memory_offset());
    Ok(())
}

/// Opens a file past the page cache; through it, where the file system has no other way.
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::OpenOptionsExt;
        match options.clone().custom_flags(libc::O_DIRECT).open(path) {
            Err(e) if e.raw_os_error() == Some(libc::EINVAL) => {
                println!("{}: not directly, its file system does not take it", path.display());
                // What was to be made may have been made before it was refused.
                options.create_new(false);
            }
            opened => return opened,
        }
    }
    options.open(path)
}
