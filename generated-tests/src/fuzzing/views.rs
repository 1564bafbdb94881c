//! Views: every accessor shows what the value holds that is read from the same bytes.

use std::fmt::Debug;

use vmspec::libvirt_save::{self, HeaderWire};
use vmspec::vhdx;
use vmspec::xen_xl;
use vmspec_runtime::Endian;

/// An accessor shows a member. One that can fail shows it behind an `Ok`.
#[track_caller]
fn shows(accessor: &impl Debug, member: &impl Debug) {
    let (shown, held) = (format!("{accessor:?}"), format!("{member:?}"));
    assert!(shown == held || shown == format!("Ok({held})"), "a view shows {shown} of {held}");
}

macro_rules! shows {
    ($view:expr, $value:expr, [$($field:ident)*]) => { $(shows(&$view.$field(), &$value.$field);)* };
}

/// The header of a save image.
pub fn libvirt_header(bytes: &[u8]) {
    let Some(Ok(view)) = bytes.first_chunk().map(libvirt_save::HeaderView::new) else { return };
    let Ok(HeaderWire { header, driven }) = view.read() else { return };
    shows!(view, header, [magic version was_running format byte_order]);
    shows!(view, driven, [data_len cookie_offset]);
    assert_eq!(view.unused(), &header.unused.0);
}

/// The header of a virtual disk.
pub fn vhdx_header(bytes: &[u8]) {
    let Some(Ok(view)) = bytes.first_chunk().map(vhdx::HeaderView::new) else { return };
    let Ok(value) = view.read() else { return };
    shows!(view, value, [sequence file_write_guid data_write_guid log_guid log_version version log_length log_offset]);
    assert_eq!(view.reserved(), &value.reserved.0);
}

/// A region of a virtual disk.
pub fn region(bytes: &[u8]) {
    let Some(view) = bytes.first_chunk().map(vhdx::RegionEntryView::new) else { return };
    let Ok(value) = view.read() else { return };
    shows!(view, value, [id file_offset length flags]);
}

/// What a page of a guest is.
pub fn page(bytes: &[u8], order: Endian) {
    let Some(block) = bytes.first_chunk() else { return };
    let view = xen_xl::PfnEntryView::new(block, order);
    let Ok(value) = view.read() else { return };
    shows!(view, value, [pfn reserved kind]);
}

/// A leaf of what a processor says of itself.
pub fn leaf(bytes: &[u8], order: Endian) {
    let Some(block) = bytes.first_chunk() else { return };
    let view = xen_xl::CpuidLeafView::new(block, order);
    let Ok(value) = view.read() else { return };
    shows!(view, value, [leaf subleaf eax ebx ecx edx]);
}

/// A register of a processor's model.
pub fn register(bytes: &[u8], order: Endian) {
    let Some(block) = bytes.first_chunk() else { return };
    let view = xen_xl::MsrEntryView::new(block, order);
    let Ok(value) = view.read() else { return };
    shows!(view, value, [index value]);
}
