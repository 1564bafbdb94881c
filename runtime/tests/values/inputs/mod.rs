//! The same bytes through every kind of input.

/// Runs a block over a slice, a reader that seeks, and one that cannot; the block sees a fresh `Source` as `$src`, whose
/// first byte is at `$at`.
#[macro_export]
macro_rules! each_input {
    ($bytes:expr, $at:expr, |$src:ident| $body:block) => {{
        let bytes: &[u8] = $bytes.as_ref();
        {
            let mut $src = vmspec_runtime::Cursor::over(bytes, $at);
            $body
        }
        {
            let reader = vmspec_runtime::SeekInput(std::io::Cursor::new(bytes));
            let mut $src = vmspec_runtime::Source::new(reader, $at);
            $body
        }
        {
            let mut $src = vmspec_runtime::Source::new(vmspec_runtime::ReadInput::new(bytes), $at);
            $body
        }
    }};
}
