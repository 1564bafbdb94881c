//! What the types that QEMU has a name for are in the spec language.

use alloc::format;
use alloc::string::String;

/// A value with nothing inside, as the spec language has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Its type.
    pub(super) type_: String,
    /// Options besides.
    pub(super) options: String,
    /// How many make one, where it takes several.
    pub(super) count: Option<u64>,
    /// What people should know.
    pub(super) note: Option<String>,
}

/// Bytes that need no bound.
const UNBOUNDED: u64 = 16 << 20;

/// The type of this name and so many bytes.
pub(super) fn written(type_name: &str, size: u64) -> Written {
    let equal = "must be what the machine itself has";
    match type_name {
        "bool" => noted("bool", None),
        "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" => number(type_name),
        "int32 equal" => noted("i32", Some(equal)),
        "uint8 equal" => noted("u8", Some(equal)),
        "uint16 equal" => noted("u16", Some(equal)),
        "uint32 equal" => noted("u32", Some(equal)),
        "int64 equal" => noted("u64", Some("must be what the machine itself has; has no sign, whatever QEMU calls it")),
        "int32 le" => noted("i32", Some("`le`: at most what the machine itself has; not little-endian")),
        "timer" => noted("i64", Some("a timer: when it ends in nanoseconds, or -1")),
        "float64" => noted("f64", None),
        "CPU_Double_U" => noted("u64", Some("the bits of a floating-point number")),
        "capability" => noted("pstr(u8)", None),
        "bitmap" if size > 0 && size.is_multiple_of(8) => {
            Written { count: size.checked_div(8), ..noted("u64", Some("a bitmap, from bit 0 of the first word on")) }
        }
        "unused_buffer" => Written { options: String::from(", mismatch: keep"), ..sized("zero", size) },
        "buffer" => sized("bytes", size),
        other => Written { note: Some(format!("QEMU writes `{other}` by hand")), ..sized("bytes", size) },
    }
}

/// `int8` is `i8`, `uint8` is `u8`.
fn number(type_name: &str) -> Written {
    let sign = if type_name.starts_with('u') { "u" } else { "i" };
    noted(&format!("{sign}{}", type_name.trim_start_matches(|c: char| !c.is_ascii_digit())), None)
}

fn noted(type_: &str, note: Option<&str>) -> Written {
    Written { type_: String::from(type_), note: note.map(String::from), ..Written::default() }
}

/// A type of so many bytes.
fn sized(type_: &str, size: u64) -> Written {
    let options = if size > UNBOUNDED { format!(", max: {size}") } else { String::new() };
    Written { type_: format!("{type_}({size})"), options, ..Written::default() }
}
