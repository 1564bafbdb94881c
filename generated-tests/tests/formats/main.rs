//! Tests of the four formats. One program, since most of what it takes to build one is the same code of theirs.

use vmspec_generated_tests::counting::Counting;

mod found;
mod generated;
mod hostile_numbers;
mod libvirt_crafted;
mod libvirt_damage;
mod libvirt_hostile;
mod libvirt_verdicts;
mod qevm_description;
mod qevm_hostile;
mod qevm_import;
mod qevm_memory;
mod qevm_states;
mod qevm_streams;
mod qevm_walk;
mod vhdx_blocks;
mod vhdx_crash;
mod vhdx_hostile;
mod vhdx_qemu;
mod vhdx_random;
mod vhdx_replay;
mod vhdx_sectors;
mod xen_build;
mod xen_damage;
mod xen_hostile;
mod xen_legacy;
mod xen_pull;
mod xen_records;
mod xen_values;
mod xen_verdicts;
mod xen_verify;

#[global_allocator]
static ALLOCATOR: Counting = Counting;
