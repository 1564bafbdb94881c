//! A journal entry of VHDX by hand, until there is a generated one.

use vmspec_runtime::journal::{Entry, EntryBytes, Journal, Operation, Part, Ring, Storage, What};
use vmspec_runtime::{Class, Crc32c, Error, Result, crc32c};

#[derive(Clone, Debug)]
pub struct E {
    length: u64,
    tail: u64,
    pub sequence: u64,
    n: u64,
    guid: [u8; 16],
    flushed: u64,
    last: u64,
}

fn u32a(b: &[u8], o: usize) -> u64 {
    u32::from_le_bytes(b[o..o + 4].try_into().unwrap()).into()
}

fn u64a(b: &[u8], o: usize) -> u64 {
    u64::from_le_bytes(b[o..o + 8].try_into().unwrap())
}

fn bad(s: &'static str) -> Error {
    Error::new(Class::Invalid, s, 0_u32)
}

impl Entry for E {
    /// The log's identifier and length.
    type Context = ([u8; 16], u64);
    const MARKED: bool = true;

    fn head(b: &[u8]) -> Result<Option<Self>> {
        if &b[..4] != b"loge" {
            return Ok(None);
        }
        let e = E {
            length: u32a(b, 8),
            tail: u32a(b, 12),
            sequence: u64a(b, 16),
            n: u32a(b, 24),
            guid: b[32..48].try_into().unwrap(),
            flushed: u64a(b, 48),
            last: u64a(b, 56),
        };
        if e.sequence == 0 || !e.tail.is_multiple_of(4096) {
            return Err(bad("seq, tail"));
        }
        Ok(Some(e))
    }

    fn length(&self) -> u64 {
        self.length
    }

    fn accept(&self, (guid, length): &Self::Context) -> bool {
        self.guid == *guid && self.tail < *length
    }

    fn validate<S: Storage>(&self, b: &mut EntryBytes<'_, S>) -> Result<()> {
        let ds = (64 + 32 * self.n).div_ceil(4096) * 4096;
        if ds > self.length {
            return Err(bad("descriptors that fit"));
        }
        let mut data = 0;
        for i in 0..self.n {
            let d = b.block::<32>(64 + 32 * i)?;
            match &d[..4] {
                b"desc" => data += 1,
                b"zero" if u64a(&d, 8).is_multiple_of(4096) => {}
                _ => return Err(bad("desc")),
            }
            let at = u64a(&d, 16);
            if u64a(&d, 24) != self.sequence || !at.is_multiple_of(4096) || at < 192 << 10 {
                return Err(bad("desc fields"));
            }
        }
        if self.length != ds + data * 4096 {
            return Err(bad("exact length"));
        }
        for i in 0..data {
            let at = ds + i * 4096;
            let h = b.block::<8>(at)?;
            let t = b.block::<4>(at + 4092)?;
            let low = self.sequence & 0xffff_ffff;
            if &h[..4] != b"data" || u32a(&h, 4) != self.sequence >> 32 || u32a(&t, 0) != low {
                return Err(bad("data sector"));
            }
        }
        let want = u32a(&b.block::<4>(4)?, 0);
        if b.checksum(Crc32c::default(), 4..8)? == want { Ok(()) } else { Err(bad("checksum")) }
    }

    fn follows(&self, p: &Self) -> bool {
        p.sequence.checked_add(1) == Some(self.sequence)
    }

    fn newest(&self) -> i128 {
        self.sequence.into()
    }

    fn tail(&self) -> u64 {
        self.tail
    }

    fn require(&self, n: u64) -> Result<()> {
        if self.flushed <= n { Ok(()) } else { Err(bad("flushed")) }
    }

    fn grow(&self) -> u64 {
        self.last
    }

    fn operations<S: Storage>(
        &self,
        b: &mut EntryBytes<'_, S>,
        each: &mut dyn FnMut(Operation<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut s = (64 + 32 * self.n).div_ceil(4096) * 4096;
        for i in 0..self.n {
            let o = 64 + 32 * i;
            let d = b.block::<32>(o)?;
            let at = u64a(&d, 16);
            if &d[..4] == b"zero" {
                each(Operation { at, what: What::Zeros(u64a(&d, 8)) })?;
                continue;
            }
            let parts =
                [Part { at: o + 8, length: 8 }, Part { at: s + 8, length: 4084 }, Part { at: o + 4, length: 4 }];
            each(Operation { at, what: What::Bytes(&parts) })?;
            s += 4096;
        }
        Ok(())
    }
}

pub fn journal<S: Storage>(file: &mut S) -> Result<Journal<E>> {
    let mut valid = Vec::new();
    for at in [64 << 10, 128 << 10] {
        let mut b = vec![0; 4096];
        file.read_at(at, &mut b)?;
        let c = u32a(&b, 4);
        b[4..8].fill(0);
        if &b[..4] == b"head" && u64::from(crc32c(&b)) == c {
            valid.push(b);
        }
    }
    let best = valid.iter().max_by_key(|b| u64a(b, 8)).ok_or_else(|| bad("header"))?;
    if valid.iter().any(|it| u64a(it, 8) == u64a(best, 8) && it != best) {
        return Err(bad("headers"));
    }
    let guid: [u8; 16] = best[48..64].try_into().unwrap();
    let (length, at) = (u32a(best, 68), u64a(best, 72));
    let live = guid != [0; 16];
    let versions = best[66..68] == [1, 0] && (best[64..66] == [0, 0] || !live);
    if !versions || length % (1 << 20) != 0 || at % (1 << 20) != 0 || length > 1 << 30 {
        return Err(bad("header"));
    }
    if live && (at == 0 || length == 0) {
        return Err(bad("log"));
    }
    // Without a log there is none that counts.
    let ring = Ring::new(at, length.max(4096), 4096)?;
    Ok(Journal { ring, live, context: (guid, length) })
}
