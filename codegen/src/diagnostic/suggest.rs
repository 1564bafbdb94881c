//! What somebody may have meant.

/// The longest word that is compared: the comparison takes the product of both lengths.
const LONGEST: usize = 64;

/// A sentence naming the candidate nearest to `bad`, if one is near.
pub fn did_you_mean<'a>(bad: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(bad, candidates).map(|word| format!("did you mean `{word}`?"))
}

fn nearest<'a>(bad: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = bad.chars().take(LONGEST.saturating_add(1)).count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let limit = length.div_ceil(3);
    let bad = bad.to_lowercase();
    candidates
        .into_iter()
        .filter(|word| word.len() <= LONGEST)
        .map(|word| (strsim::osa_distance(&bad, &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, word)| (*distance, *word))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        assert_eq!(did_you_mean("kepe", ["none", "zero", "keep"]).as_deref(), Some("did you mean `keep`?"));
        assert_eq!(did_you_mean("Count", ["count"]).as_deref(), Some("did you mean `count`?"));
        assert_eq!(did_you_mean("zzz", ["count", "size"]), None);
        assert_eq!(did_you_mean("", ["a"]), None);
    }
}
