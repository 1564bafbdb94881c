//! Headers as a parser of winnow reads them, of one byte order, and without a rule.

use winnow::Parser;
use winnow::binary::le_u32;
use winnow::error::EmptyError;
use winnow::token::literal;

use super::{COUNT, fields};

struct Header {
    version: u32,
    data_len: u32,
    was_running: u32,
    format: u32,
    cookie_offset: u32,
    unused: [u32; 14],
}

fn header(from: &mut &[u8]) -> Result<Header, EmptyError> {
    literal(&b"LibvirtQemudSave"[..]).void().parse_next(from)?;
    let mut header = Header {
        version: le_u32.parse_next(from)?,
        data_len: le_u32.parse_next(from)?,
        was_running: le_u32.parse_next(from)?,
        format: le_u32.parse_next(from)?,
        cookie_offset: le_u32.parse_next(from)?,
        unused: [0; 14],
    };
    for word in &mut header.unused {
        *word = le_u32.parse_next(from)?;
    }
    Ok(header)
}

/// All of them.
pub fn all(mut bytes: &[u8]) -> u64 {
    (0..COUNT).fold(0, |sum, _| {
        let it = header(&mut bytes).unwrap();
        let words = it.unused.iter().fold(0, |sum, it| sum + u64::from(*it));
        sum + fields(it.version, it.data_len, it.was_running, it.format, it.cookie_offset) + words
    })
}
