//! Bytes that wait to be written: those of what lies aside, until what lies before it has been.

use crate::interpret::tree::Blob;

/// Bytes in the order in which they are to be written, with payload as the range that it is copied from.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    pieces: Vec<Piece>,
}

/// A run of bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// These.
    Held(Vec<u8>),
    /// A range of the source: offset and length.
    Copied(u64, u64),
    /// So many zeros.
    Zeros(u64),
}

impl Canvas {
    /// Adds bytes.
    pub(super) fn put(&mut self, bytes: &[u8]) {
        match self.pieces.last_mut() {
            Some(Piece::Held(held)) => held.extend_from_slice(bytes),
            _ if bytes.is_empty() => {}
            _ => self.pieces.push(Piece::Held(bytes.to_vec())),
        }
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Held(bytes) => self.put(&bytes),
            Piece::Copied(_, 0) | Piece::Zeros(0) => {}
            piece => self.pieces.push(piece),
        }
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> u64 {
        self.pieces.iter().map(Piece::len).fold(0, u64::saturating_add)
    }

    /// The pieces, in order.
    pub(super) fn into_pieces(self) -> Vec<Piece> {
        self.pieces
    }
}

impl Piece {
    /// Payload of so many bytes.
    pub(super) fn of(blob: &Blob, len: u64) -> Self {
        match blob {
            Blob::File(at) => Self::Copied(*at, len),
            Blob::Held(bytes) => Self::Held(bytes.clone()),
        }
    }

    fn len(&self) -> u64 {
        match self {
            Self::Held(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Copied(_, len) | Self::Zeros(len) => *len,
        }
    }
}
