//! Where a guest's pages lie in its file.

use super::{
    DomainHeader, LibxcRecord, LibxcRecordBody, LibxlRecord, PageData, PageKind, Savefile, SavefileEvent,
    SavefileReader, SavefileStream,
};
use crate::pages::PageIndex;
use crate::runtime::binrw::io::Read;
use crate::runtime::{Found, Result};
use crate::{Blob, Class, Error};

/// Finds the pages of the guest in a file, which is read once from its first byte, record by record; a pipe will do. The
/// offsets count from there. Pages that were allocated and never used are there without data, and those that the
/// last word says are broken or gone are not.
///
/// # Errors
/// Those of [`SavefileReader`]; `unsupported` for a stream from before Xen 4.6, in which pages are found with
/// [`LegacyStream`](super::LegacyStream).
pub fn page_index<R: Read>(reader: R) -> Result<PageIndex> {
    let mut reader = SavefileReader::new(reader);
    let mut pages = PageIndex::new(PAGE_SIZE);
    while let Some(event) = reader.next_event()? {
        match event {
            SavefileEvent::SavefileStreamLegacy => {
                return Err(Error::new(Class::Unsupported, "a libxl stream, as written since Xen 4.6", Found::Nothing));
            }
            SavefileEvent::LibxcRecord(record) => add(&mut pages, &record),
            _ => {}
        }
    }
    Ok(pages)
}

impl Savefile {
    /// Where the pages of the guest lie in the file or slice that this value was read from, as [`page_index`] finds
    /// them. A legacy stream has none here, nor have pages whose data is held in the value.
    #[must_use]
    pub fn pages(&self) -> PageIndex {
        let mut pages = PageIndex::new(PAGE_SIZE);
        let SavefileStream::Libxl(stream) = &self.stream else { return pages };
        for LibxlRecord { libxc, resumed, .. } in &stream.records {
            let records = libxc.iter().flat_map(|libxc| &libxc.records);
            records.chain(resumed.iter().flatten()).for_each(|record| add(&mut pages, record));
        }
        pages
    }
}

/// Bytes of a page.
const PAGE_SIZE: u64 = 1 << DomainHeader::FIXED_PAGE_SHIFT;

/// Adds the pages of a record.
fn add(pages: &mut PageIndex, record: &LibxcRecord) {
    if let LibxcRecordBody::PageData(PageData { pfns, pages: Blob::Range { offset, .. }, .. }) = &record.body {
        let mut at = *offset;
        for entry in pfns {
            let page = entry.pfn..entry.pfn.saturating_add(1);
            if !entry.kind.is_without_data() {
                pages.insert(page, Some(at));
                at = at.saturating_add(PAGE_SIZE);
            } else if entry.kind == PageKind::Xalloc {
                pages.insert(page, None);
            } else {
                pages.remove(page);
            }
        }
    }
}
