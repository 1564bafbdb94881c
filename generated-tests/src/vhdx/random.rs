//! Images whose log holds anything: sequences that come round, that overlap, that go on from older ones; torn and wrong
//! entries; headers and lengths of the file that do not fit. The same seed gives the same image.

mod faults;
mod headers;

use std::sync::OnceLock;

use super::entry::{Change, Draft, place};
use super::oracle::Log;
use super::{SECTOR, Sparse, image};

/// How long the log is.
pub const LOG_LENGTH: u32 = 1 << 20;
const MIB: u64 = 1 << 20;

/// Numbers that follow from a seed: the generator called splitmix64. Bytes that are given stand for the first of them.
#[derive(Clone, Debug)]
pub struct Random {
    seed: u64,
    given: std::vec::IntoIter<u8>,
}

impl Random {
    /// Those of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, given: Vec::new().into_iter() }
    }

    /// Those that bytes say, and once they are used up those of a seed.
    #[must_use]
    pub fn given(bytes: &[u8]) -> Self {
        Self { seed: 0, given: Vec::from(bytes).into_iter() }
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.of_bytes(8)
    }

    /// A number of so many bytes that are given, else any.
    fn of_bytes(&mut self, n: usize) -> u64 {
        if self.given.len() > 0 {
            return self.given.by_ref().take(n).fold(0, |number, byte| number << 8 | u64::from(byte));
        }
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.seed ^ self.seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        let bytes = n.saturating_sub(1).checked_ilog2().map_or(1, |highest| highest as usize / 8 + 1);
        self.of_bytes(bytes) % n
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

/// An image, and what was done to make it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The image.
    pub file: Sparse,
    /// The steps, for whoever looks for what went wrong.
    pub steps: Vec<String>,
    random: Random,
    /// Where entries were put, and the one that was put there.
    placed: Vec<(u64, Draft)>,
    /// The offset behind the last one.
    next: u64,
}

/// The image of a seed.
#[must_use]
pub fn case(seed: u64) -> Case {
    made(Random::new(seed))
}

/// The image that bytes say the choices of.
#[must_use]
pub fn case_given(bytes: &[u8]) -> Case {
    made(Random::given(bytes))
}

fn made(random: Random) -> Case {
    static IMAGE: OnceLock<Sparse> = OnceLock::new();
    let file = IMAGE.get_or_init(|| image::dirty(LOG_LENGTH)).clone();
    let mut case = Case { file, steps: Vec::new(), random, placed: Vec::new(), next: 0 };
    for _ in 0..=case.random.below(4) {
        match case.random.below(100) {
            0..82 => case.sequence(),
            82..88 => case.wipe(),
            88..94 => case.flip(),
            _ => case.copy(),
        }
    }
    if case.random.percent(9) {
        case.change_headers();
    }
    if case.random.percent(8) {
        case.change_length();
    }
    case
}

fn log() -> Log {
    image::log(LOG_LENGTH)
}

/// An offset in the log that is so many bytes behind another.
fn after(start: u64, n: u64) -> u64 {
    (start + n) % log().length
}

impl Case {
    fn note(&mut self, step: String) {
        self.steps.push(step);
    }

    /// Puts a sequence somewhere, mostly where it meets others.
    fn sequence(&mut self) {
        let goes_on = self.random.percent(35);
        let before = self.placed.last().map(|(_, draft)| draft.sequence).filter(|_| goes_on);
        let start = if goes_on { self.next } else { self.start() };
        let numbers = [1, 2, 5, 6, 7, 8, 50, u64::from(u32::MAX), 1 << 32, u64::MAX - 2, u64::MAX];
        let mut number = before.map_or_else(|| self.random.pick(&numbers), |it| it.wrapping_add(1));
        let guid = if self.random.percent(6) { [0xaa; 16] } else { log().guid };
        let mut starts: Vec<u64> = self.placed.iter().map(|it| it.0).filter(|_| goes_on).collect();
        let count = self.random.pick(&[1, 1, 2, 2, 3, 4, 6]);
        let faulty = if self.random.percent(28) { self.random.below(count) } else { count };
        let mut next = start;
        for index in 0..count {
            starts.push(next);
            let tail = self.tail(&starts, next, start);
            let (flushed, last) = self.lengths();
            let changes = self.changes();
            let draft = Draft { guid, sequence: number, tail, flushed, last, changes, patches: Vec::new() };
            next = if index == faulty { self.put_faulty(draft, next) } else { self.put(draft, next) };
            number = number.wrapping_add(1);
        }
    }

    /// Writes an entry and gives the offset behind it.
    fn put(&mut self, draft: Draft, start: u64) -> u64 {
        let bytes = draft.bytes();
        self.put_bytes(draft, start, &bytes)
    }

    fn put_bytes(&mut self, draft: Draft, start: u64, bytes: &[u8]) -> u64 {
        let bytes = &bytes[..bytes.len().min(LOG_LENGTH as usize)];
        place(&mut self.file, log(), start, bytes);
        let Draft { sequence, tail, flushed, last, .. } = draft;
        let ours = draft.guid == log().guid;
        let changes = if draft.changes.len() > 8 { &draft.changes[..8] } else { &draft.changes };
        let count = draft.changes.len();
        let lengths = format!("flushed {flushed:#x}, last {last:#x}");
        self.note(format!("{start:#x}: {sequence}, tail {tail:#x}, {lengths}, ours {ours}, {count} {changes:x?}"));
        self.placed.push((start, draft));
        self.next = after(start, bytes.len() as u64);
        self.next
    }

    fn start(&mut self) -> u64 {
        let last = u64::from(LOG_LENGTH) / SECTOR;
        let place = match self.random.below(10) {
            0..3 => 0,
            3..6 => last - 1 - self.random.below(8),
            6..8 => self.random.below(16),
            8 => return self.near_placed(),
            _ => self.random.below(last),
        };
        place * SECTOR
    }

    /// Some place in what was written before.
    fn near_placed(&mut self) -> u64 {
        let starts: Vec<u64> = self.placed.iter().map(|it| it.0).collect();
        if starts.is_empty() {
            return 0;
        }
        let start = self.random.pick(&starts);
        after(start, self.random.below(3) * SECTOR)
    }

    /// Mostly the start of an entry of the sequence.
    fn tail(&mut self, starts: &[u64], own: u64, first: u64) -> u64 {
        match self.random.below(100) {
            0..45 => first,
            45..65 => own,
            65..90 => self.random.pick(starts),
            90..95 => self.random.below(256) * SECTOR,
            95 => self.random.pick(&[LOG_LENGTH.into(), 0xffff_f000, u64::from(LOG_LENGTH) + own]),
            96 => own + self.random.pick(&[1, 8, 512, 2048]),
            _ => after(own, u64::from(LOG_LENGTH) - SECTOR),
        }
    }

    /// What an entry says of the length of the file.
    fn lengths(&mut self) -> (u64, u64) {
        let now = self.file.length();
        let flushed = match self.random.below(60) {
            0 => self.random.pick(&[now + 1, now + MIB, u64::MAX]),
            1..20 => now,
            20..30 => now - self.random.below(MIB),
            _ => 0,
        };
        let last = match self.random.below(60) {
            0 => self.random.pick(&[u64::MAX, 1 << 63, 1 << 40, (1 << 63) - 1]),
            1..8 => now + self.random.pick(&[1, 511, SECTOR, MIB, 3 * MIB]),
            8..40 => now,
            _ => 0,
        };
        (flushed, last)
    }

    fn changes(&mut self) -> Vec<Change> {
        let (count, zeros) = match self.random.below(1000) {
            0..120 => (0, 50),
            120..800 => (1 + self.random.below(3), 30),
            800..940 => (3 + self.random.below(6), 40),
            940..995 => (124 + self.random.below(8), 98),
            995 => (252, 0),
            996 => (253, 0),
            997 => (128 + 126 + self.random.below(2), 99),
            _ => (20 + self.random.below(100), 10),
        };
        (0..count).map(|_| if self.random.percent(zeros) { self.zeros() } else { self.data() }).collect()
    }

    fn data(&mut self) -> Change {
        let at = self.offset();
        Change::Data(at, self.random.below(1 << 40))
    }

    fn zeros(&mut self) -> Change {
        let at = self.offset();
        let n = match self.random.below(400) {
            0 => self.random.pick(&[
                1 << 40,
                1 << 62,
                u64::MAX - 4095,
                (u64::MAX - 4095).wrapping_sub(at),
                (1_u64 << 63).wrapping_sub(at),
            ]),
            1 => self.random.pick(&[1, 511, 4095, 4097]),
            2..40 => 0,
            40..80 => MIB,
            _ => SECTOR * (1 + self.random.below(4)),
        };
        Change::Zeros(at, n)
    }

    /// Where something is changed: a few places, so that changes meet.
    fn offset(&mut self) -> u64 {
        let blocks = image::blocks_at(LOG_LENGTH);
        let near = SECTOR * self.random.below(8);
        match self.random.below(1000) {
            0..600 => blocks + near,
            600..700 => (192 << 10) + near,
            700..750 => (blocks + image::BLOCKS * MIB).saturating_sub(4 * SECTOR) + near,
            750..760 => blocks + image::BLOCKS * MIB + self.random.below(300) * SECTOR,
            760..765 => self.random.pick(&[0, 64 << 10, 128 << 10, 188 << 10]),
            765..770 => log().at + self.random.pick(&[0, SECTOR, log().length - SECTOR]),
            770..774 => blocks + near + self.random.pick(&[1, 512, 4095]),
            774..777 => self.random.pick(&[(1 << 63) - SECTOR, 1 << 63, u64::MAX - 4095, (1 << 40) + near]),
            777..780 => log().at - SECTOR,
            780..800 => log().at + log().length + near,
            _ => blocks + MIB + near,
        }
    }

    /// Zeros some sectors, or fills them with what looks like nothing.
    fn wipe(&mut self) {
        let (start, count) = (self.near_placed(), 1 + self.random.below(3));
        let byte = self.random.pick(&[0, 0, 0xff]);
        let n = usize::try_from(count * SECTOR).unwrap();
        place(&mut self.file, log(), start, &vec![byte; n]);
        self.note(format!("{start:#x}: {count} sectors of {byte:#x}"));
    }

    /// Changes one bit.
    fn flip(&mut self) {
        let at = self.near_placed() + self.random.pick(&[SECTOR, 64, 128]);
        let at = log().at + self.random.below(at + 1).max(at.saturating_sub(SECTOR)) % log().length;
        let bit = self.random.below(8);
        let byte = self.file.read(at, 1)[0] ^ 1 << bit;
        self.file.put(at, &[byte]);
        self.note(format!("bit {bit} at {at:#x}"));
    }

    /// Copies a sector of the log over another, as if one write had gone astray.
    fn copy(&mut self) {
        let (from, to) = (self.near_placed(), self.near_placed());
        let bytes = *self.file.sector(log().at + from);
        place(&mut self.file, log(), to, &bytes);
        self.note(format!("{to:#x}: a copy of the sector at {from:#x}"));
    }
}
