//! Gives the guest in a libvirt save image another name: `edit_image FROM TO NAME`. Beside the new image it leaves a record of
//! what the header was.

use std::error::Error;
use std::ffi::CString;
use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;

use vmspec::libvirt_save::{HeaderWire, Image};
use vmspec::runtime::Wire;
use vmspec::runtime::binrw::{self, BinRead, BinWrite};

/// What was done to an image.
#[derive(BinRead, BinWrite, Debug, PartialEq)]
#[brw(big, magic = b"EDIT")]
struct Record {
    /// How much longer the XML is.
    grown_by: i32,
    /// The header as it was, in the byte order that it had.
    before: HeaderWire,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, name] = arguments.as_slice() else { return Err("usage: edit_image FROM TO NAME".into()) };
    let (from, to) = (Path::new(from), Path::new(to));
    let record = rename(from, to, name)?;
    record.write(&mut File::create(to.with_extension("record"))?)?;
    Ok(())
}

fn rename(from: &Path, to: &Path, name: &str) -> Result<Record, Box<dyn Error>> {
    let mut from = BufReader::new(File::open(from)?);
    let before = HeaderWire::read(&mut from)?;
    from.rewind()?;
    let mut image = Image::read(&mut from)?;
    let old = image.area.xml.to_str()?;
    let new = renamed(old, name).ok_or("the XML has no name")?;
    let grown_by = i32::try_from(new.len())? - i32::try_from(old.len())?;
    image.replace_xml(CString::new(new)?)?;
    image.write_from(&mut from, &mut File::create(to)?)?;
    Ok(Record { grown_by, before })
}

fn renamed(xml: &str, name: &str) -> Option<String> {
    let (before, rest) = xml.split_once("<name>")?;
    let (_, behind) = rest.split_once("</name>")?;
    Some(format!("{before}<name>{name}</name>{behind}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read};

    const SAMPLE: &str = "../../samples/libvirt/lv9-gzip.save";

    fn memory(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut reader = BufReader::new(File::open(path)?);
        let image = Image::read(&mut reader)?;
        reader.seek(std::io::SeekFrom::Start(image.memory_offset()))?;
        let mut memory = Vec::new();
        reader.read_to_end(&mut memory)?;
        Ok(memory)
    }

    #[test]
    fn a_real_image_is_edited() -> Result<(), Box<dyn Error>> {
        let to = std::env::temp_dir().join(format!("edit-image-{}.save", std::process::id()));
        let record = rename(Path::new(SAMPLE), &to, "another-name")?;
        let image = Image::read(&mut BufReader::new(File::open(&to)?))?;
        assert!(image.area.xml.to_str()?.contains("<name>another-name</name>"));
        assert_eq!(memory(&to)?, memory(Path::new(SAMPLE))?);
        std::fs::remove_file(&to)?;

        assert_eq!(record.before.header, image.header);
        let mut written = Cursor::new(Vec::new());
        record.write(&mut written)?;
        written.rewind()?;
        assert_eq!(Record::read(&mut written)?, record);
        Ok(())
    }
}
