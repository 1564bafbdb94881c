//! Every door of every format, for one source and one sink of each kind. Generic code is machine code only where somebody asks for
//! it; this crate asks, and does nothing else.

#![forbid(unsafe_code)]

use std::fs::File;

use vmspec::runtime::binrw::BinResult;
use vmspec::runtime::{
    Endian, Finding, Findings, Guid, ReadInput, Result, Source, Wire, WireRef, read_stream, write_stream,
};
use vmspec::{libvirt_save, qevm, vhdx, xen_xl};

/// The doors of one type.
macro_rules! doors {
    ($name:ident, $type:ty) => {
        /// Doors of one type.
        pub mod $name {
            use super::*;

            type Args<'a> = <$type as Wire>::Args<'a>;

            /// Reads from a slice.
            pub fn slice<'b>(bytes: &'b [u8], order: Endian, args: Args<'_>) -> Result<($type, &'b [u8])> {
                <$type>::parse_with(bytes, order, args)
            }

            /// Reads from what can seek.
            pub fn file(reader: &mut File, order: Endian, args: Args<'_>) -> BinResult<$type> {
                read_stream(reader, order, args)
            }

            /// Reads from a pipe.
            pub fn pipe(reader: File, order: Endian, args: Args<'_>) -> Result<$type> {
                let mut source = Source::new(ReadInput::new(reader), 0);
                let value = <$type>::read_from(&mut source, order, args)?;
                source.settle().map(|()| value)
            }

            /// Writes to a vector.
            pub fn vector(value: &$type, to: &mut Vec<u8>, order: Endian, args: Args<'_>) -> Result<()> {
                value.write_with(to, order, args)
            }

            /// Writes to a stream.
            pub fn stream(value: &$type, to: &mut File, order: Endian, args: Args<'_>) -> BinResult<()> {
                write_stream(value, to, order, args)
            }

            /// Writes with what the source holds.
            pub fn copy(value: &$type, from: &mut File, to: &mut File, order: Endian, args: Args<'_>) -> Result<()> {
                value.write_from_with(from, to, order, args)
            }

            /// Lists soft rules that are broken.
            pub fn check(value: &$type, args: Args<'_>) -> Vec<Finding> {
                value.check_with(args)
            }

            /// Measures.
            pub fn length(value: &$type, args: Args<'_>) -> u64 {
                value.wire_len(args)
            }
        }
    };
}

/// What borrows from a slice.
macro_rules! lent {
    ($name:ident, $type:ident in $module:ident) => {
        /// Reads from a slice what stays there.
        pub fn $name<'a>(
            bytes: &'a [u8],
            order: Endian,
            args: <<$module::$type<'a> as WireRef<'a>>::Owned as Wire>::Args<'_>,
        ) -> Result<$module::$type<'a>> {
            $module::$type::parse_with(bytes, order, args)
        }
    };
}

/// A pull reader over a pipe.
macro_rules! pulled {
    ($name:ident, $type:ty, $event:ty) => {
        /// Parts of one type.
        pub mod $name {
            use super::*;

            /// The next part.
            pub fn next(reader: &mut $type) -> Result<Option<$event>> {
                reader.next_event()
            }

            /// Payload.
            pub fn payload(reader: &mut $type, to: &mut [u8]) -> std::io::Result<usize> {
                reader.read_pending(to)
            }
        }
    };
}

doors!(image, libvirt_save::Image);
doors!(image_area, libvirt_save::ImageArea);
lent!(image_lent, ImageRef in libvirt_save);
pulled!(image_pulled, libvirt_save::ImageReader<File>, libvirt_save::ImageEvent);

doors!(stream, qevm::Stream);
doors!(multifd_channel, qevm::MultifdChannel);
lent!(multifd_channel_lent, MultifdChannelRef in qevm);
pulled!(stream_pulled, qevm::StreamReader<'_, File>, qevm::StreamEvent);
pulled!(multifd_channel_pulled, qevm::MultifdChannelReader<File>, qevm::MultifdChannelEvent);

doors!(savefile, xen_xl::Savefile);
doors!(legacy_stream, xen_xl::LegacyStream);
doors!(legacy_toolstack, xen_xl::LegacyToolstack);
doors!(hvm_context_list, xen_xl::HvmContextList);
lent!(savefile_optional_lent, SavefileOptionalRef in xen_xl);
lent!(hvm_context_list_lent, HvmContextListRef in xen_xl);
lent!(legacy_toolstack_lent, LegacyToolstackRef in xen_xl);
lent!(libxl_record_body_lent, LibxlRecordBodyRef in xen_xl);
lent!(hvm_params_lent, HvmParamsRef in xen_xl);
lent!(vcpu_msrs_lent, VcpuMsrsRef in xen_xl);
pulled!(savefile_pulled, xen_xl::SavefileReader<File>, xen_xl::SavefileEvent);
pulled!(legacy_stream_pulled, xen_xl::LegacyStreamReader<File>, xen_xl::LegacyStreamEvent);

doors!(vhdx_file, vhdx::Vhdx);
doors!(vhdx_contents, vhdx::VhdxContents);
doors!(log_entry, vhdx::LogEntry);
doors!(metadata, vhdx::Metadata);
doors!(parent_locator, vhdx::ParentLocator);
doors!(bat_entry, vhdx::BatEntry);
lent!(vhdx_lent, VhdxRef in vhdx);
lent!(log_entry_lent, LogEntryRef in vhdx);
lent!(region_table_lent, RegionTableRef in vhdx);

/// What lies in a ring, over files.
pub mod ring {
    use super::{File, Findings, Guid, Result, vhdx};
    use vhdx::{BlockMap, BrokenLog, Change, Disk, LogGuids, LogWriter, Recovery, Verified};

    /// Finds what is to be replayed.
    pub fn find(file: &mut File) -> Result<Recovery> {
        Recovery::find(file, BrokenLog::Refuse)
    }

    /// Replays it.
    pub fn run(recovery: Recovery, file: &mut File, guid: Guid) -> Result<()> {
        recovery.run(file, guid)
    }

    /// Where the blocks are.
    pub fn blocks(file: &mut File) -> Result<BlockMap> {
        BlockMap::read(file)
    }

    /// The disk as it would be.
    pub fn disk(file: File) -> Result<Disk<File>> {
        Disk::open(file)
    }

    /// Everything that is wrong.
    pub fn verify(file: File, findings: &mut Findings) -> Result<Verified> {
        vhdx::verify(file, findings)
    }

    /// Begins to write.
    pub fn start(file: &mut File, guids: LogGuids) -> Result<LogWriter> {
        LogWriter::start(file, guids)
    }

    /// Writes.
    pub fn append(writer: &mut LogWriter, file: &mut File, changes: &[Change<'_>]) -> Result<()> {
        writer.append_all(file, changes)
    }

    /// Ends.
    pub fn finish(writer: LogWriter, file: &mut File) -> Result<()> {
        writer.finish(file)
    }
}
