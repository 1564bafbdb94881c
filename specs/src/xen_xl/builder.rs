//! New files, with libxl's choices where none are made.

use super::{
    DomainHeader, DomainKind, LibxcOptions, LibxcRecord, LibxcRecordBody, LibxcStream, LibxlOptions, LibxlRecord,
    LibxlRecordBody, LibxlStream, PageData, PageKind, PfnEntry, Savefile, SavefileOptional, SavefileOptionalConfig,
    SavefileStream, XlMandatory, XlOptional,
};
use crate::Blob;
use crate::runtime::{Endian, Reserved};
use alloc::ffi::CString;
use alloc::vec;
use alloc::vec::Vec;

/// What makes a [`Savefile`]. Begin with [`Savefile::builder`].
#[derive(Clone, Debug)]
pub struct SavefileBuilder {
    byte_order: Endian,
    config: Option<SavefileOptionalConfig>,
    version: u32,
    domain: DomainHeader,
    guest: Vec<LibxcRecord>,
    beside: Vec<LibxlRecord>,
}

impl Savefile {
    /// Begins a new file of a guest of this kind: little endian, without a config, libxc stream of the version that the
    /// spec starts from, saved by no known version of Xen.
    #[must_use]
    pub const fn builder(kind: DomainKind) -> SavefileBuilder {
        SavefileBuilder {
            byte_order: Endian::Little,
            config: None,
            version: LibxcStream::INITIAL_VERSION,
            domain: DomainHeader { kind, reserved: Reserved::ZERO, xen_major: 0, xen_minor: 0 },
            guest: Vec::new(),
            beside: Vec::new(),
        }
    }
}

impl SavefileBuilder {
    /// The config as JSON, as xl writes it since Xen 4.5.
    #[must_use]
    pub fn json_config(mut self, config: impl Into<CString>) -> Self {
        self.config = Some(SavefileOptionalConfig::Json(config.into()));
        self
    }

    /// The config as the text of a config file, as xl wrote it before. An empty one is none.
    #[must_use]
    pub fn text_config(mut self, config: impl Into<Vec<u8>>) -> Self {
        self.config = Some(config.into()).filter(|text: &Vec<u8>| !text.is_empty()).map(SavefileOptionalConfig::Text);
        self
    }

    /// The byte order of the file's header and of the records of both streams. xl reads its host's alone.
    #[must_use]
    pub const fn byte_order(mut self, order: Endian) -> Self {
        self.byte_order = order;
        self
    }

    /// The version of the libxc stream.
    #[must_use]
    pub const fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// The version of Xen that the guest ran on.
    #[must_use]
    pub const fn xen(mut self, major: u32, minor: u32) -> Self {
        (self.domain.xen_major, self.domain.xen_minor) = (major, minor);
        self
    }

    /// Adds a record about the guest: its memory, its processors. The last one, `end`, comes by itself.
    #[must_use]
    pub fn record(mut self, body: LibxcRecordBody) -> Self {
        self.guest.push(LibxcRecord { body });
        self
    }

    /// Adds pages by number and use, and the data of those that have any, in the same order.
    #[must_use]
    pub fn pages(self, pages: impl IntoIterator<Item = (u64, PageKind)>, data: impl Into<Blob>) -> Self {
        let pfns = pages.into_iter().map(|(pfn, kind)| PfnEntry { pfn, reserved: 0, kind }).collect();
        self.record(LibxcRecordBody::PageData(PageData { reserved: Reserved::ZERO, pfns, pages: data.into() }))
    }

    /// Adds a record about what is beside the guest, such as its emulator. The last one, `end`, comes by itself.
    #[must_use]
    pub fn beside(mut self, body: LibxlRecordBody) -> Self {
        self.beside.push(LibxlRecord { body, libxc: None, resumed: None });
        self
    }

    /// The file. Whether its records keep the rules of the format is found when it is written.
    ///
    /// In a libxc stream of version 3 and newer the record that ends the static data is put in front of the first that is
    /// not static, unless it was added.
    #[must_use]
    pub fn build(self) -> Savefile {
        let Self { byte_order, config, version, domain, guest, beside } = self;
        let big = byte_order == Endian::Big;
        let mut flags = XlMandatory::STREAM_V2;
        if matches!(config, Some(SavefileOptionalConfig::Json(_))) {
            flags = flags.with(XlMandatory::JSON_CONFIG);
        }
        let options = if big { LibxcOptions::BIG_ENDIAN } else { LibxcOptions::EMPTY };
        let records = ended(guest, version);
        let libxc = LibxcStream { version, options, reserved: Reserved::ZERO, domain, records };
        let context = LibxlRecord { body: LibxlRecordBody::LibxcContext, libxc: Some(libxc), resumed: None };
        let end = LibxlRecord { body: LibxlRecordBody::End, libxc: None, resumed: None };
        let mut records = vec![context];
        records.extend(beside);
        records.push(end);
        let options = if big { LibxlOptions::BIG_ENDIAN } else { LibxlOptions::EMPTY };
        Savefile {
            byte_order,
            mandatory_flags: flags,
            optional_flags: XlOptional::EMPTY,
            optional: Some(SavefileOptional { config }),
            optional_slack: Blob::EMPTY,
            stream: SavefileStream::Libxl(LibxlStream { options, records }),
            trailing: Blob::EMPTY,
        }
    }
}

/// The records of a guest with those that end the static data and the stream.
fn ended(mut records: Vec<LibxcRecord>, version: u32) -> Vec<LibxcRecord> {
    let ends = records.iter().any(|r| r.body == LibxcRecordBody::StaticDataEnd);
    if version >= LibxcStream::INITIAL_VERSION && !ends {
        let at = records.iter().position(|r| !is_static(&r.body)).unwrap_or(records.len());
        records.insert(at, LibxcRecord { body: LibxcRecordBody::StaticDataEnd });
    }
    records.push(LibxcRecord { body: LibxcRecordBody::End });
    records
}

/// Whether a record is about what does not change while the guest runs.
///
/// Source: `docs/specs/libxc-migration-stream.pandoc`, "Static data end".
const fn is_static(body: &LibxcRecordBody) -> bool {
    matches!(
        body,
        LibxcRecordBody::X86PvInfo(_) | LibxcRecordBody::X86CpuidPolicy(_) | LibxcRecordBody::X86MsrPolicy(_)
    )
}
