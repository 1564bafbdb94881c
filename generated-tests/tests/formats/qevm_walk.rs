//! A walk over whole streams, for tests alone: it finds the sections by the stream's own description, and takes the memory's
//! records from them. It trusts its input.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use vmspec::qevm::device_state::{Body, Released, decode};
use vmspec::qevm::schema::Schema;

/// The description at the end of a stream.
pub fn description(stream: &[u8]) -> &str {
    let end = stream.iter().rposition(|b| *b == b'}').unwrap() + 1;
    let starts = stream.windows(6).enumerate().rev();
    let start = starts.filter(|(_, w)| w[0] == 6 && w[5] == b'{').map(|(at, w)| (at + 5, word(&w[1..5])));
    let (start, _) = start.into_iter().find(|(at, length)| at + length == end).unwrap();
    std::str::from_utf8(&stream[start..end]).unwrap()
}

fn word(bytes: &[u8]) -> usize {
    usize::try_from(u32::from_be_bytes(bytes.try_into().unwrap())).unwrap()
}

/// A section, in the order of the stream.
pub enum Section<'a> {
    /// Memory; the blocks are told by its first section.
    Ram(u32),
    /// A device's state.
    Device(String, u32, Body<'a>),
}

/// A page of memory.
#[derive(Debug)]
pub enum Page<'a> {
    Filled(u8),
    Whole(&'a [u8]),
    Difference(&'a [u8]),
    /// How it is packed is of no interest here.
    Packed,
}

/// What the records of memory say.
#[derive(Default)]
pub struct Ram<'a> {
    pub blocks: Vec<(String, u64)>,
    pub pages: Vec<(String, u64, Page<'a>)>,
}

/// A stream as far as it was walked.
pub struct Walk<'a> {
    stream: &'a [u8],
    at: usize,
    schema: &'a Schema<'a>,
    capabilities: Vec<String>,
    ids: BTreeMap<u32, String>,
    block: String,
    pub ram: Ram<'a>,
    pub sections: Vec<Section<'a>>,
}

/// Walks a stream to its end.
pub fn walk<'a>(stream: &'a [u8], schema: &'a Schema<'a>) -> Walk<'a> {
    let mut walk = Walk {
        stream,
        at: 8,
        schema,
        capabilities: Vec::new(),
        ids: BTreeMap::new(),
        block: String::new(),
        ram: Ram::default(),
        sections: Vec::new(),
    };
    assert_eq!(stream[..8], *b"QEVM\0\0\0\x03");
    walk.records();
    walk
}

impl<'a> Walk<'a> {
    fn take(&mut self, n: usize) -> &'a [u8] {
        let taken = &self.stream[self.at..self.at + n];
        self.at += n;
        taken
    }

    fn number(&mut self, n: usize) -> u64 {
        self.take(n).iter().fold(0, |number, b| number << 8 | u64::from(*b))
    }

    fn length(&mut self, n: usize) -> usize {
        usize::try_from(self.number(n)).unwrap()
    }

    fn id(&mut self) -> u32 {
        u32::try_from(self.number(4)).unwrap()
    }

    fn text(&mut self) -> String {
        let length = self.length(1);
        String::from_utf8(self.take(length).to_vec()).unwrap()
    }

    fn records(&mut self) {
        loop {
            match self.number(1) {
                0 => return,
                1 | 4 => self.start(),
                2 | 3 => {
                    let id = self.id();
                    assert_eq!(self.ids[&id], "ram");
                    self.memory();
                }
                7 => self.configuration(),
                8 => {
                    self.take(2);
                    let length = self.length(2);
                    self.take(length);
                }
                0x7e => _ = self.take(4),
                other => panic!("record {other:#x} before {:#x}", self.at),
            }
        }
    }

    fn start(&mut self) {
        let (id, idstr) = (self.id(), self.text());
        let (instance, version) = (self.id(), self.id());
        self.ids.insert(id, idstr.clone());
        if idstr == "ram" {
            self.sections.push(Section::Ram(id));
            return self.memory();
        }
        let device = self.schema.device(&idstr, instance).unwrap_or_else(|| panic!("no {idstr} {instance}"));
        assert!(device.state.name.is_empty() || device.state.version == version, "{idstr}");
        let offset = u64::try_from(self.at).unwrap();
        let body = decode(&device.state, &self.stream[self.at..], offset, &Released);
        let body = body.unwrap_or_else(|e| panic!("{idstr}: {e}"));
        self.at += body.bytes.len();
        self.sections.push(Section::Device(idstr, id, body));
    }

    fn configuration(&mut self) {
        let length = self.length(4);
        self.take(length);
        while self.stream[self.at] == 5 {
            self.take(1);
            let name = self.text();
            self.take(4);
            match &*name {
                "configuration/capabilities" => {
                    for _ in 0..self.number(4) {
                        let capability = self.text();
                        self.capabilities.push(capability);
                    }
                }
                "configuration/target-page-bits" => _ = self.take(4),
                "configuration/uuid" => _ = self.take(16),
                other => panic!("{other}"),
            }
        }
    }

    fn memory(&mut self) {
        let page_size = self.schema.page_size.unwrap();
        loop {
            let head = self.number(8);
            let (address, flags) = (head & !(page_size - 1), head & (page_size - 1));
            if flags & 0x14a != 0 && flags & 0x20 == 0 {
                self.block = self.text();
            }
            let page = match flags & !0x20 {
                4 => {
                    self.block_list(address);
                    continue;
                }
                0x10 => return,
                0x200 => continue,
                2 => Page::Filled(u8::try_from(self.number(1)).unwrap()),
                8 => Page::Whole(self.take(usize::try_from(page_size).unwrap())),
                0x40 => {
                    assert_eq!(self.number(1), 1);
                    let length = self.length(2);
                    Page::Difference(self.take(length))
                }
                0x100 => {
                    let length = self.length(4);
                    self.take(length);
                    Page::Packed
                }
                other => panic!("flags {other:#x} before {:#x}", self.at),
            };
            self.ram.pages.push((self.block.clone(), address, page));
        }
    }

    fn block_list(&mut self, total: u64) {
        let mut left = total;
        while left > 0 {
            let (name, length) = (self.text(), self.number(8));
            left -= length;
            self.ram.blocks.push((name, length));
            if self.capabilities.iter().any(|it| it == "x-ignore-shared") {
                self.take(8);
            }
            if self.capabilities.iter().any(|it| it == "mapped-ram") {
                self.take(20);
                let pages = self.number(8);
                self.at = usize::try_from(pages + length).unwrap();
            }
        }
    }
}
