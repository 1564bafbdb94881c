//! The types that are built in, for whoever lists them. What they are is for the resolver to say.

/// A built-in type.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// How it is written, with an argument that it may have.
    pub text: &'static str,
    /// What it is on the wire, in one line.
    pub doc: &'static str,
}

const fn of(text: &'static str, doc: &'static str) -> BuiltIn {
    BuiltIn { text, doc }
}

/// Every built-in type of a field.
pub const BUILT_IN: &[BuiltIn] = &[
    of("u8", "an integer of 1 byte"),
    of("u16", "an integer of 2 bytes"),
    of("u32", "an integer of 4 bytes"),
    of("u64", "an integer of 8 bytes"),
    of("i8", "an integer of 1 byte with a sign"),
    of("i16", "an integer of 2 bytes with a sign"),
    of("i32", "an integer of 4 bytes with a sign"),
    of("i64", "an integer of 8 bytes with a sign"),
    of("f32", "a number of IEEE 754 in 4 bytes"),
    of("f64", "a number of IEEE 754 in 8 bytes"),
    of("bool", "a byte, 0 or 1"),
    of("bytes(16)", "so many bytes, held in memory"),
    of("blob(rest)", "so many bytes of payload, not held in memory"),
    of("utf8(16)", "UTF-8 text in so many bytes"),
    of("utf16(16)", "UTF-16 text in so many bytes"),
    of("cstr", "bytes up to a NUL"),
    of("pstr(u8)", "bytes behind their length"),
    of("guid", "16 bytes in the mixed order of Microsoft"),
    of("uuid", "16 bytes in plain order"),
    of("zero(4)", "so many zeros"),
    of("align(8)", "zeros up to a multiple of this"),
];

#[cfg(test)]
mod tests {
    use super::BUILT_IN;
    use crate::syntax::read::keys::Named;

    #[test]
    fn all_names_that_are_kept_for_types_are_listed() {
        let listed = |name: &str| BUILT_IN.iter().any(|of| of.text.split('(').next() == Some(name));
        let kept = Named::Type.reserved().last().copied().unwrap_or_default();
        // These two are for params.
        let missing: Vec<_> = kept.iter().filter(|name| !["text", "place"].contains(name) && !listed(name)).collect();
        assert!(kept.len() > 10 && missing.is_empty(), "{missing:?}");
    }
}
