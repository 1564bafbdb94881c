//! The command `vmspec`, run as people run it. One program, since each more has all of the formats linked to it.

mod aside;
mod at;
#[path = "harness/browser.rs"]
mod browser;
mod copies;
mod dump;
mod dump_forms;
mod extract;
mod fix;
mod harness;
mod help;
mod html;
mod html_page;
mod import_vmdesc;
mod inputs;
mod inspect;
mod journal;
mod qevm_state;
mod ram;
mod raw;
mod replay;
mod roundtrip;
mod samples;
mod set;
mod specs;
mod summaries;
mod verify;
mod verify_disk;
mod watch;
mod xen;
