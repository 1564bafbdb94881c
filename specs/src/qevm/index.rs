//! Where everything lies in a stream: each record, and each run of pages. It is read from first to last and never held, so that a
//! pipe will do, and a guest of any size takes little memory.

use super::mapped_pages;
use super::{
    CommandId, MappedRam, RamRecordBody, RamRecordHead, RecordBody, SectionMoreHead, SectionStartHead, StreamArgs,
    StreamEvent, StreamReader, StreamState,
};
use crate::runtime::Text;
use crate::runtime::binrw::io::Read;
use crate::runtime::state::SharedText;
use crate::{Blob, Class, Error};
use alloc::format;

/// A record, or pages in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A record. What is in it comes before, but for that of a package, which is as many records behind its command.
    Record(Record),
    /// Pages.
    Pages(Pages),
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Where it starts.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
    /// The section it is of, or a part of.
    pub section: Option<Section>,
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// What the machine is.
    Configuration,
    /// The first part of a section.
    Start,
    /// A further part.
    Part,
    /// The last part.
    End,
    /// A section as a whole.
    Full,
    /// A device of format 2.
    Device,
    /// A command.
    Command(CommandId),
    /// The end of the records.
    Eof,
    /// The description of all devices.
    Description,
}

impl Kind {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Start => "start",
            Self::Part => "part",
            Self::End => "end",
            Self::Full => "full",
            Self::Device => "device",
            Self::Command(_) => "command",
            Self::Eof => "eof",
            Self::Description => "description",
        }
    }
}

/// A section of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its number; none in format 2.
    pub id: Option<u32>,
    /// The device.
    pub name: Text,
    /// Which of several of the same name.
    pub instance: u32,
    /// The version of its state.
    pub version: u32,
}

/// Pages of a block that follow each other, in the guest and in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// The block.
    pub block: SharedText,
    /// How they are sent.
    pub kind: PageKind,
    /// Where the first one is in the block.
    pub address: u64,
    /// How many there are.
    pub pages: u64,
    /// Bytes of a page.
    pub page_size: u64,
    /// Where the content of the first one starts.
    pub offset: u64,
    /// Length of the content of each.
    pub length: u64,
    /// How far it is from the content of one to that of the next.
    pub stride: u64,
}

/// How a page is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageKind {
    /// As it is, with its address.
    Page,
    /// As the byte that fills it.
    Fill(u8),
    /// As what has changed in it.
    Xbzrle,
    /// Packed by zlib.
    Compressed,
    /// As it is, at its place in the file.
    Mapped,
}

impl PageKind {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Fill(0) => "zero",
            Self::Fill(_) => "fill",
            Self::Xbzrle => "xbzrle",
            Self::Compressed => "compressed",
            Self::Mapped => "mapped",
        }
    }
}

/// Reads the stream that starts at the reader's next byte, which is at `start` of its file, and gives a row for each record and for each run of
/// pages. The reader should be buffered.
///
/// # Errors
/// Those of a pull reader, at their offsets in the file, and those of `row`. What was read whole before has been given by then.
pub fn index<R: Read>(
    reader: R,
    start: u64,
    args: StreamArgs<'_>,
    row: impl FnMut(Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = StreamReader::with_args(reader, args);
    let mut indexer = Indexer { start, row, begun: None, open: None, head: None, late: None, run: None };
    loop {
        match reader.next_event() {
            Ok(Some(event)) => {
                let at = start.saturating_add(reader.event_offset());
                indexer.event(event, at, reader.state())?;
            }
            Ok(None) => return Ok(()),
            Err(e) => {
                indexer.flush()?;
                return Err(e.moved(start));
            }
        }
    }
}

/// A page whose content ends where the next event begins.
struct Late {
    kind: PageKind,
    head: Head,
    length: u64,
}

/// What stands in front of a page.
#[derive(Clone)]
struct Head {
    /// Where it starts.
    at: u64,
    block: SharedText,
    address: u64,
    page_size: u64,
}

/// What is known so far.
struct Indexer<F> {
    start: u64,
    row: F,
    /// Where a section began, and as what.
    begun: Option<(u64, Kind)>,
    /// The record that is not over yet.
    open: Option<Record>,
    head: Option<Head>,
    late: Option<Late>,
    /// The run that may go on, and where its last content ends.
    run: Option<(Pages, u64)>,
}

impl<F: FnMut(Row) -> Result<(), Error>> Indexer<F> {
    fn event(&mut self, event: StreamEvent, at: u64, state: Option<&StreamState>) -> Result<(), Error> {
        if let Some(Late { kind, head, length }) = self.late.take() {
            self.page(kind, &head, (at.saturating_sub(length), length))?;
        }
        match event {
            StreamEvent::RecordBodyStart => self.begin(at, Kind::Start),
            StreamEvent::RecordBodyFull => self.begin(at, Kind::Full),
            StreamEvent::RecordBodyPart => self.begin(at, Kind::Part),
            StreamEvent::RecordBodyEnd => self.begin(at, Kind::End),
            StreamEvent::SectionStartHead(head) => self.open_section(&head),
            StreamEvent::SectionMoreHead(head) => self.open_more(&head, state),
            StreamEvent::LegacyDeviceHead(head) => {
                let section = Section { id: None, name: head.idstr, instance: head.instance, version: head.version };
                self.open(at, Kind::Device, Some(section))
            }
            StreamEvent::CommandHead(head) => self.open(at, Kind::Command(head.payload.tag()), None),
            StreamEvent::RecordBody(RecordBody::Eof) => self.open(at, Kind::Eof, None),
            StreamEvent::BodyHead(head) if head.configuration.is_some() => self.open(at, Kind::Configuration, None),
            StreamEvent::BodyTail(tail) if tail.description.is_some() => self.open(at, Kind::Description, None),
            StreamEvent::StreamTail | StreamEvent::BodyTail(_) => self.close(at),
            StreamEvent::RamRecordHead(head) => {
                self.head = page_head(&head, at, state);
                Ok(())
            }
            StreamEvent::RamRecordBody(body) => self.body(&body),
            StreamEvent::RamBlock(block) => match &block.mapped {
                Some(mapped) => self.mapped(&block.name, block.length, mapped),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Notes where a section begins, of which the head is still to come.
    fn begin(&mut self, at: u64, kind: Kind) -> Result<(), Error> {
        self.begun = Some((at, kind));
        self.close(at)
    }

    fn open_section(&mut self, head: &SectionStartHead) -> Result<(), Error> {
        let SectionStartHead { section_id, idstr, instance, version } = head;
        let section = Section { id: Some(*section_id), name: idstr.clone(), instance: *instance, version: *version };
        self.open_begun(section)
    }

    fn open_more(&mut self, head: &SectionMoreHead, state: Option<&StreamState>) -> Result<(), Error> {
        let known = state.and_then(|state| state.sections.get(&head.section_id));
        let Some(known) = known else { return Ok(()) };
        let name = Text(known.idstr.to_vec());
        self.open_begun(Section { id: Some(head.section_id), name, instance: known.instance, version: known.version })
    }

    fn open_begun(&mut self, section: Section) -> Result<(), Error> {
        match self.begun.take() {
            Some((at, kind)) => self.open(at, kind, Some(section)),
            None => Ok(()),
        }
    }

    fn open(&mut self, at: u64, kind: Kind, section: Option<Section>) -> Result<(), Error> {
        self.close(at)?;
        self.open = Some(Record { kind, offset: at, length: 0, section });
        Ok(())
    }

    /// Gives the record that ends here.
    fn close(&mut self, at: u64) -> Result<(), Error> {
        self.flush()?;
        match self.open.take() {
            Some(record) => {
                let length = at.saturating_sub(record.offset);
                (self.row)(Row::Record(Record { length, ..record }))
            }
            None => Ok(()),
        }
    }

    /// Gives the run that does not go on.
    fn flush(&mut self) -> Result<(), Error> {
        match self.run.take() {
            Some((pages, _)) => (self.row)(Row::Pages(pages)),
            None => Ok(()),
        }
    }

    fn body(&mut self, body: &RamRecordBody) -> Result<(), Error> {
        let Some(head) = self.head.take() else { return Ok(()) };
        let late = |kind, length: usize| Some(Late { kind, head: head.clone(), length: crate::runtime::len64(length) });
        match body {
            RamRecordBody::Page(page) => {
                let Blob::Range { offset, length } = page.data else { return Ok(()) };
                return self.page(PageKind::Page, &head, (self.start.saturating_add(offset), length));
            }
            RamRecordBody::Zero(zero) => self.late = late(PageKind::Fill(zero.fill), 1),
            RamRecordBody::Xbzrle(difference) => self.late = late(PageKind::Xbzrle, difference.data.len()),
            RamRecordBody::Compressed(packed) => self.late = late(PageKind::Compressed, packed.data.len()),
            RamRecordBody::MemSize(_) | RamRecordBody::Eos | RamRecordBody::Hook | RamRecordBody::MultifdFlush => {}
        }
        Ok(())
    }

    /// A page, with the place of its content. It goes on with the run where it follows the last one.
    fn page(&mut self, kind: PageKind, head: &Head, (offset, length): (u64, u64)) -> Result<(), Error> {
        let end = offset.saturating_add(length);
        if let Some((run, run_end)) = &mut self.run
            && run.goes_on(kind, head, length)
            && *run_end == head.at
        {
            let stride = offset.saturating_sub(run.last());
            if run.pages == 1 || run.stride == stride {
                (run.stride, run.pages, *run_end) = (stride, run.pages.saturating_add(1), end);
                return Ok(());
            }
        }
        self.flush()?;
        let Head { block, address, page_size, .. } = head.clone();
        let run = Pages { block, kind, address, pages: 1, page_size, offset, length, stride: length };
        self.run = Some((run, end));
        Ok(())
    }

    /// The pages of a block that lie at their places, by the bitmap of those that are there.
    fn mapped(&mut self, name: &Text, length: u64, mapped: &MappedRam) -> Result<(), Error> {
        let (Some(bitmap), Some(Blob::Range { offset, .. })) = (&mapped.bitmap, &mapped.pages) else { return Ok(()) };
        let (block, size) = (SharedText::from(name.0.as_slice()), mapped.page_size);
        let pages = self.start.saturating_add(*offset);
        for address in mapped_pages::addresses(bitmap, size, length) {
            let address = address.map_err(|number| {
                let expected = format!("a bitmap of no more pages than `{name}` has");
                Error::new(Class::Invalid, expected, number)
            })?;
            let at = pages.saturating_add(address);
            let head = Head { at, block: block.clone(), address, page_size: size };
            self.page(PageKind::Mapped, &head, (at, size))?;
        }
        self.flush()
    }
}

impl Pages {
    /// Whether a page follows the last one in the guest, and is sent alike.
    fn goes_on(&self, kind: PageKind, head: &Head, length: u64) -> bool {
        let next = self.address.saturating_add(self.pages.saturating_mul(self.page_size));
        (kind, length, head.address) == (self.kind, self.length, next)
            && head.page_size == self.page_size
            && head.block == self.block
    }

    /// Where the content of the last one starts.
    fn last(&self) -> u64 {
        self.offset.saturating_add(self.pages.saturating_sub(1).saturating_mul(self.stride))
    }
}

/// What stands in front of a page, with the block that was named last.
fn page_head(head: &RamRecordHead, at: u64, state: Option<&StreamState>) -> Option<Head> {
    let state = state?;
    let page_size = 1_u64.checked_shl(state.page_shift.get().into())?;
    let block = state.block.get()?;
    Some(Head { at, block, address: head.word & !page_size.wrapping_sub(1), page_size })
}
