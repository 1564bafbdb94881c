//! What was read, shown: renderers from a reading, its spec and its file to a writer. Nothing is read or decided here.

pub mod hex;
pub mod html;
pub mod json;
mod json_layout;
mod locate;
mod marks;
mod notes;
mod palette;
pub mod place;
mod quote;
mod said;
mod scan;
mod spans;
#[cfg(test)]
mod tests;
pub mod text;
mod value;
mod view;
mod walk;

pub use locate::{is_between, lazy_element};
pub use palette::Palette;
pub use value::Writer;
pub use view::{Seen, Then, View, shown_site};
