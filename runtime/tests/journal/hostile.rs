//! Rings that lie: about lengths, tails, counts and places. What they cost is counted in bytes read and bytes held,
//! so that it is the same on every machine.

use crate::counting::peak;
use crate::record::{Event, Recorder};
use crate::tiny::{Do, Draft, Marked, place};
use std::collections::BTreeMap;
use vmspec_runtime::journal::{Entry, EntryBytes, Journal, Memory, Operation, Ring, Scan, Storage, scan};
use vmspec_runtime::{Class, Error, Result, Sum32};

/// An entry of which nothing but its head and the sum over the whole of it can be checked: the worst there is.
#[derive(Debug)]
struct Plain<const MARKED: bool> {
    length: u64,
}

impl<const MARKED: bool> Entry for Plain<MARKED> {
    type Context = ();
    const MARKED: bool = MARKED;

    fn head(first: &[u8]) -> Result<Option<Self>> {
        let Some(length) = first.strip_prefix(b"plain") else { return Ok(None) };
        Ok(Some(Self { length: u64::from_be_bytes(length[..8].try_into().unwrap()) }))
    }

    fn length(&self) -> u64 {
        self.length
    }

    fn accept(&self, (): &()) -> bool {
        true
    }

    fn validate<S: Storage>(&self, bytes: &mut EntryBytes<'_, S>) -> Result<()> {
        let sum = bytes.checksum(Sum32::default(), 0..0)?;
        Err(Error::new(Class::Invalid, "another sum", sum))
    }

    fn follows(&self, _prev: &Self) -> bool {
        true
    }

    fn newest(&self) -> i128 {
        0
    }

    fn tail(&self) -> u64 {
        0
    }

    fn operations<S: Storage>(
        &self,
        _bytes: &mut EntryBytes<'_, S>,
        _each: &mut dyn FnMut(Operation<'_>) -> Result<()>,
    ) -> Result<()> {
        Ok(())
    }
}

/// Zeros, with some bytes in them. Reads are counted, and fail where they should.
struct Sparse {
    length: u64,
    there: BTreeMap<u64, Vec<u8>>,
    read: u64,
    fails: Option<u64>,
    /// How many bytes it gives before it fails.
    patience: u64,
}

impl Sparse {
    fn new(length: u64) -> Self {
        Self { length, there: BTreeMap::new(), read: 0, fails: None, patience: u64::MAX }
    }

    /// A head at each of these offsets which claims this length.
    fn claim(length: u64, claims: impl Iterator<Item = (u64, u64)>) -> Self {
        let mut sparse = Self::new(length);
        sparse.there = claims.map(|(at, n)| (at, [&b"plain"[..], &n.to_be_bytes()].concat())).collect();
        sparse
    }
}

impl Storage for Sparse {
    fn len(&mut self) -> Result<u64> {
        Ok(self.length)
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        let end = offset + to.len() as u64;
        if self.read >= self.patience || self.fails.is_some_and(|at| (offset..end).contains(&at)) {
            return Err(Error::io(offset, std::io::Error::other("a bad sector")));
        }
        self.read += to.len() as u64;
        to.fill(0);
        for (at, bytes) in self.there.range(offset.saturating_sub(64)..end) {
            for (at, byte) in (*at..).zip(bytes).filter(|(at, _)| (offset..end).contains(at)) {
                to[(at - offset) as usize] = *byte;
            }
        }
        Ok(())
    }
}

const STRIDE: u64 = 4096;
const MIB: u64 = 1 << 20;

fn ring(size: u64) -> Ring {
    Ring::new(0, size, STRIDE).unwrap()
}

fn places(size: u64) -> impl Iterator<Item = u64> {
    (0..size / STRIDE).map(|i| i * STRIDE)
}

/// A scan of the whole storage, with how much it held.
fn look<const MARKED: bool>(storage: &mut Sparse) -> (usize, Result<Scan<Plain<MARKED>>>) {
    let ring = ring(storage.length);
    peak(|| scan(storage, ring, &()))
}

#[test]
fn a_gibibyte_of_nothing_is_read_once() {
    let mut nothing = Sparse::new(1024 * MIB);
    let (held, found) = look::<false>(&mut nothing);
    let found = found.unwrap();
    assert_eq!((found.heads, found.valid, nothing.read), (0, 0, 1024 * MIB));
    assert!(held < 600 << 10, "{held}");
}

#[test]
fn one_entry_as_long_as_the_ring_is_read_once_more_and_not_held() {
    for start in [0, 5 * STRIDE] {
        let mut one = Sparse::claim(64 * MIB, [(start, 64 * MIB)].into_iter());
        let (held, found) = look::<true>(&mut one);
        let found = found.unwrap();
        assert_eq!((found.heads, found.valid, found.rejected.len()), (1, 0, 1));
        assert!(held < 600 << 10 && one.read <= 2 * 64 * MIB + (512 << 10), "{held} {}", one.read);
    }
}

#[test]
fn marked_entries_that_cover_each_other_are_not_read() {
    let size = 64 * MIB;
    for claim in [size, size / 2, 2 * STRIDE] {
        let mut all = Sparse::claim(size, places(size).map(|at| (at, claim)));
        let (_, found) = look::<true>(&mut all);
        let found = found.unwrap();
        assert_eq!((found.heads, found.valid, all.read), (size / STRIDE, 0, size), "{claim}");
        let told: Vec<u64> = found.rejected.iter().map(|it| it.start / STRIDE).collect();
        assert_eq!(told, (0..16).collect::<Vec<_>>(), "the first ones are told");
    }
}

#[test]
fn marked_entries_that_fill_the_ring_are_read_once_more() {
    let size = 16 * MIB;
    for strides in [1, 3, 128, 1024, 4095] {
        let starts = places(size).step_by(strides).filter(|at| at + strides as u64 * STRIDE <= size);
        let mut all = Sparse::claim(size, starts.map(|at| (at, strides as u64 * STRIDE)));
        let (_, found) = look::<true>(&mut all);
        assert!(found.unwrap().heads > 0 && all.read <= 2 * size + MIB, "{strides}: {}", all.read);
    }
}

#[test]
fn entries_without_marks_that_cover_each_other_are_refused() {
    let size = 2 * MIB;
    let mut all = Sparse::claim(size, places(size).map(|at| (at, size)));
    let (_, found) = look::<false>(&mut all);
    assert_eq!(found.map(|_| ()).map_err(|e| e.class()), Err(Class::Limit));
    assert!(all.read <= 18 * size, "{}", all.read);
    let mut some = Sparse::claim(size, places(size).map(|at| (at, 16 * STRIDE)));
    assert!(look::<false>(&mut some).1.is_ok(), "sixteen times the ring is not too much");
}

#[test]
fn impossible_lengths_are_not_read() {
    let size = MIB;
    for length in [0, 1, STRIDE - 1, STRIDE + 1, size + STRIDE, u64::MAX, u64::MAX - 4095, 1 << 63] {
        let mut one = Sparse::claim(size, [(8 * STRIDE, length)].into_iter());
        let found = look::<true>(&mut one).1.unwrap();
        let told = found.rejected.first().map(|it| (it.start, it.why.class(), it.why.offset()));
        assert_eq!(told, Some((8 * STRIDE, Class::Invalid, Some(8 * STRIDE))), "{length}");
        assert_eq!(one.read, size, "{length}");
    }
}

#[test]
fn entries_of_others_are_counted_and_the_first_wrong_ones_told() {
    let ring = ring(64 * STRIDE);
    let mut file = vec![0; ring.size() as usize];
    for index in 0..64 {
        let mut bytes = Draft { serial: 9 - index / 8, owner: index % 2, ..Draft::default() }.encode(STRIDE as usize);
        bytes[4] ^= u8::from(index > 20 || index == 1);
        place(&mut file, ring, u64::from(index) * STRIDE, &bytes);
    }
    let found = scan::<Marked, _>(&mut &file[..], ring, &1).unwrap();
    assert_eq!((found.heads, found.foreign, found.valid), (64, 32, 9));
    let told: Vec<_> = found.rejected.iter().map(|it| (it.start / STRIDE, it.why.offset().unwrap() / STRIDE)).collect();
    let expected: Vec<_> = [1].into_iter().chain((21..).step_by(2)).map(|at| (at, at)).take(16).collect();
    assert_eq!(told, expected);
}

#[test]
fn the_first_wrong_ones_are_told_whatever_is_wrong_with_them() {
    let claims = (0..4).map(|at| (at * STRIDE, 2 * STRIDE)).chain((8..60).map(|at| (at * STRIDE, 1)));
    let found = look::<true>(&mut Sparse::claim(MIB, claims)).1.unwrap();
    let told: Vec<u64> = found.rejected.iter().map(|it| it.start / STRIDE).collect();
    assert_eq!(told, (0..4).chain(8..20).collect::<Vec<_>>());
}

#[test]
fn however_often_zeros_are_told_they_are_written_once() {
    let ring = Ring::new(0, 64 * 1024, 1024).unwrap();
    let mut file = vec![0xee; 192 << 10];
    for index in 0..64_u32 {
        let zeros = |i: u64| Do::Zeros { at: (64 << 10) + i, length: (128 << 10) - i };
        let draft = Draft { serial: 1 + index, owner: 1, records: (0..40).map(zeros).collect(), ..Draft::default() };
        place(&mut file, ring, u64::from(index) * 1024, &draft.encode(1024));
    }
    let mut recorder = Recorder::new(file);
    let journal = Journal::<Marked> { ring, live: true, context: 1 };
    let plan = journal.replay(&mut recorder, |_| Ok(())).unwrap().unwrap();
    assert_eq!((plan.operations(), plan.entries().len()), (64 * 40, 64));
    let written = |event: &Event| if let Event::Write { bytes, .. } = event { bytes.len() } else { 0 };
    assert_eq!(recorder.events.iter().map(written).sum::<usize>(), 128 << 10);
    assert!(recorder.bytes()[64 << 10..].iter().all(|b| *b == 0));
}

#[test]
fn a_device_that_fails_is_no_invalid_entry() {
    for at in [0, MIB - 1] {
        let mut bad = Sparse::claim(MIB, [(0, MIB)].into_iter());
        bad.fails = Some(at);
        assert_eq!(look::<true>(&mut bad).1.map(|_| ()).map_err(|e| e.class()), Err(Class::Io));
    }
    let mut later = Sparse::claim(MIB, [(0, MIB)].into_iter());
    later.patience = MIB;
    assert_eq!(look::<true>(&mut later).1.map(|_| ()).map_err(|e| e.class()), Err(Class::Io));
    let ring = Ring::new(STRIDE, MIB, STRIDE).unwrap();
    let short = scan::<Plain<true>, _>(&mut Sparse::new(MIB), ring, &());
    assert_eq!(short.map(|_| ()).map_err(|e| e.class()), Err(Class::Truncated));
}

/// Twenty thousand sequences of one entry whose tails all point into one of twenty thousand.
#[test]
fn tails_into_another_sequence_are_not_followed() {
    let count = 20_000_u32;
    let ring = Ring::new(0, u64::from(count) * 2 * 128, 128).unwrap();
    let mut file = vec![0; ring.size() as usize];
    for index in 0..count {
        let chained = Draft { tail: 3, serial: 1 + index, owner: 1, ..Draft::default() };
        place(&mut file, ring, u64::from(index) * 128, &chained.encode(128));
        let alone = Draft { tail: index % 9, serial: 3 * count - 2 * index, owner: 1, ..Draft::default() };
        place(&mut file, ring, u64::from(count + index) * 128, &alone.encode(128));
    }
    let found = scan::<Marked, _>(&mut &file[..], ring, &1).unwrap();
    assert_eq!((found.valid, found.active.len()), (40_000, 19_997));
    let ends = found.active.first().zip(found.active.last()).map(|(first, last)| (first.start, last.entry.serial));
    assert_eq!(ends, Some((3 * 128, count)));
}

/// A journal of one entry, in a file of 16 KiB.
fn one(draft: Draft) -> (Vec<u8>, Journal<Marked>) {
    let ring = Ring::new(4096, 4096, 1024).unwrap();
    let mut file = vec![0xee; 16 << 10];
    let draft = Draft { serial: 1, owner: 1, ..draft };
    place(&mut file, ring, 0, &draft.encode(1024));
    (file, Journal { ring, live: true, context: 1 })
}

#[test]
fn what_would_be_too_long_leaves_the_storage_untouched() {
    let zeros = |at, length| Draft { records: vec![Do::Zeros { at, length }], ..Draft::default() };
    let long = [
        (Draft { grows: 1 << 62, ..Draft::default() }, Class::Limit),
        (zeros(8192, 1 << 62), Class::Limit),
        (Draft { grows: 1 << 63, ..Draft::default() }, Class::Invalid),
        (zeros(8192, u64::MAX - 4095), Class::Invalid),
        (zeros(u64::MAX, 1), Class::Invalid),
        (zeros(0, 4097), Class::Invalid),
        (zeros(8191, 1), Class::Invalid),
        (zeros(0, 1 << 40), Class::Invalid),
        (Draft { needs: (16 << 10) + 1, ..Draft::default() }, Class::Invalid),
    ];
    for (draft, class) in long {
        let (file, journal) = one(draft.clone());
        let mut memory = Memory::new(file.clone(), 1 << 20);
        let refused = journal.replay(&mut memory, |_| panic!("it is not empty"));
        assert_eq!(refused.map(|_| ()).map_err(|e| e.class()), Err(class), "{draft:?}");
        assert!(memory.bytes() == file, "{draft:?}");
    }
}

#[test]
fn an_overlay_of_four_exbibytes_holds_nothing() {
    let records = vec![Do::Zeros { at: 8192, length: 1 << 62 }, Do::Data { at: 1 << 60, bytes: vec![7; 3] }];
    let (file, journal) = one(Draft { records, ..Draft::default() });
    let (held, mut overlay) = peak(|| journal.overlay(&file[..]).unwrap());
    assert!(held < 8 << 10, "{held}");
    assert_eq!(overlay.len().unwrap(), (1 << 62) + 8192);
    let mut some = [1; 6];
    overlay.read_at((1 << 60) - 2, &mut some).unwrap();
    assert_eq!(some, [0, 0, 7, 7, 7, 0]);
    overlay.read_at(8190, &mut some).unwrap();
    assert_eq!(some, [0xee, 0xee, 0, 0, 0, 0]);
    assert_eq!(overlay.read_at((1 << 62) + 8190, &mut some).map_err(|e| e.class()), Err(Class::Truncated));
}
