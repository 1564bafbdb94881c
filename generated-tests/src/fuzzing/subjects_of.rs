//! The types of each format that are fuzzed: its roots, and those that are read alone.

pub use libvirt::LIBVIRT_SAVE;
pub use qevm::QEVM;
pub use vhdx::VHDX;
pub use xen::XEN_XL;

mod libvirt {
    use crate::fuzzing::subjects::{Subject, subject};
    use crate::fuzzing::{doors, views};
    use vmspec::libvirt_save::{HeaderWire, Image, ImageReader, ImageRef, SPEC};

    pub const LIBVIRT_SAVE: &[Subject] = &[
        subject!(Image, lent[ImageRef], pulled[ImageReader::new]),
        Subject {
            check: |bytes, order| {
                doors::whole::<HeaderWire>(bytes, order, &());
                views::libvirt_header(bytes);
            },
            ..subject!(HeaderWire)
        },
    ];
}

mod qevm {
    use crate::externs::qevm::Externs;
    use crate::fuzzing::subjects::{Subject, interprets, subject};
    use vmspec::qevm::{
        CountedText, CountedTextRef, Description, DescriptionRef, DirectKey, DirtyBitmap, DirtyBitmapRef, Htab,
        HtabRef, MultifdChannel, MultifdChannelArgs, MultifdChannelReader, MultifdChannelRef, MultifdDeviceState,
        MultifdDeviceStateRef, PageAttributes, PageAttributesRef, PciConfig, PciConfigRef, PciIrqState, PciIrqStateRef,
        QemuTimer, SPEC, Stream, StreamArgs, StreamReader, SubsectionHead, SubsectionHeadRef, TreeHead,
        VirtioPciConfig, VirtioPciConfigRef, X86FpregTmp,
    };

    fn args() -> StreamArgs<'static> {
        StreamArgs { externs: &Externs, ..StreamArgs::default() }
    }

    pub const QEVM: &[Subject] = &[
        Subject {
            interpreted: Some(|bytes, order| interprets::<Stream>(SPEC, bytes, order, args())),
            ..subject!(Stream, args [args()], lent [], pulled [|from| StreamReader::with_args(from, args())])
        },
        Subject {
            interpreted: Some(|bytes, order| {
                interprets::<MultifdChannel>(SPEC, bytes, order, MultifdChannelArgs::default());
            }),
            ..subject!(
                MultifdChannel,
                args[MultifdChannelArgs::default()],
                lent[MultifdChannelRef],
                pulled[MultifdChannelReader::new]
            )
        },
        subject!(Description, lent [DescriptionRef], pulled []),
        subject!(SubsectionHead, lent [SubsectionHeadRef], pulled []),
        subject!(CountedText, lent [CountedTextRef], pulled []),
        subject!(DirtyBitmap, lent [DirtyBitmapRef], pulled []),
        subject!(Htab, lent [HtabRef], pulled []),
        subject!(MultifdDeviceState, lent [MultifdDeviceStateRef], pulled []),
        subject!(PageAttributes, lent [PageAttributesRef], pulled []),
        subject!(PciConfig, lent [PciConfigRef], pulled []),
        subject!(PciIrqState, lent [PciIrqStateRef], pulled []),
        subject!(VirtioPciConfig, lent [VirtioPciConfigRef], pulled []),
        subject!(DirectKey),
        subject!(QemuTimer),
        subject!(TreeHead),
        subject!(X86FpregTmp),
    ];
}

mod vhdx {
    use crate::fuzzing::subjects::{Subject, subject};
    use crate::fuzzing::{doors, views};
    use vmspec::vhdx::{
        FileId, FileParameters, Header, LogEntry, LogEntryRef, Metadata, ParentLocator, RegionEntry, RegionTable,
        RegionTableRef, SPEC, SectorSize, Vhdx, VhdxContents, VhdxRef, VirtualDiskId, VirtualDiskSize,
    };

    pub const VHDX: &[Subject] = &[
        subject!(Vhdx, lent [VhdxRef], pulled []),
        subject!(VhdxContents),
        subject!(LogEntry, lent [LogEntryRef], pulled []),
        subject!(RegionTable, lent [RegionTableRef], pulled []),
        subject!(Metadata),
        subject!(ParentLocator),
        subject!(FileId),
        Subject {
            check: |bytes, order| {
                doors::whole::<Header>(bytes, order, &());
                views::vhdx_header(bytes);
            },
            ..subject!(Header)
        },
        Subject {
            check: |bytes, order| {
                doors::whole::<RegionEntry>(bytes, order, &());
                views::region(bytes);
            },
            ..subject!(RegionEntry)
        },
        subject!(FileParameters),
        subject!(VirtualDiskSize),
        subject!(VirtualDiskId),
        subject!(SectorSize),
    ];
}

mod xen {
    use crate::fuzzing::subjects::{Subject, subject};
    use crate::fuzzing::{doors, views};
    use vmspec::xen_xl::{
        CheckpointState, CpuidLeaf, EmulatorContext, EmulatorContextRef, EmulatorXenstoreData, EmulatorXenstoreDataRef,
        HvmContext, HvmContextList, HvmContextListRef, HvmContextRef, HvmParams, HvmParamsRef, HvmSaveEntry,
        HvmSaveEntryRef, LegacyEmulator, LegacyEmulatorRef, LegacyInfo, LegacyInfoRef, LegacyXsave, LegacyXsaveRef,
        LibxlStream, MsrEntry, PfnEntry, SPEC, Savefile, SavefileReader, VcpuExtended, VcpuExtendedRef, VcpuMsrs,
        VcpuMsrsRef, VcpuOctet, VcpuXsave, VcpuXsaveRef, X86CpuidPolicy, X86CpuidPolicyRef, X86MsrPolicy,
        X86MsrPolicyRef, X86TscInfo, XenstoreEntry, XenstoreEntryRef,
    };

    pub const XEN_XL: &[Subject] = &[
        subject!(Savefile, lent [], pulled [SavefileReader::new]),
        subject!(LibxlStream),
        subject!(HvmContextList, lent [HvmContextListRef], pulled []),
        subject!(LegacyInfo, lent [LegacyInfoRef], pulled []),
        subject!(LegacyXsave, lent [LegacyXsaveRef], pulled []),
        subject!(LegacyEmulator, lent [LegacyEmulatorRef], pulled []),
        subject!(EmulatorXenstoreData, lent [EmulatorXenstoreDataRef], pulled []),
        subject!(EmulatorContext, lent [EmulatorContextRef], pulled []),
        subject!(XenstoreEntry, lent [XenstoreEntryRef], pulled []),
        subject!(HvmContext, lent [HvmContextRef], pulled []),
        subject!(HvmParams, lent [HvmParamsRef], pulled []),
        subject!(HvmSaveEntry, lent [HvmSaveEntryRef], pulled []),
        subject!(X86CpuidPolicy, lent [X86CpuidPolicyRef], pulled []),
        subject!(X86MsrPolicy, lent [X86MsrPolicyRef], pulled []),
        subject!(VcpuExtended, lent [VcpuExtendedRef], pulled []),
        subject!(VcpuXsave, lent [VcpuXsaveRef], pulled []),
        subject!(VcpuMsrs, lent [VcpuMsrsRef], pulled []),
        subject!(CheckpointState),
        subject!(VcpuOctet),
        subject!(X86TscInfo),
        Subject {
            check: |bytes, order| {
                doors::whole::<PfnEntry>(bytes, order, &());
                views::page(bytes, order);
            },
            ..subject!(PfnEntry)
        },
        Subject {
            check: |bytes, order| {
                doors::whole::<CpuidLeaf>(bytes, order, &());
                views::leaf(bytes, order);
            },
            ..subject!(CpuidLeaf)
        },
        Subject {
            check: |bytes, order| {
                doors::whole::<MsrEntry>(bytes, order, &());
                views::register(bytes, order);
            },
            ..subject!(MsrEntry)
        },
    ];
}
