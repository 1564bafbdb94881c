//! What the program says about itself, and of a command line that it does not understand.

use crate::harness;

use std::fs;
use std::process::{Command, Stdio};

use harness::{Bench, Result, Run};

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
    help_completions: "completions --help", 0;
    help_man: "man --help", 0;
    formats: "formats", 0;
    no_command: "", 2;
    unknown_command: "verfy x", 2;
    no_file: "verify", 2;
    unknown_format: "verify --format libvirt_sav x", 2;
    unknown_shell: "completions tcsh", 2;
    unknown_code: "explain N202", 2;
    bad_offset: "verify --offset 12q x", 2;
}

/// The commands that the help lists, but for itself.
fn commands(bench: &Bench) -> Result<Vec<String>> {
    let help = bench.run("--help")?.out;
    let (_, listed) = help.split_once("Commands:\n").ok_or("no commands")?;
    let lines = listed.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    Ok(names.map(str::to_owned).collect())
}

#[test]
fn every_shell_is_told_every_command() -> Result {
    let bench = Bench::new()?;
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = bench.run(&format!("completions {shell}"))?;
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{shell}");
        for command in commands(&bench)? {
            assert!(run.out.contains(&command), "{shell} is not told of {command}");
        }
    }
    Ok(())
}

#[test]
fn bash_completes_commands_options_and_values() -> Result {
    let bench = Bench::new()?;
    bench.file("script", bench.run("completions bash")?.out)?;
    let complete = |words: &str| -> Result<Option<String>> {
        // As bash does when somebody presses the tabulator behind the last word.
        let asked = format!(
            ". ./script; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _vmspec vmspec \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; echo \"${{COMPREPLY[*]}}\""
        );
        program(Command::new("bash").args(["--norc", "-euc", &asked]).current_dir(bench.folder()))
    };
    let Some(syntax) = program(Command::new("bash").args(["-n", "script"]).current_dir(bench.folder()))? else {
        return Ok(());
    };
    assert_eq!(syntax, "");
    assert_eq!(complete("vmspec rou")?.as_deref(), Some("roundtrip\n"));
    assert_eq!(complete("vmspec verify --form")?.as_deref(), Some("--format\n"));
    assert_eq!(complete("vmspec --color n")?.as_deref(), Some("never\n"));
    Ok(())
}

#[test]
fn every_command_has_a_manual_page_that_can_be_read() -> Result {
    let bench = Bench::new()?;
    let commands = commands(&bench)?;
    let pages = commands.len() + 1;
    bench.run("man share/man1")?.gives(0, &format!("share/man1: written ({pages} pages)\n"));
    let folder = bench.folder().join("share/man1");
    assert_eq!(fs::read_dir(&folder)?.count(), pages);
    for command in commands {
        let page = format!("vmspec-{command}.1");
        let text = fs::read_to_string(folder.join(&page))?;
        assert!(text.contains(&format!("\n.TH vmspec-{command} 1 ")), "{text}");
        // With all of its warnings, and as plain text.
        let groff =
            program(Command::new("groff").args(["-ww", "-man", "-Tascii", "-P-cbou", &page]).current_dir(&folder))?;
        let Some(shown) = groff else { return Ok(()) };
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("SYNOPSIS vmspec {command} ")) && words.contains(" OPTIONS "), "{shown}");
    }
    Ok(())
}

/// What a program of the system prints, which must be content. Where it is missing, says `skipped:` and gives none.
fn program(command: &mut Command) -> Result<Option<String>> {
    let output = match command.stdin(Stdio::null()).output() {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: there is no {}", command.get_program().display());
            return Ok(None);
        }
        output => Run::of(output?)?,
    };
    assert_eq!((output.code, output.err.as_str()), (Some(0), ""), "{command:?}");
    Ok(Some(output.out))
}
