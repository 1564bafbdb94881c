//! Pages as a parser of winnow lends them.

use winnow::Parser;
use winnow::binary::{be_u64, length_take, u8 as byte};
use winnow::error::EmptyError;
use winnow::token::take;

use super::PAGE;
use super::sink::Sink;

struct Record<'a> {
    address: u64,
    block: Option<&'a [u8]>,
    body: Body<'a>,
}

enum Body<'a> {
    Zero(u8),
    Page(&'a [u8; PAGE]),
    End,
}

fn record<'a>(from: &mut &'a [u8]) -> Result<Record<'a>, EmptyError> {
    let word = be_u64.parse_next(from)?;
    let block = if word & 0x30 == 0 { Some(length_take(byte).parse_next(from)?) } else { None };
    let body = match word & 0xfdf {
        0x02 => Body::Zero(byte.parse_next(from)?),
        0x08 => Body::Page(take(PAGE).parse_next(from)?.first_chunk().ok_or(EmptyError)?),
        0x10 => Body::End,
        _ => return Err(EmptyError),
    };
    Ok(Record { address: word & !0xfff, block, body })
}

/// All of them.
pub fn walk(mut bytes: &[u8], sink: &mut impl Sink) {
    loop {
        let record = record(&mut bytes).unwrap();
        if let Some(name) = record.block {
            sink.block(name);
        }
        match record.body {
            Body::Zero(fill) => sink.fill(record.address, fill),
            Body::Page(page) => sink.page(record.address, page),
            Body::End => return,
        }
    }
}
