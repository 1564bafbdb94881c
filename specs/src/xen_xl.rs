//! Xen save files: what `xl save` writes.
//!
//! [`Savefile`] is the whole file; it reads and writes every byte of it. The types and rules are generated from
//! `xen_xl.yaml`. Beside them stands what is done with such files:
//!
//! | to | use |
//! |---|---|
//! | build a file from a config and records | [`Savefile::builder`] |
//! | take a guest of any size record by record, from a pipe too | [`SavefileReader`] |
//! | find the guest's pages | [`page_index`], [`Savefile::pages`] |
//! | put them in their place | [`PageIndex::copy_to`](crate::pages::PageIndex::copy_to) |
//!
//! A file from before Xen 4.6 holds a stream that can only be read by who knows how wide the words of the host were, and
//! what kind of guest it is: [`LegacyStream`] takes both as arguments.
//!
//! ```
//! use vmspec::runtime::Wire;
//! use vmspec::xen_xl::{DomainKind, LibxcRecordBody, PageKind, Savefile};
//!
//! # fn main() -> vmspec::runtime::Result<()> {
//! let file = Savefile::builder(DomainKind::X86Hvm)
//!     .json_config(c"{\"c_info\": {}}")
//!     .pages([(0, PageKind::Normal), (1, PageKind::Xalloc)], vec![7; 4096])
//!     .build();
//! let mut bytes = Vec::new();
//! file.write_to(&mut bytes)?;
//!
//! let (back, _) = Savefile::parse(&bytes)?;
//! let pages = back.pages();
//! assert_eq!((pages.len(), pages.offset(0).is_some(), pages.offset(1)), (2, true, None));
//! # Ok(())
//! # }
//! ```

mod builder;
mod memory;

#[doc(inline)]
pub use crate::generated::xen_xl::*;
pub use builder::SavefileBuilder;
pub use memory::page_index;
