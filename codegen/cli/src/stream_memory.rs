//! The memory of a guest in a QEMU stream, copied into a file for each RAM block. Either all of them get their names or none.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use vmspec::format::ReadSeek;
use vmspec::qevm::RamBlock;
use vmspec::qevm::memory::{self, Copied};
use vmspec::runtime::Found;
use vmspec::{Class, Error};

use crate::fresh::Fresh;
use crate::refusal::Refusal;
use crate::target::Target;

/// A block that was copied, with its file; without one where nothing of it was sent.
pub type BlockFile = (Option<PathBuf>, Copied<File>);

/// Copies every block of the stream, with what went through its further connections, into the folder. Gives their files, in the
/// order of the stream; none for a block of which nothing was sent.
pub fn copy(target: &mut Target, input: &Path, channels: &[PathBuf], out: &Path) -> Result<Vec<BlockFile>, Refusal> {
    let inputs = Target::inputs(&target.inputs);
    let mut channels = channels.iter().map(|path| channel(path)).collect::<Result<Vec<_>, _>>()?;
    let channels = channels.iter_mut().map(|channel| -> &mut dyn ReadSeek { channel }).collect();
    let (mut files, mut refused) = (Vec::new(), None);
    let open = |block: &RamBlock| {
        let (path, fresh, file) = create(block, out).map_err(|refusal| {
            refused = Some(refusal);
            Error::new(Class::Io, "a new file", Found::Nothing)
        })?;
        files.push((path, fresh));
        Ok(file)
    };
    let copied = memory::copy_with(&mut target.reader, target.offset, &inputs, channels, open);
    let copied = copied.map_err(|e| refused.unwrap_or_else(|| e.into()))?;
    let like = fs::metadata(input)?;
    let mut kept = Vec::new();
    for (block, (path, fresh)) in copied.into_iter().zip(files) {
        let path = (block.missing == 0 || block.pages > 0).then_some(path);
        if path.is_some() {
            fresh.file().set_len(block.length).map_err(|e| fresh.failed(e))?;
            fresh.keep(&like, false)?;
        }
        kept.push((path, block));
    }
    Ok(kept)
}

fn channel(path: &Path) -> Result<BufReader<File>, Refusal> {
    File::open(path).map(BufReader::new).map_err(|e| Refusal::Elsewhere(path.to_owned(), e))
}

fn create(block: &RamBlock, out: &Path) -> Result<(PathBuf, Fresh, File), Refusal> {
    fs::create_dir_all(out).map_err(|e| Refusal::Elsewhere(out.to_owned(), e))?;
    let path = out.join(file_name(&block.name.0));
    let fresh = Fresh::vacant(&path)?;
    let file = fresh.reopen()?;
    Ok((path, fresh, file))
}

/// A file name that lies in its folder whatever the block is called, and that no other block has.
fn file_name(block: &[u8]) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:@+,=".contains(&byte);
    let part = |byte: &u8| if is_plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") };
    block.iter().map(part).chain([String::from(".bin")]).collect()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn no_name_leaves_the_folder() {
        let names: [(&[u8], &str); 4] = [
            (b"pc.ram", "pc.ram.bin"),
            (b"0000:00:02.0/vga.vram", "0000:00:02.0%2fvga.vram.bin"),
            (b"../../x", "..%2f..%2fx.bin"),
            (b"a\0\xff%2f", "a%00%ff%252f.bin"),
        ];
        for (name, expected) in names {
            assert_eq!(file_name(name), expected);
        }
    }
}
