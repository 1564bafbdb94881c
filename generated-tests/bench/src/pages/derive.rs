//! Pages as binrw's derive reads them, spelled the way its documentation does.

use std::io::Cursor;

use binrw::BinRead;
use binrw::io::{Read, Seek};

use super::sink::Sink;

#[derive(BinRead)]
#[br(big)]
struct Block {
    length: u8,
    #[br(count = length)]
    name: Vec<u8>,
}

#[derive(BinRead)]
#[br(big)]
struct Record {
    word: u64,
    #[br(if(word & 0x30 == 0))]
    block: Option<Block>,
    #[br(args(word & 0xfff))]
    body: Body,
}

#[derive(BinRead)]
#[br(big, import(flags: u64))]
enum Body {
    #[br(pre_assert(flags & 0x02 != 0))]
    Zero(u8),
    #[br(pre_assert(flags & 0x08 != 0))]
    Page(#[br(count = 4096)] Vec<u8>),
    #[br(pre_assert(flags & 0x10 != 0))]
    End,
}

/// All of them, from memory.
pub fn from_memory(bytes: &[u8], sink: &mut impl Sink) {
    walk(&mut Cursor::new(bytes), sink);
}

/// All of them, from any reader.
pub fn walk<R: Read + Seek>(from: &mut R, sink: &mut impl Sink) {
    loop {
        let record = Record::read(from).unwrap();
        if let Some(block) = &record.block {
            assert_eq!(usize::from(block.length), block.name.len());
            sink.block(&block.name);
        }
        let address = record.word & !0xfff;
        match &record.body {
            Body::Zero(fill) => sink.fill(address, *fill),
            Body::Page(page) => sink.page(address, page),
            Body::End => return,
        }
    }
}
