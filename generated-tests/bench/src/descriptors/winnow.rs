//! Descriptors as a parser of winnow reads them.

use winnow::Parser;
use winnow::binary::le_u64;
use winnow::combinator::{dispatch, fail, repeat};
use winnow::error::EmptyError;
use winnow::token::take;

use super::{COUNT, keeps_rules};

type Found<T> = Result<T, EmptyError>;

enum Descriptor {
    Data { trailing: [u8; 4], leading: [u8; 8], file_offset: u64, sequence: u64 },
    Zero { reserved: [u8; 4], length: u64, file_offset: u64, sequence: u64 },
}

fn array<const N: usize>(from: &mut &[u8]) -> Found<[u8; N]> {
    take(N).parse_next(from)?.try_into().map_err(|_| EmptyError)
}

fn data(from: &mut &[u8]) -> Found<Descriptor> {
    let (trailing, leading) = (array(from)?, array(from)?);
    Ok(Descriptor::Data {
        trailing,
        leading,
        file_offset: le_u64.parse_next(from)?,
        sequence: le_u64.parse_next(from)?,
    })
}

fn zero(from: &mut &[u8]) -> Found<Descriptor> {
    let (reserved, length) = (array(from)?, le_u64.parse_next(from)?);
    Ok(Descriptor::Zero { reserved, length, file_offset: le_u64.parse_next(from)?, sequence: le_u64.parse_next(from)? })
}

fn descriptor(from: &mut &[u8]) -> Found<Descriptor> {
    dispatch! { take::<_, &[u8], EmptyError>(4_usize); b"desc" => data, b"zero" => zero, _ => fail }.parse_next(from)
}

/// All of them.
pub fn all(mut bytes: &[u8]) -> u64 {
    let all: Vec<Descriptor> = repeat(COUNT, descriptor).parse_next(&mut bytes).unwrap();
    all.iter().fold(0, |sum, it| {
        sum.wrapping_add(match it {
            Descriptor::Data { trailing, leading, file_offset, sequence } => {
                assert!(keeps_rules(0, *file_offset, *sequence));
                super::data(*trailing, *leading, *file_offset, *sequence)
            }
            Descriptor::Zero { reserved, length, file_offset, sequence } => {
                assert!(keeps_rules(*length, *file_offset, *sequence));
                super::zeros(*reserved, *length, *file_offset, *sequence)
            }
        })
    })
}
