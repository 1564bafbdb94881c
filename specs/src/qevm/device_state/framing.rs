//! What a state has between its fields, as whoever knows the format gives it.

use crate::runtime::Result;

/// The bytes between fields. The format's spec knows how they are laid out; the decoder does not. Offsets of errors count from
/// the start of `bytes`.
pub trait Framing {
    /// The head of the subsection that `bytes` start with.
    ///
    /// # Errors
    /// When they start with anything else, or end before it does.
    fn subsection<'b>(&self, bytes: &'b [u8]) -> Result<SubsectionHead<'b>>;

    /// Bytes of the head of a subsection of this name.
    fn subsection_head_length(&self, name: &str) -> u64;

    /// The most bytes that the head of a subsection can have.
    fn longest_subsection_head(&self) -> u64;

    /// The text behind its length that `bytes` start with, and how many bytes both take.
    ///
    /// # Errors
    /// When the bytes end before it does.
    fn text<'b>(&self, bytes: &'b [u8]) -> Result<(&'b [u8], usize)>;

    /// How many nodes the tree has that `bytes` start with, and how many bytes say so.
    ///
    /// # Errors
    /// When the bytes end before that.
    fn node_count(&self, bytes: &[u8]) -> Result<(u64, usize)>;

    /// Bytes of a node's key that is a number.
    fn direct_key_length(&self) -> usize;

    /// Whether another element of a list or tree follows such a marker.
    fn goes_on(&self, marker: u8) -> bool;

    /// Whether this byte stands for an element that is null.
    fn is_null(&self, byte: u8) -> bool;
}

/// The head of a subsection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubsectionHead<'a> {
    /// What it is called.
    pub name: &'a [u8],
    /// Its version.
    pub version: u32,
    /// Bytes of the head.
    pub length: usize,
}
