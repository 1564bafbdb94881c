//! What the program says about itself, and of a command line that it does not understand.

mod harness;

use harness::{Bench, Result};

macro_rules! says {
    ($($name:ident: $words:literal, $code:literal;)*) => { $(
        #[test]
        fn $name() -> Result {
            let run = Bench::new()?.run($words)?;
            insta::assert_snapshot!(format!("{}{}", run.out, run.err));
            assert_eq!(run.code, Some($code));
            Ok(())
        }
    )* };
}

says! {
    help: "--help", 0;
    help_formats: "formats --help", 0;
    help_verify: "verify --help", 0;
    help_roundtrip: "roundtrip --help", 0;
    help_dump: "dump --help", 0;
    help_at: "at --help", 0;
    help_qevm_state: "qevm-state --help", 0;
    help_qevm_index: "qevm-index --help", 0;
    help_ram: "ram --help", 0;
    help_raw: "raw --help", 0;
    help_replay: "replay --help", 0;
    help_set: "set --help", 0;
    help_fix: "fix --help", 0;
    help_extract: "extract --help", 0;
    help_import_vmdesc: "import-vmdesc --help", 0;
    help_new: "new --help", 0;
    help_check: "check --help", 0;
    help_explain: "explain --help", 0;
    help_generate: "generate --help", 0;
    help_doc: "doc --help", 0;
    help_schema: "schema --help", 0;
    formats: "formats", 0;
    no_command: "", 2;
    unknown_command: "verfy x", 2;
    no_file: "verify", 2;
    unknown_format: "verify --format libvirt_sav x", 2;
    unknown_code: "explain N202", 2;
    bad_offset: "verify --offset 12q x", 2;
}
