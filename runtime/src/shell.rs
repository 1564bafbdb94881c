//! The shells that make a `Wire` type a binrw type.

/// `BinRead` and `BinWrite` for a type that is [`Wire`](crate::Wire). Unless the order is `context`, also binrw's endian
/// metadata and [`OwnOrder`](crate::OwnOrder).
///
/// ```text
/// impl_binrw!(Image, args: (), order: EndianKind::Runtime);
/// impl_binrw!(Record, args: RecordArgs<'a>, order: EndianKind::Runtime);
/// impl_binrw!(Entry, args: (), order: context);
/// impl_binrw!(Header, block: Self::from_bytes, order: EndianKind::Endian(Endian::Big));
/// impl_binrw!(Sector, block: Self::from_bytes, order: context);
/// ```
/// `block` is for types of a fixed size: a function from `&[u8; N]`, with `order: context` from `(&[u8; N], Endian)`.
#[macro_export]
macro_rules! impl_binrw {
    ($type:ty, block: $decode:expr, order: context) => {
        $crate::impl_binrw!(@block $type, order, |b| $decode(b, order));
    };
    ($type:ty, block: $decode:expr, order: $order:expr) => {
        $crate::impl_binrw!(@block $type, _order, $decode);
        $crate::impl_binrw!(@order $type, $order);
    };
    ($type:ty, block: $decode:expr, encode: $encode:expr, args: $args:ty, order: context) => {
        impl $crate::binrw::BinRead for $type {
            type Args<'a> = $args;
            #[inline]
            fn read_options<R: $crate::binrw::io::Read + $crate::binrw::io::Seek>(
                r: &mut R,
                order: $crate::Endian,
                args: Self::Args<'_>,
            ) -> $crate::binrw::BinResult<Self> {
                $crate::read_block(r, |b| ($decode)(b, order, args))
            }
        }
        impl $crate::binrw::BinWrite for $type {
            type Args<'a> = $args;
            #[inline]
            fn write_options<W: $crate::binrw::io::Write + $crate::binrw::io::Seek>(
                &self,
                w: &mut W,
                order: $crate::Endian,
                args: Self::Args<'_>,
            ) -> $crate::binrw::BinResult<()> {
                $crate::write_bytes::<_, Self, W>(w, |b| ($encode)(self, b, order, args))
            }
        }
    };
    ($type:ty, block: $decode:expr, encode: $encode:expr, args: $args:ty, order: $order:expr) => {
        $crate::impl_binrw!($type, block: $decode, encode: $encode, args: $args, order: context);
        $crate::impl_binrw!(@order $type, $order);
    };
    ($type:ty, args: $args:ty, order: context) => {
        impl $crate::binrw::BinRead for $type {
            type Args<'a> = $args;
            fn read_options<R: $crate::binrw::io::Read + $crate::binrw::io::Seek>(
                r: &mut R,
                order: $crate::Endian,
                args: Self::Args<'_>,
            ) -> $crate::binrw::BinResult<Self> {
                $crate::read_stream(r, order, args)
            }
        }
        impl $crate::binrw::BinWrite for $type {
            type Args<'a> = $args;
            fn write_options<W: $crate::binrw::io::Write + $crate::binrw::io::Seek>(
                &self,
                w: &mut W,
                order: $crate::Endian,
                args: Self::Args<'_>,
            ) -> $crate::binrw::BinResult<()> {
                $crate::write_stream(self, w, order, args)
            }
        }
    };
    ($type:ty, args: $args:ty, order: $order:expr) => {
        $crate::impl_binrw!($type, args: $args, order: context);
        $crate::impl_binrw!(@order $type, $order);
    };
    (@block $type:ty, $order:ident, $decode:expr) => {
        impl $crate::binrw::BinRead for $type {
            type Args<'a> = ();
            #[inline]
            fn read_options<R: $crate::binrw::io::Read + $crate::binrw::io::Seek>(
                r: &mut R,
                $order: $crate::Endian,
                (): (),
            ) -> $crate::binrw::BinResult<Self> {
                $crate::read_block(r, $decode)
            }
        }
        impl $crate::binrw::BinWrite for $type {
            type Args<'a> = ();
            #[inline]
            fn write_options<W: $crate::binrw::io::Write + $crate::binrw::io::Seek>(
                &self,
                w: &mut W,
                order: $crate::Endian,
                (): (),
            ) -> $crate::binrw::BinResult<()> {
                $crate::write_block(self, w, order, ())
            }
        }
    };
    (@order $type:ty, $order:expr) => {
        impl $crate::OwnOrder for $type {}
        impl $crate::binrw::meta::ReadEndian for $type {
            const ENDIAN: $crate::EndianKind = $order;
        }
        impl $crate::binrw::meta::WriteEndian for $type {
            const ENDIAN: $crate::EndianKind = $order;
        }
    };
}
