//! A storage that remembers every write, so that a crash can be played at each of them.

use vmspec_runtime::Result;
use vmspec_runtime::journal::{Memory, Storage, StorageMut};

/// Writes are torn at multiples of this many bytes.
const TEAR: usize = 512;
/// The most that a storage of these tests grows to.
pub const MOST: usize = 1 << 20;

#[derive(Clone, Debug)]
pub enum Event {
    Write { offset: u64, bytes: Vec<u8> },
    Length(u64),
    Flush,
}

/// A storage that does not lend and notes what is done to it.
#[derive(Clone, Debug)]
pub struct Recorder {
    memory: Memory,
    pub events: Vec<Event>,
}

impl Recorder {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { memory: Memory::new(bytes, MOST), events: Vec::new() }
    }

    pub fn bytes(&self) -> &[u8] {
        self.memory.bytes()
    }
}

impl Storage for Recorder {
    fn len(&mut self) -> Result<u64> {
        self.memory.len()
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        self.memory.read_at(offset, to)
    }
}

impl StorageMut for Recorder {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        self.events.push(Event::Write { offset, bytes: bytes.to_vec() });
        self.memory.write_at(offset, bytes)
    }

    fn set_len(&mut self, length: u64) -> Result<()> {
        self.events.push(Event::Length(length));
        self.memory.set_len(length)
    }

    fn flush(&mut self) -> Result<()> {
        self.events.push(Event::Flush);
        Ok(())
    }
}

fn happen(event: &Event, memory: &mut Memory) {
    match event {
        Event::Write { offset, bytes } => memory.write_at(*offset, bytes).unwrap(),
        Event::Length(length) => memory.set_len(*length).unwrap(),
        Event::Flush => {}
    }
}

/// What a crash at each point leaves of a storage that was `before`, given to `check`; how many points there were.
/// After each event; in the middle of each write; and, as writes may be reordered until they are flushed, without one
/// of those that were not flushed yet.
pub fn crashes(before: &[u8], events: &[Event], mut check: impl FnMut(&[u8])) -> usize {
    let mut points = 0;
    let mut see = |memory: Memory| {
        points += 1;
        check(memory.bytes());
    };
    for cut in 0..=events.len() {
        let done = image(before, events.iter().take(cut));
        if let Some(Event::Write { offset, bytes }) = events.get(cut) {
            for torn in (TEAR..bytes.len()).step_by(TEAR) {
                let mut memory = done.clone();
                memory.write_at(*offset, &bytes[..torn]).unwrap();
                see(memory);
                // The end of a write may be there before its start is.
                let mut memory = done.clone();
                memory.write_at(*offset + torn as u64, &bytes[torn..]).unwrap();
                see(memory);
            }
        }
        let flushed = events[..cut].iter().rposition(|it| matches!(it, Event::Flush)).unwrap_or(0);
        for lost in flushed..cut.saturating_sub(1) {
            let kept = events[..cut].iter().enumerate().filter(|(index, _)| *index != lost);
            see(image(before, kept.map(|(_, event)| event)));
        }
        see(done);
    }
    points
}

fn image<'a>(before: &[u8], events: impl Iterator<Item = &'a Event>) -> Memory {
    let mut memory = Memory::new(before.to_vec(), MOST);
    events.for_each(|event| happen(event, &mut memory));
    memory
}
