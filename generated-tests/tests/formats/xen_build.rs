//! Small save files made of values, for tests of their own: a guest of either kind with every record that it may have.

#![allow(clippy::expect_used, clippy::arithmetic_side_effects, dead_code, reason = "every test takes what it needs")]

use std::ffi::CString;

use vmspec::xen_xl::{
    CheckpointState, CpuidLeaf, DomainHeader, DomainKind, Emulator, EmulatorContext, EmulatorXenstoreData, HvmContext,
    HvmParam, HvmParams, LibxcKind, LibxcOptions, LibxcRecord, LibxcRecordBody, LibxcStream, LibxlKind, LibxlOptions,
    LibxlRecord, LibxlRecordBody, LibxlStream, MsrEntry, PageData, PageKind, PfnEntry, Savefile, SavefileOptional,
    SavefileOptionalConfig, SavefileStream, VcpuBasic, VcpuExtended, VcpuMsr, VcpuMsrs, VcpuXsave, X86CpuidPolicy,
    X86MsrPolicy, X86PvInfo, X86PvP2mFrames, X86TscInfo, XenstoreEntry, XlMandatory, XlOptional,
};
use vmspec_runtime::{Blob, Endian, Reserved, Zeros};

/// Bytes of a page.
pub const PAGE: usize = 4096;

fn text(text: &str) -> CString {
    CString::new(text).expect("no NUL")
}

fn blob(bytes: &[u8]) -> Blob {
    Blob::from(bytes.to_vec())
}

/// A libxc record.
pub fn libxc(body: LibxcRecordBody) -> LibxcRecord {
    LibxcRecord { body }
}

/// A libxl record that nothing follows.
pub fn libxl(body: LibxlRecordBody) -> LibxlRecord {
    LibxlRecord { body, libxc: None, resumed: None }
}

/// Pages of these kinds, in turn.
pub fn pages(kinds: &[PageKind]) -> LibxcRecordBody {
    let pfns = kinds.iter().zip(0..).map(|(kind, pfn)| PfnEntry { pfn, reserved: 0, kind: *kind }).collect();
    let with_data = kinds.iter().filter(|kind| !kind.is_without_data()).count();
    LibxcRecordBody::PageData(PageData { reserved: Reserved([0; 4]), pfns, pages: blob(&vec![7; with_data * PAGE]) })
}

fn cpuid_policy() -> LibxcRecordBody {
    let leaf = CpuidLeaf { leaf: 0, subleaf: u32::MAX, eax: 22, ebx: 1, ecx: 2, edx: 3 };
    LibxcRecordBody::X86CpuidPolicy(X86CpuidPolicy { leaves: vec![leaf; 2] })
}

fn msr_policy() -> LibxcRecordBody {
    LibxcRecordBody::X86MsrPolicy(X86MsrPolicy { msrs: vec![MsrEntry { index: 0xce, value: 1 << 31 }] })
}

fn tsc_info() -> LibxcRecordBody {
    let reserved = Reserved([0; 4]);
    LibxcRecordBody::X86TscInfo(X86TscInfo { mode: 2, khz: 2_400_000, nsec: 1 << 40, incarnation: 3, reserved })
}

/// The records of an HVM guest; in version 2 there are no static data.
pub fn hvm_records(version: u32) -> Vec<LibxcRecord> {
    let mut all = Vec::new();
    if version > 2 {
        all.extend([cpuid_policy(), msr_policy(), LibxcRecordBody::StaticDataEnd]);
    }
    let params = [(1, 0xfeffc), (5, 0xfeffd)].map(|(index, value)| HvmParam { index, value });
    all.extend([
        pages(PageKind::ALL),
        LibxcRecordBody::Verify,
        pages(&[PageKind::Normal]),
        tsc_info(),
        LibxcRecordBody::HvmContext(HvmContext { data: blob(&[0xaa; 13]) }),
        LibxcRecordBody::HvmParams(HvmParams { reserved: Reserved([0; 4]), params: params.to_vec() }),
    ]);
    all.push(LibxcRecordBody::End);
    all.into_iter().map(libxc).collect()
}

/// The records of a PV guest with words of 4 or 8 bytes.
pub fn pv_records(guest_width: u8) -> Vec<LibxcRecord> {
    let info = X86PvInfo { guest_width, pt_levels: guest_width / 4 + 2, reserved: Reserved([0; 6]), more: Vec::new() };
    let per_frame = 4096 / u32::from(guest_width);
    let frames = X86PvP2mFrames { start_pfn: 0, end_pfn: per_frame, frames: vec![5, 6] };
    let mut all = vec![LibxcRecordBody::X86PvInfo(info), cpuid_policy(), msr_policy(), LibxcRecordBody::StaticDataEnd];
    all.extend([LibxcRecordBody::X86PvP2mFrames(frames), pages(PageKind::ALL), tsc_info()]);
    all.push(LibxcRecordBody::SharedInfo(vec![0x5a; PAGE]));
    all.extend(vcpu(0, if guest_width == 8 { 0x1430 } else { 0xaf0 }));
    all.push(LibxcRecordBody::End);
    all.into_iter().map(libxc).collect()
}

/// The records of one processor, with so many bytes of registers.
fn vcpu(vcpu_id: u32, registers: usize) -> [LibxcRecordBody; 4] {
    let reserved = Reserved([0; 4]);
    let msr = VcpuMsr { index: 0xc000_0081, reserved, value: 7 };
    [
        LibxcRecordBody::X86PvVcpuBasic(VcpuBasic { vcpu_id, reserved, context: vec![1; registers] }),
        LibxcRecordBody::X86PvVcpuExtended(VcpuExtended { vcpu_id, reserved, context: vec![2; 128] }),
        LibxcRecordBody::X86PvVcpuXsave(VcpuXsave { vcpu_id, reserved, context: vec![3; 832 + 16] }),
        LibxcRecordBody::X86PvVcpuMsrs(VcpuMsrs { vcpu_id, reserved, msrs: vec![msr; 2] }),
    ]
}

/// Records that Xen's own verifier does not take: unknown ones, what goes backwards, and what is no longer written.
pub fn odd_records() -> Vec<LibxcRecord> {
    let kind = LibxcKind::Unknown(0x8000_0001);
    let all = [
        LibxcRecordBody::CheckpointDirtyPfnList(vec![1, 2, 3]),
        LibxcRecordBody::Toolstack(vec![1, 2, 3]),
        LibxcRecordBody::Other { kind, value: blob(b"ignore me") },
    ];
    all.into_iter().map(libxc).collect()
}

/// A libxc stream.
pub fn guest(kind: DomainKind, version: u32, big: bool, records: Vec<LibxcRecord>) -> LibxcStream {
    LibxcStream {
        version,
        options: if big { LibxcOptions::BIG_ENDIAN } else { LibxcOptions::EMPTY },
        reserved: Reserved([0; 6]),
        domain: DomainHeader { kind, reserved: Reserved([0; 2]), xen_major: 4, xen_minor: 21 },
        records,
    }
}

/// The state of an emulator.
pub fn emulator() -> LibxlRecord {
    let state = blob(b"QEVM and more");
    libxl(LibxlRecordBody::EmulatorContext(EmulatorContext { emulator: Emulator::QemuUpstream, index: 0, state }))
}

/// What an emulator needs in xenstore.
pub fn xenstore(entries: &[(&str, &str)]) -> LibxlRecord {
    let entries = entries.iter().map(|(key, value)| XenstoreEntry { key: text(key), value: text(value) }).collect();
    let data = EmulatorXenstoreData { emulator: Emulator::QemuUpstream, index: 0, entries };
    libxl(LibxlRecordBody::EmulatorXenstoreData(data))
}

/// Records of a libxl stream that Xen's own verifier does not take.
pub fn odd_libxl_records() -> Vec<LibxlRecord> {
    let kind = LibxlKind::Unknown(u32::MAX);
    vec![
        libxl(LibxlRecordBody::CheckpointState(CheckpointState { control: 3, padding: Zeros::Zero(4) })),
        libxl(LibxlRecordBody::Other { kind, value: blob(b"optional") }),
    ]
}

/// A libxl stream with this guest and these records behind it.
pub fn stream(guest: LibxcStream, big: bool, more: Vec<LibxlRecord>) -> LibxlStream {
    let context = LibxlRecord { libxc: Some(guest), ..libxl(LibxlRecordBody::LibxcContext) };
    let mut records = vec![context];
    records.extend(more);
    records.push(libxl(LibxlRecordBody::End));
    LibxlStream { options: if big { LibxlOptions::BIG_ENDIAN } else { LibxlOptions::EMPTY }, records }
}

/// A whole file with a JSON config.
pub fn file(byte_order: Endian, stream: LibxlStream) -> Savefile {
    Savefile {
        byte_order,
        mandatory_flags: XlMandatory::ALL,
        optional_flags: XlOptional::EMPTY,
        optional: Some(SavefileOptional { config: Some(SavefileOptionalConfig::Json(text("{}\n"))) }),
        optional_slack: Blob::default(),
        stream: SavefileStream::Libxl(stream),
        trailing: Blob::default(),
    }
}
