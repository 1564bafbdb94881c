//! The trait of every generated type, with the doors that need no binrw.

use crate::{CopyOutput, Endian, VecOutput};
use crate::{Cursor, Error, Field, Finding, Findings, Input, Output, Result, Sink, Source};
use alloc::vec::Vec;
use binrw::io::{Read, Seek, Write};

/// A type that a spec describes: one body to read it, one to write it. Every door comes with them.
///
/// ```
/// use vmspec_runtime::*;
///
/// #[derive(Debug, PartialEq)]
/// struct Tag {
///     name: std::ffi::CString,
/// }
///
/// impl Wire for Tag {
///     type Args<'a> = ();
///     const SPEC: &'static str = "tag.yaml";
///     const NAME: &'static str = "tag";
///     const LAYOUT: &'static [Field] = &[
///         Field::at(0, 4, "size", "u32", 5).driven(),
///         Field::variable("name", "cstr", 6),
///     ];
///
///     fn read_from<I: Input>(src: &mut Source<I>, _: Endian, (): ()) -> Result<Self> {
///         let size = get_u32::<0, 4>(&src.block().field("size", 5)?, Endian::Big);
///         let name = src.window(size.into(), 64, |w| {
///             let name = w.cstring()?;
///             w.close().map(|()| name)
///         });
///         Ok(Self { name: name.field("name", 6)? })
///     }
///
///     fn write_into<O: Output>(&self, sink: &mut Sink<O>, _: Endian, (): ()) -> Result<()> {
///         let text = self.name.as_bytes_with_nul();
///         let size = u32::try_from(text.len()).map_err(|_| Error::limit("a short name", text.len()))?;
///         sink.u32(Endian::Big, size)?;
///         sink.put(text)
///     }
///
///     fn wire_len(&self, (): ()) -> u64 {
///         len64(self.name.count_bytes()).saturating_add(5)
///     }
/// }
/// impl_binrw!(Tag, args: (), order: EndianKind::Endian(Endian::Big));
///
/// let (tag, rest) = Tag::parse(b"\0\0\0\x04abc\0tail").unwrap();
/// assert_eq!((tag.name.as_c_str(), rest), (c"abc", &b"tail"[..]));
/// let mut bytes = Vec::new();
/// tag.write_to(&mut bytes).unwrap();
/// assert_eq!(bytes, b"\0\0\0\x04abc\0");
///
/// let error = Tag::parse(b"\0\0\0\x04abcd").unwrap_err();
/// assert_eq!(error.to_string(), "0x4: name: expected text that ends in a NUL (invalid)");
/// assert_eq!(error.spec_line(), ("tag.yaml", 6));
/// ```
pub trait Wire: Sized {
    /// The params of the spec's type; the `Args` of `BinRead` and `BinWrite`.
    type Args<'a>: Clone;
    /// The spec file, such as `disk.yaml`.
    const SPEC: &'static str;
    /// The type's name in the spec.
    const NAME: &'static str;
    /// The fields on the wire.
    const LAYOUT: &'static [Field];

    /// Reads a value. `order` is that of the enclosing scope; a type of its own order ignores it.
    ///
    /// # Errors
    /// When the bytes break a rule or end early.
    fn read_from<I: Input>(src: &mut Source<I>, order: Endian, args: Self::Args<'_>) -> Result<Self>;

    /// Writes the value. `order` is that of the enclosing scope; a type of its own order ignores it.
    ///
    /// # Errors
    /// When the value breaks a rule or the writer fails.
    fn write_into<O: Output>(&self, sink: &mut Sink<O>, order: Endian, args: Self::Args<'_>) -> Result<()>;

    /// Length on the wire in bytes.
    fn wire_len(&self, args: Self::Args<'_>) -> u64;

    /// Collects the soft rules that the value breaks; `at` is the value's absolute offset in bytes.
    fn check_into(&self, _at: u64, _args: Self::Args<'_>, _findings: &mut Findings) {}

    /// Reads a value from the start of a slice; gives what follows it. Blobs are ranges of the slice.
    ///
    /// # Errors
    /// When the bytes break a rule or end early.
    #[inline]
    fn parse_with<'b>(b: &'b [u8], order: Endian, args: Self::Args<'_>) -> Result<(Self, &'b [u8])> {
        let mut cursor = Cursor::over(b, 0);
        let value = Self::read_from(&mut cursor, order, args).map_err(spec::<Self>)?;
        Ok((value, cursor.into_input().map_err(spec::<Self>)?.0))
    }

    /// Appends the value's bytes; on failure `v` is as it was.
    ///
    /// # Errors
    /// When the value breaks a rule, or holds a range of a source.
    #[inline]
    fn write_with(&self, v: &mut Vec<u8>, order: Endian, args: Self::Args<'_>) -> Result<()> {
        let before = v.len();
        let written = self.write_into(&mut Sink::new(VecOutput(v)), order, args);
        written.map_err(|e| {
            v.truncate(before);
            spec::<Self>(e)
        })
    }

    /// Writes the value, copying blobs from the source it was read from. The writer gets few large writes; it is not flushed.
    ///
    /// # Errors
    /// When the value breaks a rule, or the source or the writer fails.
    fn write_from_with<S: Read + Seek, W: Write>(
        &self,
        source: &mut S,
        dest: &mut W,
        order: Endian,
        args: Self::Args<'_>,
    ) -> Result<()> {
        let mut sink = Sink::new(CopyOutput::new(source, dest));
        self.write_into(&mut sink, order, args).map_err(spec::<Self>)?;
        sink.flush().map_err(spec::<Self>)
    }

    /// Soft rules that the value breaks, with offsets counted from the value. The first 1,000.
    #[inline]
    fn check_with(&self, args: Self::Args<'_>) -> Vec<Finding> {
        let mut findings = Findings::default();
        self.check_into(0, args, &mut findings);
        findings.finish()
    }

    /// [`Wire::parse_with`] for a type that needs no order, and no args or has defaults for them.
    ///
    /// # Errors
    /// When the bytes break a rule or end early.
    #[inline]
    fn parse(b: &[u8]) -> Result<(Self, &[u8])>
    where
        Self: OwnOrder,
        for<'a> Self::Args<'a>: Default,
    {
        Self::parse_with(b, Endian::Little, Default::default())
    }

    /// [`Wire::write_with`] for a type that needs no order, and no args or has defaults for them.
    ///
    /// # Errors
    /// When the value breaks a rule, or holds a range of a source.
    #[inline]
    fn write_to(&self, v: &mut Vec<u8>) -> Result<()>
    where
        Self: OwnOrder,
        for<'a> Self::Args<'a>: Default,
    {
        self.write_with(v, Endian::Little, Default::default())
    }

    /// [`Wire::write_from_with`] for a type that needs no order, and no args or has defaults for them.
    ///
    /// # Errors
    /// When the value breaks a rule, or the source or the writer fails.
    fn write_from<S: Read + Seek, W: Write>(&self, source: &mut S, dest: &mut W) -> Result<()>
    where
        Self: OwnOrder,
        for<'a> Self::Args<'a>: Default,
    {
        self.write_from_with(source, dest, Endian::Little, Default::default())
    }

    /// [`Wire::check_with`] for a type that needs no order, and no args or has defaults for them.
    #[inline]
    fn check(&self) -> Vec<Finding>
    where
        Self: OwnOrder,
        for<'a> Self::Args<'a>: Default,
    {
        self.check_with(Default::default())
    }
}

/// The byte order is the type's own (fixed, by trial, or from its params), so no caller need name one. A type whose order
/// comes from the caller lacks it: parsing it without an order would silently read little.
pub trait OwnOrder: Wire {}

#[cold]
fn spec<T: Wire>(e: Error) -> Error {
    e.spec(T::SPEC)
}
