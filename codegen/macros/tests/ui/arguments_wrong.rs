//! Arguments that the macro does not take.

use vmspec_macros::spec;

spec!();
spec!(note);
spec!("specs\\table.yaml");
spec!("/specs/table.yaml");
spec!("./specs/two-words.yaml");
spec!(b"specs/table.yaml");
spec!("./specs/table.yaml" vis = pub);
spec!("./specs/table.yaml", "serde");
spec!("./specs/table.yaml", visibility = pub);
spec!("./specs/table.yaml", derives(Hash));
spec!("./specs/table.yaml", serde, vis = pub, serde);
spec!("./specs/table.yaml", mod table);
spec!("./specs/table.yaml", mod = "table");
spec!("./specs/table.yaml", mod = type);
spec!("./specs/table.yaml", vis = private);
spec!("./specs/table.yaml", vis =);
spec!("./specs/table.yaml", serde = json);
spec!("./specs/table.yaml", derive = Hash);
spec!("./specs/table.yaml", derive());
spec!("./specs/table.yaml", derive(Hash Eq));
spec!("./specs/table.yaml", derive(Hash for Tabel, Entry));
spec!("./specs/table.yaml", derive(Hash for));
spec!("./specs/table.yaml", derive(Hash for Table Entry));
spec!("./specs/table.yaml", runtime = "runtime");
spec!("./specs/table.yaml", runtime = crate::);
spec!("./specs/table.yaml", runtime = crate::größe);
spec!("./specs/table.yaml", runtime = super::runtime);
spec!("./specs/table.yaml", runtime = crate:runtime);
spec!("./specs/table.yaml", mod = first, derive(Nothing for Entry));
spec!("./specs/table.yaml", mod = second, runtime = no_such_crate);
spec!("./specs/table.yaml", mod = third, vis = pub(crat));

fn main() {}
