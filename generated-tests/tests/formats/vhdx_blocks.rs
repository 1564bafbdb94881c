//! Entries of the table of blocks, which are read one by one: generated code refuses the first one that the interpreter does, in
//! all inputs of the tests that are whole tables.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Cursor;

use vmspec::vhdx::VhdxContents;
use vmspec_generated_tests::crafted::crafted;
use vmspec_generated_tests::differential::{Outcome, Pair};
use vmspec_generated_tests::{Wire, sample};
use vmspec_runtime::Endian;

const SPEC: &str = "vhdx.yaml";
const EXAMPLE: &str = "contents";

#[test]
fn entries_are_refused_as_by_the_interpreter() {
    let (pair, base) = (Pair::<VhdxContents>::new(SPEC, Endian::Little), sample("vhdx/contents"));
    let (mut taken, mut refused) = (0, 0);
    for input in crafted(SPEC).iter().filter(|input| input.base == EXAMPLE) {
        let bytes = input.of(&base);
        let Outcome::Accepted(accepted) = pair.subject.outcome(&bytes) else { continue };
        let (contents, _) = VhdxContents::parse(&bytes).unwrap();
        let read = contents.each_of_bat(&mut Cursor::new(&bytes), |_, _| Ok(()));
        let generated = read.err().map(|e| (e.class().name(), e.offset(), e.path()));
        let counted = if generated.is_some() { &mut refused } else { &mut taken };
        *counted += 1;
        assert_eq!(generated, accepted.element.map(|it| (it.class, it.offset, it.path)), "{}", input.shows);
    }
    assert!(taken > 0 && refused > 0, "{taken} tables are taken, {refused} are not");
}
