//! Shows what is in a libvirt QEMU save image: `cargo run -p vmspec --example show_libvirt -- FILE`.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;

use vmspec::Blob;
use vmspec::libvirt_save::Image;
use vmspec::runtime::binrw::BinRead;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    let image = Image::read(&mut BufReader::new(File::open(path)?))?;
    show_header(&image);
    show_area(&image);
    show_memory(&image);
    Ok(())
}

fn show_header(image: &Image) {
    let header = &image.header;
    println!("header");
    println!("  byte order   {:?}", header.byte_order);
    println!("  magic        {:?}", header.magic);
    println!("  version      {}", header.version);
    println!("  guest was    {:?}", header.was_running);
    println!("  compression  {:?}", header.format);
    println!("  unused       {:?}", header.unused);
}

fn show_area(image: &Image) {
    let area = &image.area;
    let xml = area.xml.to_string_lossy();
    println!("domain XML, {} bytes", xml.len());
    for line in xml.lines().take(6) {
        println!("  | {line}");
    }
    match &area.cookie {
        Some(cookie) => println!("cookie, {} bytes", cookie.as_bytes().len()),
        None => println!("no cookie"),
    }
    println!("spare zeros    {} bytes", area.spare.len());
}

/// The guest's memory is not read: the value says where in the file it lies.
fn show_memory(image: &Image) {
    match &image.memory {
        Blob::Range { offset, length } => println!("memory         {length} bytes at {offset:#x}"),
        Blob::Bytes(bytes) => println!("memory         {} bytes", bytes.len()),
    }
}
