//! `vmspec dump` of the bundled samples: what a change of a spec does to the meaning of a file is seen here.

use crate::harness;
use crate::samples;

use harness::{Bench, Result};

/// Runs the program on a sample, which is called `file` to it, and holds what it prints against the snapshot.
fn dumped(sample: &str, words: &str, name: &str) -> Result {
    let Some(bytes) = samples::unpacked(&samples::bundled().join(sample))? else { return Ok(()) };
    let bench = Bench::new()?;
    bench.file("file", bytes)?;
    let run = bench.run(&format!("{words} file"))?;
    insta::with_settings!({ description => sample, omit_expression => true }, {
        insta::assert_snapshot!(name, format!("{}{}exit {}", run.out, run.err, run.code.unwrap_or(-1)));
    });
    Ok(())
}

macro_rules! dumps {
    ($($name:ident: $sample:literal, $words:literal;)*) => { $(
        #[test]
        fn $name() -> Result {
            dumped($sample, $words, stringify!($name))
        }
    )* };
}

dumps! {
    libvirt_gzip: "libvirt/lv9-gzip.save", "dump";
    libvirt_gzip_json: "libvirt/lv9-gzip.save", "dump --json --places";
    libvirt_zstd: "libvirt/lv11-zstd.save", "dump";
    libvirt_zstd_json: "libvirt/lv11-zstd.save", "dump --json";
    libvirt_hex: "libvirt/lv11-zstd.save", "dump --hex";
    xl_good_hvm: "xl/good-hvm-v3.xlsave", "dump";
    xl_good_hvm_json: "xl/good-hvm-v3.xlsave", "dump --json --places";
    xl_good_hvm_hex: "xl/good-hvm-v3.xlsave", "dump --hex";
    xl_good_pv: "xl/good-pv.xlsave", "dump";
    xl_good_pv_json: "xl/good-pv.xlsave", "dump --json";
    xl_good_pv_all: "xl/good-pv.xlsave", "dump --all --path stream.records[0].libxc.records[3]";
    xl_be_all: "xl/be-all.xlsave", "dump";
    xl_be_all_json: "xl/be-all.xlsave", "dump --json";
    xl_optflag: "xl/good-optflag.xlsave", "dump --depth 1";
    xl_optlen0: "xl/good-optlen0.xlsave", "dump --depth 2";
    xl_opttail: "xl/good-opttail.xlsave", "dump --depth 2";
    xl_unknown_record: "xl/opt-record-libxc.xlsave", "dump";
    xl_legacy: "xl/legacy-hvm64.xlsave", "dump";
    xl_seed: "xl/seed-2010.xlsave", "dump";
    xl_seed_json: "xl/seed-2010.xlsave", "dump --json";
    xl_bad_byteorder: "xl/bad-byteorder.xlsave", "dump";
    xl_bad_magic: "xl/bad-magic.xlsave", "dump --format xen_xl";
    xl_bad_mandflag: "xl/bad-mandflag.xlsave", "dump";
    xl_bad_optlen: "xl/bad-optlen-short.xlsave", "dump";
    xl_bad_padding: "xl/bad-padding.xlsave", "dump";
    xl_bad_pfn: "xl/bad-pfn-type.xlsave", "dump";
    xl_bad_pfn_json: "xl/bad-pfn-type.xlsave", "dump --json";
    xl_bad_pfn_hex: "xl/bad-pfn-type.xlsave", "dump --hex --path stream.records[0].libxc.records[3]";
    xl_417_hvm: "xl/x417-hvm.xlsave", "dump --depth 9";
    xl_417_pv: "xl/x417-pv.xlsave", "dump --depth 9";
    xl_417_pvh: "xl/x417-pvh.xlsave", "dump --depth 9";
    vhdx_entry_round_the_end: "vhdx/ok-wrap-entry.vhdx", "dump";
    vhdx_entry_round_the_end_json: "vhdx/ok-wrap-entry.vhdx", "dump --json --places --path log";
    vhdx_entry_round_the_end_hex: "vhdx/ok-wrap-entry.vhdx", "dump --hex --path log";
    vhdx_older_entries: "vhdx/crash-a-w8.vhdx", "dump --depth 3";
    vhdx_long_entries: "vhdx/ok-full-log.vhdx", "dump --path log --depth 3";
    vhdx_clean: "vhdx/dyn-64m-b1m.vhdx", "dump --depth 2";
    vhdx_wrong_checksum: "vhdx/bad-crc.vhdx", "dump --depth 2";
    vhdx_tables: "vhdx/ok-zero.vhdx", "dump --path metadata.entries[0]";
    vhdx_tables_alone: "vhdx/ok-zero.vhdx", "dump --format vhdx --root vhdx_contents --depth 1";
    xl_420_migrated: "xl/x420-pv-migrate.xlsave", "dump --depth 9";
}

#[test]
fn what_is_wrong_decides_the_exit_code() -> Result {
    let bench = Bench::new()?;
    bench.image("good.save", &[])?;
    bench.image("bad.save", &[(28, &[7])])?;
    assert_eq!(bench.run("dump good.save")?.code, Some(0));
    assert_eq!(bench.run("dump --json good.save")?.code, Some(0));
    assert_eq!(bench.run("dump --hex bad.save")?.code, Some(1));
    let run = bench.run("dump --json bad.save")?;
    let value: serde_json::Value = serde_json::from_str(&run.out)?;
    assert_eq!(value.pointer("/error/path"), Some(&"header.format".into()));
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    let run = bench.run("dump nowhere.save")?;
    run.gives(2, "");
    assert!(run.err.starts_with("error: nowhere.save: No such file"), "{}", run.err);
    Ok(())
}

#[test]
fn findings_stand_below_their_field_and_at_the_end() -> Result {
    let bench = Bench::new()?;
    bench.image("part.save", &[(0, b"LibvirtQemudPart")])?;
    let run = bench.run("dump --depth 2 --path header part.save")?;
    let lines: Vec<_> = run.out.lines().map(str::trim).collect();
    let below = "finding at 0x0: expected complete, found \"LibvirtQemudPart\": the save was cut off (incomplete)";
    assert!(lines.get(1).is_some_and(|line| line.starts_with("magic")), "{}", run.out);
    assert_eq!(lines.get(2), Some(&below));
    assert!(lines.last().is_some_and(|line| line.starts_with("finding: 0x0: header.magic: expected complete")));
    assert_eq!(run.code, Some(0));
    Ok(())
}

#[test]
fn a_path_that_leads_nowhere_is_told() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[])?;
    let run = bench.run("dump --path header.versoin a.save")?;
    run.gives(1, "a.save: `header` has no `versoin`; did you mean `version`?\n");
    Ok(())
}

#[test]
fn bytes_behind_the_value_are_told() -> Result {
    let bench = Bench::new()?;
    bench.file("spec.yaml", "spec: 1\nformat: {id: two}\nroot: r\ntypes: {r: {fields: [{a: u8}, {b: u8}]}}\n")?;
    bench.file("file", [1, 20, 3, 4, 5])?;
    let run = bench.run("dump --spec spec.yaml file")?;
    assert!(run.out.ends_with("\n3 bytes behind the value, from 0x2 on\n"), "{}", run.out);
    let run = bench.run("dump --json --spec spec.yaml --offset 1 file")?;
    let value: serde_json::Value = serde_json::from_str(&run.out)?;
    let ends = serde_json::json!({
        "format": "two", "value": {"a": 20, "b": 3}, "findings": [], "error": null, "end": 3, "behind": 2,
    });
    assert_eq!(value, ends);
    Ok(())
}

/// As under `head`: whoever reads has seen enough.
#[test]
fn a_closed_pipe_is_no_failure() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[])?;
    for form in ["--all", "--json", "--hex"] {
        let (reader, writer) = std::io::pipe()?;
        drop(reader);
        let output = bench.command().args(["dump", form, "a.save"]).stdout(writer).output()?;
        assert_eq!(String::from_utf8(output.stderr)?, "", "{form}");
        assert_eq!(output.status.code(), Some(0), "{form}");
    }
    Ok(())
}

#[test]
fn colours_only_where_wanted() -> Result {
    let bench = Bench::new()?;
    bench.image("a.save", &[])?;
    for form in ["--depth 9", "--hex"] {
        assert!(!bench.run(&format!("dump {form} a.save"))?.out.contains('\x1b'));
        assert!(bench.run(&format!("dump {form} --color always a.save"))?.out.contains('\x1b'));
    }
    assert!(!bench.run("dump --json --color always a.save")?.out.contains('\x1b'));
    Ok(())
}
