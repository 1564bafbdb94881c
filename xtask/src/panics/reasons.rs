//! Why what is left is not gone into: by what panics and the file it stands in. What has no reason here fails the chore, and so does a
//! reason of nothing. No file of the project is among them.

/// A reason.
#[derive(Debug)]
pub struct Reason {
    /// What it is about, for people.
    pub title: &'static str,
    /// Why it is not gone into.
    pub why: &'static str,
    /// Ends of names of what panics, each with the start of the file that it stands in; empty where it stands in none.
    pub what: &'static [(&'static str, &'static str)],
}

/// All of them; the first that fits counts.
pub const REASONS: &[Reason] = &[
    Reason {
        title: "Memory that cannot be had",
        why: "What is held follows what the input holds, and large blocks are asked for in a way that gives an error. Where a system has no \
              memory left for little ones either, the standard library ends the program.",
        what: &[
            ("raw_vec::handle_error", ""),
            ("alloc::handle_alloc_error", ""),
            ("expect_failed", "library/alloc/src/slice.rs"),
            ("expect_failed", "library/alloc/src/str.rs"),
            ("panic_fmt", "library/alloc/src/vec"),
        ],
    },
    Reason {
        title: "A panic while another is under way",
        why: "It stands where values are dropped as a panic passes, and no panic does.",
        what: &[("panic_in_cleanup", "")],
    },
    Reason {
        title: "Maps and sets",
        why: "What the standard library's trees take to hold of themselves. It does for keys whose order is one: numbers and bytes here.",
        what: &[("", "library/alloc/src/collections/btree")],
    },
    Reason {
        title: "Sorting",
        why: "It notices an order that is none. What is sorted here are numbers, identifiers and texts, by the order that they have.",
        what: &[("panic_on_ord_violation", ""), ("", "library/core/src/slice/sort")],
    },
    Reason {
        title: "What comes with an order",
        why: "`clamp` wants its bounds the right way round. It comes with every type that has an order, and nothing here calls it.",
        what: &[("", "library/core/src/cmp.rs")],
    },
    Reason {
        title: "Looking through texts and slices",
        why: "What the standard library takes to hold of its own search and joining, and of a number base that is a constant here.",
        what: &[
            ("", "library/core/src/str/pattern.rs"),
            ("", "library/alloc/src/str.rs"),
            ("", "library/core/src/slice/iter.rs"),
            ("", "library/core/src/char/methods.rs"),
        ],
    },
    Reason {
        title: "Readers and writers that lie",
        why: "A reader or writer of the caller's may say that it took more bytes than it was given. Those of the standard library never do.",
        what: &[
            ("", "library/std/src/io/mod.rs"),
            ("", "library/core/src/io/borrowed_buf.rs"),
            ("", "library/std/src/os/unix/fs.rs"),
        ],
    },
];
