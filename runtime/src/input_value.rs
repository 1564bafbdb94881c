//! Inputs by name: facts that the bytes do not hold, set by a program that learns at run time what it reads.

/// Something whose inputs can be set by their names in the spec: arguments of a root, or all inputs of a format.
pub trait SetInput {
    /// Sets an input from what people write: a number in digits, `true` or `false`, the name of an enum's value, a guid, flags as
    /// a number. Whether there is such an input, and it takes that.
    #[must_use]
    fn set_input(&mut self, name: &str, value: &str) -> bool;
}

/// Without arguments there are no inputs.
impl SetInput for () {
    fn set_input(&mut self, _name: &str, _value: &str) -> bool {
        false
    }
}

/// Sets something where there is a value for it. Whether there is.
pub fn set_input<T>(to: &mut T, value: Option<T>) -> bool {
    match value {
        Some(value) => {
            *to = value;
            true
        }
        None => false,
    }
}
