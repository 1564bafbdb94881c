//! Shows what is in a libvirt QEMU save image: `cargo run -p vmspec --example show_libvirt -- FILE`.
//!
//! Only what stands before the memory is read, so that an image of any size takes no time.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

use vmspec::Class;
use vmspec::libvirt_save::{Header, Metadata, Spare, TITLE, may_be_unlinked};
use vmspec::runtime::{Endian, is_aligned, len64};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("which file?");
        return ExitCode::from(2);
    };
    match show(Path::new(&path)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{}: {e}", Path::new(&path).display());
            ExitCode::FAILURE
        }
    }
}

fn show(path: &Path) -> Result<(), Box<dyn Error>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut reader = BufReader::new(file);
    let metadata = Metadata::read(&mut reader).map_err(|e| format!("{e}{}", advice(e.class())))?;
    show_header(&metadata.header);
    show_map(&metadata, size, &mut reader)?;
    show_xml(&metadata);
    show_room(&metadata)?;
    show_findings(&metadata);
    Ok(())
}

fn advice(class: Class) -> &'static str {
    if may_be_unlinked(class) { "; libvirt may unlink such a file" } else { "" }
}

fn show_header(header: &Header) {
    let order = match header.byte_order {
        Endian::Little => "little",
        Endian::Big => "big",
    };
    println!("{TITLE}, version {}, {order} endian, {}", header.version, header.magic);
    println!("guest {}, memory {}", header.was_running, header.format);
}

/// One line for each part of the file; each ends where the next one starts. Of the memory the first bytes are read: they
/// tell a plain stream from a packed one.
fn show_map(metadata: &Metadata, size: u64, memory: &mut impl Read) -> Result<(), Box<dyn Error>> {
    let mut head = Vec::new();
    memory.take(6).read_to_end(&mut head)?;
    let (area, header) = (&metadata.area, len64(Header::SIZE));
    let spare = header.saturating_add(area.offset_of_spare());
    let cookie = if area.cookie.is_some() { header.saturating_add(area.offset_of_cookie()) } else { spare };
    let memory = metadata.memory_offset();
    println!("\n    offset       bytes");
    show_part("header", 0..header, "");
    show_part("domain XML", header..cookie, "");
    show_part("cookie", cookie..spare, "");
    show_part("spare", spare..memory, "  room to edit the XML in place");
    show_part("memory", memory..size, &format!("  begins with {}", head.escape_ascii()));
    Ok(())
}

fn show_part(name: &str, part: Range<u64>, remark: &str) {
    if !part.is_empty() {
        println!("{:#10x}  {:10}  {name}{remark}", part.start, part.end.saturating_sub(part.start));
    }
}

fn show_xml(metadata: &Metadata) {
    const SHOWN: usize = 8;
    let xml = metadata.area.xml.to_string_lossy();
    println!("\nthe domain XML begins");
    for line in xml.lines().take(SHOWN) {
        println!("  | {line}");
    }
    let more = xml.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        println!("  | and {more} lines more");
    }
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
