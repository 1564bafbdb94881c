//! What the targets of cargo-fuzz do: a function of bytes each, which fails by a panic. The crate in `generated-tests/fuzz` calls
//! them, and so does a test, with the inputs that were found.
//!
//! | target | its bytes are |
//! |---|---|
//! | a format's id | a type of the format, and bytes that are read as it |
//! | the id and `_values` | a type, and what a value of it is made of |
//! | the id and `_interpreted` | as the first, for the reference interpreter |
//! | `spec` | the text of a spec |
//! | `expression` | an expression, and bytes that it is worked out on |
//! | `vhdx_log` | steps by which a log is made, or pieces of one |
//! | `vmdesc` | a description of devices, and states of them |

mod described;
mod doors;
mod expression;
mod log;
mod material;
mod patched;
mod printed;
mod seeds;
mod spec;
mod subjects;
mod subjects_of;
mod views;
mod words;

pub use subjects::Subject;
pub use words::dictionary;

/// A target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of its file too.
    pub name: &'static str,
    /// What is done with the bytes.
    pub run: fn(&[u8]),
    /// What to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// What is put into inputs: the words of the format or of the language.
    pub words: fn() -> Vec<Vec<u8>>,
}

macro_rules! formats {
    ($($id:ident: $list:ident, $read:ident, $values:ident, $interpreted:ident;)*) => {
        /// Every target.
        pub const TARGETS: &[Target] = &[
            $(
                Target {
                    name: stringify!($id),
                    run: |data| subjects::check(subjects_of::$list, data),
                    seeds: || seeds::$read(subjects_of::$list),
                    words: || words::of_format(stringify!($id)),
                },
                Target {
                    name: concat!(stringify!($id), "_values"),
                    run: |data| subjects::values(subjects_of::$list, data),
                    seeds: || seeds::$values(subjects_of::$list),
                    words: || words::of_format(stringify!($id)),
                },
                Target {
                    name: concat!(stringify!($id), "_interpreted"),
                    run: |data| subjects::interpreted(subjects_of::$list, data),
                    seeds: || seeds::$interpreted(subjects_of::$list),
                    words: || words::of_format(stringify!($id)),
                },
            )*
            Target { name: "spec", run: spec::run, seeds: seeds::specs, words: words::of_language },
            Target { name: "expression", run: expression::run, seeds: seeds::expressions, words: words::of_language },
            Target { name: "vhdx_log", run: log::run, seeds: seeds::logs, words: Vec::new },
            Target { name: "vmdesc", run: described::run, seeds: seeds::descriptions, words: words::of_descriptions },
        ];
    };
}

formats! {
    libvirt_save: LIBVIRT_SAVE, raw, values, raw;
    qevm: QEVM, raw, values, raw;
    vhdx: VHDX, patched, values, patched;
    xen_xl: XEN_XL, raw, values, raw;
}

/// A target by its name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
