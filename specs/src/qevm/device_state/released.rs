//! What released QEMUs put between fields, by the types that the spec has for it.

use super::{Framing, SubsectionHead};
use crate::generated::qevm::{CountedTextRef, DirectKey, NO_MORE_ELEMENTS, NULL_POINTER, SubsectionHeadRef, TreeHead};
use crate::runtime::{Result, Text, Wire, WireRef};

/// The framing of every QEMU that writes a description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Released;

impl Framing for Released {
    fn subsection<'b>(&self, bytes: &'b [u8]) -> Result<SubsectionHead<'b>> {
        let (head, rest) = SubsectionHeadRef::parse_prefix(bytes)?;
        Ok(SubsectionHead { name: head.name, version: head.version, length: taken(bytes, rest) })
    }

    fn subsection_head_length(&self, name: &str) -> u64 {
        let name = Text(name.as_bytes().to_vec());
        crate::generated::qevm::SubsectionHead { name, version: 0 }.byte_len()
    }

    fn longest_subsection_head(&self) -> u64 {
        let name = Text(alloc::vec![0; usize::from(u8::MAX)]);
        crate::generated::qevm::SubsectionHead { name, version: 0 }.byte_len()
    }

    fn text<'b>(&self, bytes: &'b [u8]) -> Result<(&'b [u8], usize)> {
        let (text, rest) = CountedTextRef::parse_prefix(bytes)?;
        Ok((text.text, taken(bytes, rest)))
    }

    fn node_count(&self, bytes: &[u8]) -> Result<(u64, usize)> {
        let (head, rest) = TreeHead::parse(bytes)?;
        Ok((head.nodes.into(), taken(bytes, rest)))
    }

    fn direct_key_length(&self) -> usize {
        DirectKey::SIZE
    }

    fn goes_on(&self, marker: u8) -> bool {
        u64::from(marker) != NO_MORE_ELEMENTS
    }

    fn is_null(&self, byte: u8) -> bool {
        u64::from(byte) == NULL_POINTER
    }
}

fn taken(all: &[u8], rest: &[u8]) -> usize {
    all.len().saturating_sub(rest.len())
}
