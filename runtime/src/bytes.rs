//! Fields at constant offsets of a block. A wrong offset does not compile, and no path panics.

use binrw::Endian;

/// `LEN` bytes at `OFF`.
#[inline]
#[must_use]
pub const fn get<const OFF: usize, const LEN: usize, const N: usize>(b: &[u8; N]) -> &[u8; LEN] {
    const {
        assert!(OFF <= N && LEN <= N.saturating_sub(OFF), "field outside its block");
    };
    if let Some((_, tail)) = b.split_at_checked(OFF)
        && let Some(field) = tail.first_chunk::<LEN>()
    {
        return field;
    }
    const { &[0; LEN] }
}

/// Stores `LEN` bytes at `OFF`.
#[inline]
pub const fn put<const OFF: usize, const LEN: usize, const N: usize>(b: &mut [u8; N], v: [u8; LEN]) {
    const {
        assert!(OFF <= N && LEN <= N.saturating_sub(OFF), "field outside its block");
    };
    if let Some((_, tail)) = b.split_at_mut_checked(OFF)
        && let Some(field) = tail.first_chunk_mut::<LEN>()
    {
        *field = v;
    }
}

/// Lets `LEN` bytes at `OFF` be stored by what knows them.
///
/// # Errors
/// Those of it.
#[inline]
pub fn put_part<const OFF: usize, const LEN: usize, const N: usize, E>(
    b: &mut [u8; N],
    put: impl FnOnce(&mut [u8; LEN]) -> Result<(), E>,
) -> Result<(), E> {
    const {
        assert!(OFF <= N && LEN <= N.saturating_sub(OFF), "field outside its block");
    };
    if let Some((_, tail)) = b.split_at_mut_checked(OFF)
        && let Some(field) = tail.first_chunk_mut::<LEN>()
    {
        return put(field);
    }
    Ok(())
}

macro_rules! numbers {
    ($($get:ident $put:ident $t:ty, $len:literal;)*) => { $(
        #[doc = concat!("The `", stringify!($t), "` at `OFF`.")]
        #[inline]
        #[must_use]
        pub const fn $get<const OFF: usize, const N: usize>(b: &[u8; N], order: Endian) -> $t {
            match order {
                Endian::Little => <$t>::from_le_bytes(*get::<OFF, $len, N>(b)),
                Endian::Big => <$t>::from_be_bytes(*get::<OFF, $len, N>(b)),
            }
        }

        #[doc = concat!("Stores the `", stringify!($t), "` at `OFF`.")]
        #[inline]
        pub const fn $put<const OFF: usize, const N: usize>(b: &mut [u8; N], order: Endian, v: $t) {
            match order {
                Endian::Little => put::<OFF, $len, N>(b, v.to_le_bytes()),
                Endian::Big => put::<OFF, $len, N>(b, v.to_be_bytes()),
            }
        }
    )* };
}
numbers! {
    get_u16 put_u16 u16, 2;
    get_u32 put_u32 u32, 4;
    get_u64 put_u64 u64, 8;
    get_i16 put_i16 i16, 2;
    get_i32 put_i32 i32, 4;
    get_i64 put_i64 i64, 8;
    get_f32 put_f32 f32, 4;
    get_f64 put_f64 f64, 8;
}

macro_rules! bytes {
    ($($get:ident $put:ident $t:ty;)*) => { $(
        #[doc = concat!("The `", stringify!($t), "` at `OFF`.")]
        #[inline]
        #[must_use]
        pub const fn $get<const OFF: usize, const N: usize>(b: &[u8; N]) -> $t {
            <$t>::from_le_bytes(*get::<OFF, 1, N>(b))
        }

        #[doc = concat!("Stores the `", stringify!($t), "` at `OFF`.")]
        #[inline]
        pub const fn $put<const OFF: usize, const N: usize>(b: &mut [u8; N], v: $t) {
            put::<OFF, 1, N>(b, v.to_le_bytes());
        }
    )* };
}
bytes! {
    get_u8 put_u8 u8;
    get_i8 put_i8 i8;
}

/// A length in memory as a length on the wire.
#[inline]
#[must_use]
pub fn len64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders() {
        let mut b = [0_u8; 12];
        put_u32::<2, 12>(&mut b, Endian::Big, 0x0102_0304);
        put_i16::<6, 12>(&mut b, Endian::Little, -2);
        assert_eq!(b, [0, 0, 1, 2, 3, 4, 0xfe, 0xff, 0, 0, 0, 0]);
        assert_eq!(get_u32::<2, 12>(&b, Endian::Little), 0x0403_0201);
        assert_eq!(get_i16::<6, 12>(&b, Endian::Little), -2);
        assert_eq!(get_i8::<6, 12>(&b), -2);
        assert_eq!(get::<2, 3, 12>(&b), &[1, 2, 3]);
    }

    #[test]
    fn floats_keep_their_bits() {
        let mut b = [0_u8; 12];
        put_f64::<4, 12>(&mut b, Endian::Big, -0.0);
        put_f32::<0, 12>(&mut b, Endian::Little, 1.5);
        assert_eq!(get_f64::<4, 12>(&b, Endian::Big).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(get_f32::<0, 12>(&b, Endian::Little).to_bits(), 1.5_f32.to_bits());
    }

    #[test]
    fn usable_in_constants() {
        const BLOCK: [u8; 8] = {
            let mut b = [0; 8];
            put_u64::<0, 8>(&mut b, Endian::Big, 7);
            b
        };
        assert_eq!(BLOCK, [0, 0, 0, 0, 0, 0, 0, 7]);
    }
}
