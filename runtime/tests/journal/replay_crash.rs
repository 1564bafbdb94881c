//! A replay that is cut at every write and flush, and then done again.

use crate::record::{MOST, Recorder, crashes};
use crate::tiny::{Do, Draft, Marked, place};
use vmspec_runtime::journal::{Journal, Memory, Ring, StorageMut};

const STRIDE: u64 = 1024;
const AT: u64 = 16 << 10;

/// The first byte of the file says whether the journal is live.
fn journal(file: &[u8], ring: Ring) -> Journal<Marked> {
    Journal { ring, live: file[0] == 1, context: 5 }
}

/// A file with five entries, of which the first wraps and is not to be replayed: the tail is the second.
fn dirty() -> (Vec<u8>, Ring) {
    let ring = Ring::new(AT, 16 * STRIDE, STRIDE).unwrap();
    let mut file = vec![0xee; 48 << 10];
    file[0] = 1;
    place(&mut file, ring, 0, &vec![0; ring.size() as usize]);
    let data = |at: u64, byte: u8, n: usize| Do::Data { at, bytes: (0..n).map(|i| byte ^ i as u8).collect() };
    let sets = [
        vec![data(512, 0x99, 1024), data(40 << 10, 0x98, 700)],
        vec![data(4096, 1, 1024), data(5120, 2, 1024), data(6144, 3, 1024), Do::Zeros { at: 5000, length: 2000 }],
        vec![data(5100, 4, 300), Do::Zeros { at: 33 << 10, length: 9000 }],
        vec![],
        vec![
            data(47 << 10, 5, 1024),
            data(48 << 10, 6, 1000),
            data(70_001, 7, 513),
            Do::Zeros { at: 71_000, length: 900 },
        ],
    ];
    let mut start = 14 * STRIDE;
    for (index, records) in sets.into_iter().enumerate() {
        let tail = if index == 0 { 14 } else { 1 };
        let draft = Draft { tail, serial: 40 + index as u32, owner: 5, needs: 48 << 10, grows: 80 << 10, records };
        let bytes = draft.encode(STRIDE as usize);
        place(&mut file, ring, start, &bytes);
        start = ring.after(start, bytes.len() as u64);
    }
    (file, ring)
}

fn recover(file: &[u8], ring: Ring) -> Vec<u8> {
    let mut memory = Memory::new(file.to_vec(), MOST);
    journal(file, ring).replay(&mut memory, |storage| storage.write_at(0, &[0])).unwrap();
    memory.into_bytes()
}

#[test]
fn a_replay_cut_anywhere_and_done_again_is_the_whole_replay() {
    let (file, ring) = dirty();
    let mut recorder = Recorder::new(file.clone());
    let plan = journal(&file, ring).replay(&mut recorder, |storage| {
        storage.write_at(0, &[0])?;
        storage.flush()
    });
    assert_eq!(plan.unwrap().unwrap().entries().len(), 4);
    let whole = recorder.bytes().to_vec();
    assert_eq!((whole.len(), whole[0], whole[512], whole[5100], whole[5000]), (80 << 10, 0, 0xee, 4, 0));
    assert_eq!(whole[5400..7000], [0; 1600]);
    let points = crashes(&file, &recorder.events, |left| assert!(recover(left, ring) == whole));
    println!("{points} crashes in {} writes and flushes of a replay", recorder.events.len());
    assert!(points > 60, "{points}");
}

#[test]
fn what_is_replayed_is_flushed_before_anything_is_written() {
    let (file, ring) = dirty();
    let mut recorder = Recorder::new(file.clone());
    journal(&file, ring).replay(&mut recorder, |storage| storage.write_at(0, &[0])).unwrap();
    let kinds: String = recorder
        .events
        .iter()
        .map(|event| match event {
            crate::record::Event::Flush => 'F',
            crate::record::Event::Length(_) => 'L',
            crate::record::Event::Write { offset: 0, .. } => 'E',
            crate::record::Event::Write { .. } => 'w',
        })
        .collect();
    assert!(kinds.starts_with("FLw") && kinds.ends_with("wFE"), "{kinds}");
    assert_eq!(kinds.matches('F').count(), 2, "{kinds}");
}

#[test]
fn a_journal_that_is_not_live_is_left_alone() {
    let (mut file, ring) = dirty();
    file[0] = 0;
    let mut recorder = Recorder::new(file.clone());
    let replayed = journal(&file, ring).replay(&mut recorder, |_| panic!("nothing was emptied"));
    assert!(replayed.unwrap().is_none() && recorder.events.is_empty());
    let overlay = journal(&file, ring).overlay(&file[..]).unwrap();
    assert_eq!(overlay.into_inner(), file);
}
