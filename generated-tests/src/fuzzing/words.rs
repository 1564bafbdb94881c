//! What is put into inputs: the values that a format gives a meaning, and the words of the language. All of it comes from specs.

use vmspec_codegen::model::{Body, Content, Enum, Key, Label, Repr, Type};
use vmspec_codegen::syntax::read::keys;

use crate::differential::model;

/// The longest word that is of use.
const LONGEST: usize = 64;

/// Magics, tags and values of enums, numbers in either byte order.
pub fn of_format(id: &str) -> Vec<Vec<u8>> {
    let format = model(&format!("{id}.yaml"));
    let mut words: Vec<_> = format.enums.iter().flat_map(of_enum).collect();
    words.extend(format.types.iter().flat_map(of_type));
    kept(words)
}

fn of_enum(of: &Enum) -> Vec<Vec<u8>> {
    let size = usize::try_from(of.repr.size()).unwrap_or(0);
    let number = |n: i128| {
        let big = n.to_be_bytes();
        let big = big.get(big.len().saturating_sub(size)..).unwrap_or_default().to_vec();
        [big.iter().rev().copied().collect(), big]
    };
    let word = |key: &Key| match (key, of.repr) {
        (Key::Int(n), Repr::UInt(_) | Repr::Int(_)) => number(*n).to_vec(),
        (Key::Bytes(bytes), _) => vec![bytes.clone()],
        _ => Vec::new(),
    };
    of.values.iter().flat_map(|value| word(&value.key)).collect()
}

fn of_type(ty: &Type) -> Vec<Vec<u8>> {
    match &ty.body {
        Body::Struct(s) => {
            let magic = |content: &Content| match content {
                Content::Magic(bytes) => Some(bytes.clone()),
                _ => None,
            };
            s.fields.iter().filter_map(|field| magic(&field.content)).collect()
        }
        Body::Union(union) => {
            let label = |label: &Label| match label {
                Label::Text(text) | Label::TextEnding(text) => Some(text.clone().into_bytes()),
                Label::Guid(bytes) => Some(bytes.to_vec()),
                _ => None,
            };
            union.cases.iter().filter_map(|case| label(&case.label)).collect()
        }
        Body::Bits(_) => Vec::new(),
    }
}

/// Keys, types and words of the language, as they are written.
pub fn of_language() -> Vec<Vec<u8>> {
    let keys_of = |construct: &&keys::Construct| construct.keys.iter().flat_map(|keys| keys.iter()).map(|key| key.name);
    let named = keys::CONSTRUCTS.iter().flat_map(keys_of).map(|name| format!("{name}: "));
    let types = keys::BUILT_IN.iter().map(|of| of.text.to_owned());
    let sets = [keys::POLICIES, keys::MISMATCHES, keys::ORDERS, keys::GIVES, keys::UNKNOWNS, keys::CLASSES];
    let words = sets.into_iter().flatten().map(|word| word.name.to_owned());
    let all = named.chain(types).chain(words).chain(super::seeds::names());
    kept(all.map(String::into_bytes).collect())
}

/// Keys and types that descriptions of devices have.
pub fn of_descriptions() -> Vec<Vec<u8>> {
    let seeds = super::seeds::descriptions();
    let texts = seeds.iter().map(|seed| String::from_utf8_lossy(seed).into_owned());
    let quoted: Vec<String> = texts.flat_map(|text| quoted(&text)).collect();
    kept(quoted.into_iter().map(String::into_bytes).collect())
}

fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(|word| format!("\"{word}\"")).collect()
}

/// Each once, without those that are of no use.
fn kept(mut words: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    words.retain(|word| !word.is_empty() && word.len() <= LONGEST);
    words.sort();
    words.dedup();
    words
}

/// Words as libFuzzer takes them: a line each, bytes in hex.
#[must_use]
pub fn dictionary(words: &[Vec<u8>]) -> String {
    let escaped = |word: &Vec<u8>| word.iter().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    let lines: Vec<_> = words.iter().map(|word| format!("\"{}\"\n", escaped(word))).collect();
    lines.concat()
}
