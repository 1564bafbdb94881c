//! Pages by hand.

use super::PAGE;
use super::sink::Sink;

/// All of them, or nothing when the bytes are something else.
pub fn walk(mut bytes: &[u8], sink: &mut impl Sink) -> Option<()> {
    loop {
        let (word, rest) = bytes.split_first_chunk()?;
        bytes = rest;
        let word = u64::from_be_bytes(*word);
        if word & 0x30 == 0 {
            let (length, rest) = bytes.split_first()?;
            let (name, rest) = rest.split_at_checked((*length).into())?;
            sink.block(name);
            bytes = rest;
        }
        if word & 0x08 != 0 {
            let (page, rest) = bytes.split_first_chunk::<PAGE>()?;
            sink.page(word & !0xfff, page);
            bytes = rest;
        } else if word & 0x02 != 0 {
            let (fill, rest) = bytes.split_first()?;
            sink.fill(word & !0xfff, *fill);
            bytes = rest;
        } else {
            return (word & 0x10 != 0).then_some(());
        }
    }
}
