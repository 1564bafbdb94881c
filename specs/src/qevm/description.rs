//! The description of its devices at the end of a stream, found before the stream is read: it is needed to read it.

use crate::Error;
use crate::generated::qevm::{Description, DescriptionRef, RecordKind};
use crate::qevm::schema::Schema;
use crate::runtime::binrw::io::{self, Read, Seek, SeekFrom};
use crate::runtime::{Result, WireRef, len64};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How far from the end of a file its description is looked for, in bytes: real ones have less than the first.
const REACHES: [u64; 2] = [1 << 20, 64 << 20];
/// How many places that look like the start of a description are tried.
const MOST_TRIED: usize = 64;

/// The JSON of the description behind the stream that starts at `start`. There may be other bytes behind it. None where there
/// is none, as in streams of machines that do not send it, or where the file was cut off.
///
/// # Errors
/// Those of the reader.
pub fn find<R: Read + Seek + ?Sized>(reader: &mut R, start: u64) -> Result<Option<String>> {
    for reach in REACHES {
        let tail = tail(reader, start, reach).map_err(|e| Error::io(start, e))?;
        if let Some(json) = last(&tail) {
            return Ok(Some(json.into()));
        }
        if len64(tail.len()) < reach {
            break;
        }
    }
    Ok(None)
}

/// The inputs that a description tells, by their names in the spec, with values as
/// [`SetInput`](crate::runtime::SetInput) takes them.
#[must_use]
pub fn inputs(schema: &Schema<'_>) -> Vec<(&'static str, String)> {
    let bits = schema.page_size.filter(|size| size.is_power_of_two()).map(u64::trailing_zeros);
    let bits = bits.map(|bits| ("page_bits", bits.to_string()));
    let power = schema.devices.iter().find(|device| device.state.name == "piix4_pm");
    let has = |name: &str| power.map(|device| device.state.fields.iter().any(|field| field.name.starts_with(name)));
    let smbus = has("smb").map(|has| ("smbus", if has { "sent" } else { "left_out" }.to_string()));
    let bridges = has("acpi_pci_hotplug.hotplug_select").map(|has| ("acpi_bridges", has.to_string()));
    bits.into_iter().chain(smbus).chain(bridges).collect()
}

/// The last bytes of a file, at most `reach`, and none in front of `start`.
fn tail<R: Read + Seek + ?Sized>(reader: &mut R, start: u64, reach: u64) -> io::Result<Vec<u8>> {
    let end = reader.seek(SeekFrom::End(0))?;
    let from = end.saturating_sub(reach).max(start);
    reader.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    reader.take(reach).read_to_end(&mut tail)?;
    Ok(tail)
}

/// The last description that can be read.
fn last(tail: &[u8]) -> Option<&str> {
    let head = usize::try_from(Description { json: String::new() }.byte_len()).ok()?;
    let starts = tail.windows(2).enumerate().rev().filter(|(_, pair)| is_start(pair));
    let places = starts.filter_map(|(at, _)| tail.get(at.saturating_add(1)..));
    let objects = places.filter(|bytes| bytes.get(head) == Some(&b'{'));
    let mut tried = objects.take(MOST_TRIED).filter_map(|bytes| DescriptionRef::parse_prefix(bytes).ok());
    tried.find_map(|(description, _)| Schema::parse(description.json).is_ok().then_some(description.json))
}

/// The end of the records, with a description behind it.
fn is_start(pair: &[u8]) -> bool {
    matches!(pair, [end, tag] if *end == RecordKind::Eof.repr() && *tag == Description::FIXED_TAG)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by it")]
mod tests {
    use super::find;
    use crate::runtime::binrw::io::Cursor;

    fn found(bytes: &[u8]) -> Option<String> {
        find(&mut Cursor::new(bytes), 0).unwrap()
    }

    #[test]
    fn it_stands_behind_the_end_of_the_records() {
        assert_eq!(found(b"..\0\x06\0\0\0\x0e{\"devices\":[]}").as_deref(), Some("{\"devices\":[]}"));
        assert_eq!(found(b"..\0\x06\0\0\0\x0e{\"devices\":[]}behind it").as_deref(), Some("{\"devices\":[]}"));
        assert_eq!(found(b"..\x01\x06\0\0\0\x0e{\"devices\":[]}"), None, "no end of records in front");
        assert_eq!(found(b"..\0\x06\0\0\0\x0f{\"devices\":[]}"), None, "cut off");
        assert_eq!(found(b"..\0\x06\0\0\0\x02{]"), None, "no JSON");
        assert_eq!(found(b"\0"), None);
    }

    #[test]
    fn the_last_counts() {
        let both = b"\0\x06\0\0\0\x0f{\"devices\": []}\0\x06\0\0\0\x0e{\"devices\":[]}";
        assert_eq!(found(both).as_deref(), Some("{\"devices\":[]}"));
    }
}
