//! State of a value that is read or written, as far as a plain `Cell` cannot hold it: texts, sets, tables. It is lent as a shared
//! reference to whatever looks it up or remembers something, so all of it changes from the inside.
//!
//! Keys are looked up borrowed. A set or table never gives a key back, and no row changes once it is there: what was found stays
//! where it is, whatever is remembered meanwhile.

mod held;
mod rows;
mod set;
mod table;

use alloc::sync::Arc;
use alloc::vec::Vec;

pub use held::Held;
pub use set::Set;
pub use table::{Refused, Table};

/// A text that is remembered: any bytes.
pub type SharedText = Arc<[u8]>;

/// A text as a key of a set or table, which look it up as a slice.
pub type TextKey = Vec<u8>;
