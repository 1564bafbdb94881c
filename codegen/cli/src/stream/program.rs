//! Programs of the system that unpack.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use vmspec::stream::Packing;

use super::unpack::Packed;
use crate::refusal::Refusal;

/// As much is told of what a program says.
const MOST_SAID: u64 = 400;

/// A program that unpacks what it is given. It ends with this value.
struct Unpacker {
    name: &'static str,
    child: Child,
    /// None once all has been read.
    out: Option<ChildStdout>,
    said: File,
    feeder: Option<JoinHandle<io::Result<()>>>,
}

/// Gives what the program makes of it.
pub fn decoder(packing: Packing, from: Packed) -> Result<Box<dyn Read>, Refusal> {
    let name = packing.program();
    start(name, arguments(packing), from).map(|unpacker| -> Box<dyn Read> { Box::new(unpacker) }).map_err(|e| {
        let why = if e.kind() == io::ErrorKind::NotFound { "there is no such program".into() } else { e.to_string() };
        Refusal::Choice(format!("the stream is packed by {name}, which is needed to unpack it: {why}"))
    })
}

fn arguments(packing: Packing) -> &'static [&'static str] {
    match packing {
        Packing::Lzop => &["-dc", "--ignore-warn"],
        Packing::Xz => &["-dc", "--memlimit-decompress=128MiB"],
        Packing::Gzip | Packing::Bzip2 | Packing::Zstd => &["-dc"],
    }
}

fn start(name: &'static str, arguments: &[&str], mut from: Packed) -> io::Result<Unpacker> {
    let said = tempfile::tempfile()?;
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(said.try_clone()?);
    let mut child = command.spawn()?;
    let (feed, out) = (child.stdin.take(), child.stdout.take());
    let feeder = feed.map(|mut feed| std::thread::spawn(move || pump(&mut *from, &mut feed)));
    Ok(Unpacker { name, child, out, said, feeder })
}

/// Gives the program all there is. One that has seen enough is no failure: how it ends says what it was.
fn pump(from: &mut dyn io::BufRead, feed: &mut dyn Write) -> io::Result<()> {
    loop {
        let piece = from.fill_buf()?;
        if piece.is_empty() || feed.write_all(piece).is_err() {
            return Ok(());
        }
        let length = piece.len();
        from.consume(length);
    }
}

impl Read for Unpacker {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let Some(out) = &mut self.out else { return Ok(0) };
        let got = out.read(to)?;
        if got == 0 && !to.is_empty() {
            self.out = None;
            self.end()?;
        }
        Ok(got)
    }
}

impl Unpacker {
    /// Waits for the program, which has to be content.
    fn end(&mut self) -> io::Result<()> {
        if let Some(Ok(fed)) = self.feeder.take().map(JoinHandle::join) {
            fed?;
        }
        let status = self.child.wait()?;
        if status.success() {
            return Ok(());
        }
        let mut said = Vec::new();
        self.said.rewind()?;
        (&self.said).take(MOST_SAID).read_to_end(&mut said)?;
        let said = String::from_utf8_lossy(&said);
        let said = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing");
        Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} ended with {status}: {said}", self.name)))
    }
}

impl Drop for Unpacker {
    /// A program that is not needed any more is not left behind.
    fn drop(&mut self) {
        if self.out.is_some() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::start;
    use std::io::{self, Cursor, Read};

    #[test]
    fn what_a_program_gives_is_read() -> io::Result<()> {
        let mut text = String::new();
        start("tr", &["a-c", "A-C"], Box::new(Cursor::new(b"abcd")))?.read_to_string(&mut text)?;
        assert_eq!(text, "ABCd");
        Ok(())
    }

    #[test]
    fn a_program_that_fails_is_an_error_with_its_words() -> io::Result<()> {
        let mut all = Vec::new();
        let ended = start("sh", &["-c", "echo oops >&2; exit 3"], Box::new(Cursor::new(b"x")))?.read_to_end(&mut all);
        let said = ended.map_or_else(|e| e.to_string(), |n| n.to_string());
        assert!(said.starts_with("sh ended with ") && said.ends_with(": oops"), "{said}");
        assert!(start("no-such-program-here", &[], Box::new(io::empty())).is_err());
        Ok(())
    }

    /// It writes for ever, and is stopped.
    #[test]
    fn a_program_ends_when_nobody_listens() -> io::Result<()> {
        let mut unpacker = start("yes", &[], Box::new(io::empty()))?;
        unpacker.read_exact(&mut [0; 16])
    }
}
