//! What the binrw shells share: position asked once, restored on failure, errors located.

use crate::{Error, Fault, PlainOutput, Result, SeekInput, Sink, Source, Wire, WriteOutput};
use alloc::vec::Vec;
use binrw::io::{Read, Seek, SeekFrom, Write};
use binrw::{BinResult, Endian};

/// `BinRead`.
///
/// # Errors
/// Those of the reader and of the type; the position is restored.
#[inline]
pub fn read_stream<T: Wire, R: Read + Seek>(r: &mut R, order: Endian, args: T::Args<'_>) -> BinResult<T> {
    let position = r.stream_position()?;
    let mut source = Source::new(SeekInput(&mut *r), position);
    match read_all(&mut source, order, args) {
        Ok(v) => Ok(v),
        Err(e) => Err(rewind(r, position, e, T::SPEC)),
    }
}

/// `BinRead` of a fixed-size type: one position, one `read_exact`, one decode.
///
/// # Errors
/// Those of the reader and of `decode`; the position is restored.
#[inline]
pub fn read_block<const N: usize, T: Wire, R: Read + Seek>(
    r: &mut R,
    decode: impl FnOnce(&[u8; N]) -> Result<T, Fault>,
) -> BinResult<T> {
    let position = r.stream_position()?;
    let mut b = [0; N];
    // Of a reader over memory this is a copy of constant length, which reading piece by piece is not.
    if r.read_exact(&mut b).is_err() {
        return Err(cut_off(r, position, &mut b, T::SPEC));
    }
    match decode(&b) {
        Ok(value) => Ok(value),
        Err(fault) => Err(rewind(r, position, fault.at(position), T::SPEC)),
    }
}

/// What is wrong where a block could not be read: the reader itself, or the number of bytes.
#[cold]
fn cut_off<R: Read + Seek>(r: &mut R, position: u64, b: &mut [u8], spec: &'static str) -> binrw::Error {
    let again = r.seek(SeekFrom::Start(position)).and_then(|_| crate::input::read_up_to(r, b));
    rewind(r, position, crate::source::ended(position, b.len(), again), spec)
}

/// `parse` of a fixed-size type: one look at the length, one decode.
///
/// # Errors
/// When the slice is shorter, and those of `decode`.
#[inline]
pub fn parse_block<const N: usize, T: Wire>(
    b: &[u8],
    decode: impl FnOnce(&[u8; N]) -> Result<T, Fault>,
) -> Result<(T, &[u8])> {
    let Some((block, rest)) = b.split_first_chunk() else {
        return Err(short::<T>(b, N));
    };
    match decode(block) {
        Ok(value) => Ok((value, rest)),
        Err(fault) => Err(fault.at(0).spec(T::SPEC)),
    }
}

#[cold]
fn short<T: Wire>(b: &[u8], wanted: usize) -> Error {
    crate::source::ended(0, wanted, Ok(b.len())).spec(T::SPEC)
}

/// `BinWrite`: small pieces reach the writer gathered.
///
/// # Errors
/// Those of the writer and of the type.
#[inline]
pub fn write_stream<T: Wire, W: Write>(value: &T, w: &mut W, order: Endian, args: T::Args<'_>) -> BinResult<()> {
    let mut sink = Sink::new(WriteOutput::new(w));
    let written = value.write_into(&mut sink, order, args);
    match written.and_then(|()| sink.flush()) {
        Ok(()) => Ok(()),
        Err(e) => Err(outward::<T>(e)),
    }
}

/// `BinWrite` of a fixed-size type, which is one piece already.
///
/// # Errors
/// Those of the writer and of the type.
#[inline]
pub fn write_block<T: Wire, W: Write>(value: &T, w: &mut W, order: Endian, args: T::Args<'_>) -> BinResult<()> {
    let written = value.write_into(&mut Sink::new(PlainOutput(w)), order, args);
    written.map_err(outward::<T>)
}

/// `BinWrite` of a fixed-size type, from what puts it into zeros.
///
/// # Errors
/// Those of the writer, and the fault.
#[inline]
pub fn write_bytes<const N: usize, T: Wire, W: Write>(
    w: &mut W,
    put: impl FnOnce(&mut [u8; N]) -> Result<(), Fault>,
) -> BinResult<()> {
    let mut b = [0; N];
    match put(&mut b) {
        Ok(()) => match w.write_all(&b) {
            Ok(()) => Ok(()),
            Err(e) => Err(outward::<T>(Error::io(0, e))),
        },
        Err(fault) => Err(outward::<T>(fault.unwritten())),
    }
}

/// `write_to` of a fixed-size type, from what puts it into zeros.
///
/// # Errors
/// The fault; nothing is appended then.
#[inline]
pub fn append_bytes<const N: usize, T: Wire>(
    v: &mut Vec<u8>,
    put: impl FnOnce(&mut [u8; N]) -> Result<(), Fault>,
) -> Result<()> {
    let mut b = [0; N];
    match put(&mut b) {
        Ok(()) => {
            v.extend_from_slice(&b);
            Ok(())
        }
        Err(fault) => Err(fault.unwritten().spec(T::SPEC)),
    }
}

/// The value, with a blob at its end passed over.
#[inline]
fn read_all<T: Wire, R: Read + Seek>(source: &mut Source<SeekInput<R>>, order: Endian, args: T::Args<'_>) -> Result<T> {
    let value = T::read_from(source, order, args)?;
    source.settle()?;
    Ok(value)
}

/// Puts the reader back; if even that fails, the first error is the one that counts.
#[cold]
fn rewind<R: Seek>(r: &mut R, position: u64, e: Error, spec: &'static str) -> binrw::Error {
    let _ = r.seek(SeekFrom::Start(position));
    e.spec(spec).into()
}

#[cold]
fn outward<T: Wire>(e: Error) -> binrw::Error {
    e.spec(T::SPEC).into()
}
