//! A view that outlives the bytes it looks at.

use vmspec_runtime::Endian;

vmspec_macros::spec!("./specs/table.yaml");

fn main() {
    let view = {
        let bytes = [1, 0, 3];
        table::EntryView::new(&bytes, Endian::Little)
    };
    println!("{}", view.id());
}
