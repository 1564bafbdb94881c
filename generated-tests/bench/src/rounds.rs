//! Rounds: each runs every case once, each time from another one on, so that whatever else the machine does hits all alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// So many, or as many as fit into the time, but never fewer than a few.
const ROUNDS: usize = 31;
const TIME: Duration = Duration::from_secs(12);
const FEW: usize = 5;
const ROUND: Duration = Duration::from_millis(4);

/// One way to do a group's work. It gives a digest of what it found.
struct Case {
    id: &'static str,
    title: &'static str,
    /// Whether it does all of the work, and so has the digest of the others.
    whole: bool,
    work: Box<dyn FnMut() -> u64>,
}

/// Cases that do the same, or a part of it.
pub struct Group {
    title: String,
    bytes: usize,
    cases: Vec<Case>,
    /// Why it cannot be measured here.
    skipped: Option<&'static str>,
}

impl Group {
    /// A group whose cases go through so many bytes each.
    pub fn new(title: impl Into<String>, bytes: usize) -> Self {
        Self { title: title.into(), bytes, cases: Vec::new(), skipped: None }
    }

    /// A group that cannot be measured here.
    #[cfg(feature = "shipped")]
    pub fn skipped(title: impl Into<String>, why: &'static str) -> Self {
        Self { skipped: Some(why), ..Self::new(title, 0) }
    }

    /// A case. Its digest must be that of the others.
    pub fn case(self, id: &'static str, title: &'static str, work: impl FnMut() -> u64 + 'static) -> Self {
        self.with(Case { id, title, whole: true, work: Box::new(work) })
    }

    /// What does only a part of the work: no case can be faster.
    pub fn limit(self, id: &'static str, title: &'static str, work: impl FnMut() -> u64 + 'static) -> Self {
        self.with(Case { id, title, whole: false, work: Box::new(work) })
    }

    fn with(mut self, case: Case) -> Self {
        assert!(self.cases.iter().all(|it| it.id != case.id), "{}: two cases are called {}", self.title, case.id);
        self.cases.push(case);
        self
    }

    /// Runs one case so many times; false where there is none of that id.
    pub fn run(mut self, id: &str, times: u32) -> bool {
        let Some(case) = self.cases.iter_mut().find(|it| it.id == id) else { return false };
        case.run(times);
        true
    }

    /// The ids of its cases.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        self.cases.iter().map(|it| it.id)
    }

    /// Runs every case once, and compares what they found.
    pub fn compare(&mut self) {
        let mut digest = None;
        for case in &mut self.cases {
            let found = (case.work)();
            if case.whole {
                assert_eq!(*digest.get_or_insert(found), found, "{}: {} found something else", self.title, case.id);
            }
        }
    }

    /// Runs the rounds.
    pub fn measure(mut self, name: &'static str) -> Measured {
        self.compare();
        let times: Vec<u32> = self.cases.iter_mut().map(Case::calibrate).collect();
        let count = self.cases.len();
        let mut took = vec![Vec::with_capacity(ROUNDS); count];
        let start = Instant::now();
        let rounds = if count == 0 { 0 } else { ROUNDS };
        for round in (0..rounds).take_while(|round| *round < FEW || start.elapsed() < TIME) {
            for step in 0..count {
                let i = (round + step) % count;
                took[i].push(self.cases[i].run(times[i]));
            }
        }
        let cases = self.cases.iter().zip(took).map(|(it, seconds)| Timed {
            id: it.id,
            title: it.title,
            whole: it.whole,
            seconds,
        });
        Measured { name, cases: cases.collect(), title: self.title, bytes: self.bytes, skipped: self.skipped }
    }
}

impl Case {
    /// How often it runs in a round.
    fn calibrate(&mut self) -> u32 {
        let once = Duration::from_secs_f64(self.run(1).min(self.run(3)).max(1e-9));
        u32::try_from(ROUND.as_nanos() / once.as_nanos().max(1)).unwrap_or(u32::MAX).clamp(1, 1_000_000)
    }

    /// Seconds that it takes once.
    fn run(&mut self, times: u32) -> f64 {
        let start = Instant::now();
        for _ in 0..times {
            black_box((self.work)());
        }
        start.elapsed().as_secs_f64() / f64::from(times.max(1))
    }
}

/// What was measured of a group.
pub struct Measured {
    /// What the group is called on the command line.
    pub name: &'static str,
    /// What its cases do.
    pub title: String,
    /// How many bytes they go through.
    pub bytes: usize,
    /// Why nothing was measured.
    pub skipped: Option<&'static str>,
    /// The cases, the one that the others are compared with first.
    pub cases: Vec<Timed>,
}

impl Measured {
    /// How many times as fast one case is as another.
    pub fn ratio(&self, id: &str, against: &str) -> Option<f64> {
        let case = |id: &str| self.cases.iter().find(|it| it.id == id);
        Some(case(id)?.faster_than(case(against)?))
    }
}

/// What was measured of a case.
pub struct Timed {
    /// What it is called on the command line.
    pub id: &'static str,
    /// What it does.
    pub title: &'static str,
    /// Whether it does all of the work.
    pub whole: bool,
    /// How long it took in each round.
    pub seconds: Vec<f64>,
}

impl Timed {
    /// How long it took once.
    pub fn once(&self) -> f64 {
        median(self.seconds.clone())
    }

    /// How many times as fast it is as another one: the median of the rounds.
    pub fn faster_than(&self, other: &Self) -> f64 {
        median(other.seconds.iter().zip(&self.seconds).map(|(other, it)| other / it).collect())
    }
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// A digest of bytes that were written. Few of them, so that writing is what is measured, but some of each field.
pub fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().step_by(251).fold(bytes.len() as u64, |sum, it| sum.rotate_left(1) ^ u64::from(*it))
}
