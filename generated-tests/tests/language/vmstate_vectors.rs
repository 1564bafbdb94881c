//! The byte vectors of QEMU's own tests of device states, as `samples/qevm/vmstate_vectors.json` has them: each is an example of its
//! name, and what is left of it when it is cut off is refused as such.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use serde_json::Value as Json;
use vmspec_codegen::interpret::Datum;
use vmspec_codegen::model::{Class, Example, ExampleBytes, ExampleResult, Format};
use vmspec_generated_tests::differential::{Outcome, Subject, model};
use vmspec_generated_tests::{hex, sample};

/// The specs whose examples they are.
const SPECS: [&str; 2] = ["vmstate_vectors.yaml", "vmstate_vectors_lists.yaml"];

/// From how many bytes a vector has to how many are left.
type Cut = fn(usize) -> usize;

/// What examples of beginnings are called, and how long these are.
const CUTS: [(&str, Cut); 4] =
    [("less_one", |n| n - 1), ("less_two", |n| n - 2), ("half", |n| n / 2), ("empty", |_| 0)];

/// All vectors, each called by the test that it stands in, or by itself where several use it.
fn vectors() -> Vec<(String, Vec<u8>)> {
    let json: Json = serde_json::from_slice(&sample("qevm/vmstate_vectors.json")).unwrap();
    let vectors = json["vectors"].as_array().unwrap().iter().map(|vector| {
        let name = vector["function"].as_str().or(vector["name"].as_str()).unwrap();
        let bytes = hex(vector["hex"].as_str().unwrap());
        assert_eq!(vector["len"].as_u64().unwrap(), u64::try_from(bytes.len()).unwrap(), "{name}");
        (name.to_owned(), bytes)
    });
    vectors.collect()
}

/// The only example of a name, and its spec.
fn example(name: &str) -> (&'static Format, &'static Example) {
    let formats = SPECS.iter().map(|spec| model(spec));
    let all = formats.flat_map(|format| format.examples.iter().map(move |example| (format, example)));
    let found: Vec<_> = all.filter(|(_, example)| example.name == name).collect();
    let [one] = found[..] else { panic!("{} examples are called {name}", found.len()) };
    one
}

fn bytes_of(example: &Example) -> &[u8] {
    let ExampleBytes::Hex(bytes) = &example.bytes else { panic!("{} has its bytes elsewhere", example.name) };
    bytes
}

#[test]
fn every_vector_is_one_example() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 15);
    for (name, bytes) in vectors {
        let (_, example) = example(&name);
        assert_eq!(bytes_of(example), bytes, "{name}");
        assert!(matches!(example.expected, ExampleResult::Value(_)), "{name}");
    }
}

#[test]
fn the_beginnings_that_are_tried_there_are_examples() {
    for (name, bytes) in vectors() {
        let (_, whole) = example(&name);
        for (cut, length) in CUTS {
            let (_, part) = example(&format!("{name}_{cut}"));
            assert_eq!(bytes_of(part), &bytes[..length(bytes.len())], "{}", part.name);
            assert_eq!((part.of, &part.with), (whole.of, &whole.with), "{}", part.name);
            let ExampleResult::Error { class, .. } = &part.expected else { panic!("{} is read", part.name) };
            assert_eq!(*class, Class::Truncated, "{}", part.name);
        }
    }
}

#[test]
fn every_beginning_is_truncated() {
    for (name, bytes) in vectors() {
        let (format, example) = example(&name);
        let params = example.with.iter().map(|given| Datum::given(format, given)).collect();
        let subject = Subject { format, ty: example.of, big: true, params };
        for end in 0..bytes.len() {
            let Outcome::Refused(why) = subject.outcome(&bytes[..end]) else { panic!("{name}: {end} bytes are read") };
            assert_eq!(why.class, "truncated", "{name} cut off at {end}: {why}");
        }
    }
}
