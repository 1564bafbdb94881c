//! Shows what is in a libvirt QEMU save image: `cargo run -p vmspec --example show_libvirt -- FILE`.
//!
//! Only what stands before the memory is read, so that an image of any size takes no time.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use vmspec::Class;
use vmspec::libvirt_save::{Header, Metadata, Spare, TITLE, may_be_unlinked};
use vmspec::runtime::{Endian, is_aligned};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    let path = Path::new(&path);
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut reader = BufReader::new(file);
    let metadata = match Metadata::read(&mut reader) {
        Ok(metadata) => metadata,
        Err(e) => return Err(format!("{}: {e}{}", path.display(), advice(e.class())).into()),
    };
    show_header(&metadata.header);
    show_map(&metadata, size, &mut reader)?;
    show_xml(&metadata);
    show_room(&metadata)?;
    show_findings(&metadata);
    Ok(())
}

fn advice(class: Class) -> &'static str {
    if may_be_unlinked(class) { "; the save was cut off, and the file may go" } else { "" }
}

fn show_header(header: &Header) {
    let order = match header.byte_order {
        Endian::Little => "little",
        Endian::Big => "big",
    };
    println!("{TITLE}, version {}, {order} endian, {}", header.version, header.magic);
    println!("the guest was {}, its memory is {}", header.was_running, header.format);
}

/// One line for each part of the file. Of the memory the first bytes are read: they tell a stream from a packed one.
fn show_map(metadata: &Metadata, size: u64, memory: &mut impl BufRead) -> Result<(), Box<dyn Error>> {
    let Metadata { area, .. } = metadata;
    let mut head = Vec::new();
    memory.take(6).read_to_end(&mut head)?;
    let cookie = area.cookie.as_ref().map_or(0, |cookie| cookie.as_bytes_with_nul().len());
    let parts = [
        ("header", u64::try_from(Header::SIZE)?, String::new()),
        ("domain XML", u64::try_from(area.xml.as_bytes_with_nul().len())?, String::new()),
        ("gap", area.cookie_gap.wire_len(), String::new()),
        ("cookie", u64::try_from(cookie)?, String::new()),
        ("spare", area.spare.len(), "room to edit the XML in place".into()),
        ("memory", size.saturating_sub(metadata.memory_offset()), format!("begins with {}", head.escape_ascii())),
    ];
    println!("\n    offset      bytes");
    let mut offset = 0_u64;
    for (name, length, remark) in parts {
        if length > 0 {
            println!("{offset:#10x} {length:10}  {name:<10}  {remark}");
        }
        offset = offset.saturating_add(length);
    }
    Ok(())
}

fn show_xml(metadata: &Metadata) {
    const SHOWN: usize = 8;
    let xml = metadata.area.xml.to_string_lossy();
    println!("\nthe domain XML begins");
    for line in xml.lines().take(SHOWN) {
        println!("  | {line}");
    }
    println!("  | and {} lines more", xml.lines().count().saturating_sub(SHOWN));
}

/// Where the memory is, and where it would be if it were written for direct I/O.
fn show_room(metadata: &Metadata) -> Result<(), Box<dyn Error>> {
    const BLOCK: u64 = 4096;
    let start = metadata.memory_offset();
    let aligned = metadata.area.memory_offset_with(Spare::aligned(BLOCK))?;
    if is_aligned(start, BLOCK) {
        println!("\nthe memory starts at a multiple of {BLOCK}: good for direct I/O");
    } else {
        println!("\nthe memory starts at no multiple of {BLOCK}; a little more room puts it at {aligned:#x}");
    }
    Ok(())
}

fn show_findings(metadata: &Metadata) {
    let findings = metadata.check();
    if findings.is_empty() {
        println!("no rule has a remark");
    }
    for finding in findings {
        println!("{finding}{}", advice(finding.class()));
    }
}
