//! Paths, as errors print them: `header.version`, `stream.records[3].length`.

/// One step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'p> {
    /// A field, a part of an integer, or a case.
    Name(&'p str),
    /// An element of a list. A number that fits no list is the largest there is.
    Index(usize, &'p str),
}

/// The steps of a path; none where it is not written as paths are. An empty path has no steps.
pub fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    if path.is_empty() {
        return Some(steps);
    }
    for (i, part) in path.split('.').enumerate() {
        let (name, indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !name.is_empty() {
            steps.push(Step::Name(name));
        } else if i > 0 || indices.is_empty() {
            return None;
        }
        push_indices(indices, &mut steps)?;
    }
    Some(steps)
}

/// Adds the steps of `[1][2]`.
fn push_indices<'p>(mut indices: &'p str, steps: &mut Vec<Step<'p>>) -> Option<()> {
    while !indices.is_empty() {
        let (digits, rest) = indices.strip_prefix('[')?.split_once(']')?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        steps.push(Step::Index(digits.parse().unwrap_or(usize::MAX), digits));
        indices = rest;
    }
    Some(())
}

/// The path that is one step longer.
pub fn join(path: &str, step: Step<'_>) -> String {
    match step {
        Step::Name(name) if path.is_empty() => name.to_owned(),
        Step::Name(name) => format!("{path}.{name}"),
        Step::Index(_, digits) => format!("{path}[{digits}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, join, steps};

    #[test]
    fn paths_are_names_and_indices() {
        let expected = vec![Step::Name("a"), Step::Index(3, "3"), Step::Name("b_c"), Step::Index(0, "0")];
        assert_eq!(steps("a[3].b_c[0]"), Some(expected));
        assert_eq!(steps("[1]"), Some(vec![Step::Index(1, "1")]));
        assert_eq!(steps(""), Some(vec![]));
        let huge = "99999999999999999999999";
        assert_eq!(steps(&format!("a[{huge}]")), Some(vec![Step::Name("a"), Step::Index(usize::MAX, huge)]));
    }

    #[test]
    fn what_is_no_path_is_none() {
        for path in [".", "a.", ".a", "a..b", "a[", "a[]", "a[1", "a[x]", "a[-1]", "a[1]b", "a.[1]", "a[1]]"] {
            assert_eq!(steps(path), None, "{path}");
        }
    }

    #[test]
    fn steps_are_joined_as_they_were() {
        let path = "a[3].b_c[0]";
        let joined = steps(path).unwrap_or_default().into_iter().fold(String::new(), |at, step| join(&at, step));
        assert_eq!(joined, path);
    }
}
