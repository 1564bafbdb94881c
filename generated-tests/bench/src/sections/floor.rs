//! Sections by hand: fields are added up as they go by, and nothing is kept.

use super::COUNT;
use super::digest::Digest;

/// All of them, or nothing when the bytes are something else.
pub fn all(mut bytes: &[u8]) -> Option<u64> {
    let mut digest = Digest::default();
    for _ in 0..COUNT {
        section(&mut bytes, &mut digest)?;
    }
    Some(digest.0)
}

fn take<'a, const N: usize>(from: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (block, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(block)
}

fn name<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let [length] = *take(from)?;
    let (name, rest) = from.split_at_checked(length.into())?;
    *from = rest;
    Some(name)
}

fn word(block: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(*block[at..].first_chunk().unwrap())
}

fn long(block: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(*block[at..].first_chunk().unwrap())
}

fn section(from: &mut &[u8], digest: &mut Digest) -> Option<()> {
    let head: &[u8; 5] = take(from)?;
    let id = word(head, 1);
    let idstr = name(from)?;
    let versions: &[u8; 8] = take(from)?;
    let version = word(versions, 4);
    digest.section(id, idstr, word(versions, 0), version);
    state(from, idstr, version, digest)?;
    if *from.first()? == 5 {
        let of: &[u8; 37] = take(from)?;
        (&of[1..20] == b"\x12timer/cpu_throttle").then_some(())?;
        digest.throttle(word(of, 20), of[24], word(of, 25), long(of, 29).cast_signed());
    }
    let footer: &[u8; 5] = take(from)?;
    (head[0] == 4 && footer[0] == 0x7e && word(footer, 1) == id).then_some(())
}

fn state(from: &mut &[u8], idstr: &[u8], version: u32, digest: &mut Digest) -> Option<()> {
    match idstr {
        b"timer" => {
            let of: &[u8; 16] = take(from)?;
            let clock = if version >= 2 { Some(i64::from_be_bytes(*take(from)?)) } else { None };
            digest.timer(long(of, 0).cast_signed(), long(of, 8).cast_signed(), clock);
        }
        b"serial" => {
            let [high, low, rest @ ..] = *take::<10>(from)?;
            digest.add(u16::from_be_bytes([high, low]).into());
            digest.bytes(rest);
            if version >= 3 {
                digest.bytes(*take::<1>(from)?);
            }
        }
        b"i8259" => digest.bytes(*take::<13>(from)?),
        b"mc146818rtc" => {
            let of: &[u8; 169] = take(from)?;
            let words = [long(of, 129), long(of, 137), long(of, 145), long(of, 153)];
            digest.rtc(&of[..128], of[128], words, [word(of, 161), word(of, 165)]);
        }
        b"0000:00:01.0/PIIX3" => {
            let of: &[u8; 276] = take(from)?;
            let irqs = of[260..].as_chunks().0.iter().map(|it| u32::from_be_bytes(*it));
            digest.pci(word(of, 0).cast_signed(), &of[4..260], irqs);
        }
        _ => return None,
    }
    Some(())
}
