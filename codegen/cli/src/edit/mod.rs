//! What the commands have in common that write a file anew.

mod changes;
mod joined;
mod output;

pub use changes::Changes;
pub use joined::Joined;
pub use output::{Output, Written};
