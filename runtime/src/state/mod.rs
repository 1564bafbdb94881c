//! State of a value that is read or written, as far as a plain `Cell` cannot hold it: texts, sets, tables. It is lent as a shared
//! reference to whatever looks it up or remembers something, so all of it changes from the inside.
//!
//! Keys are looked up borrowed. A set or table never gives a key back, and no row changes once it is there: what was found stays
//! where it is, whatever is remembered meanwhile.

mod held;
mod rows;
mod set;
mod table;

pub use held::Held;
pub use set::Set;
pub use table::{Refused, Table};
