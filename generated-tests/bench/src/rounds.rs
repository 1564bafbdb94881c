//! Rounds: each runs every case once, each time from another one on, so that whatever else the machine does hits all alike.

use std::fmt::{self, Display, Formatter};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// So many, or as many as fit into the time, but never fewer than a few.
const ROUNDS: usize = 31;
const TIME: Duration = Duration::from_secs(20);
const FEW: usize = 5;
const ROUND: Duration = Duration::from_millis(4);

/// One way to do a group's work. It gives a digest of what it found.
struct Case {
    name: &'static str,
    work: Box<dyn FnMut() -> u64>,
}

/// Cases that do the same, or a part of it.
pub struct Group {
    title: String,
    bytes: usize,
    cases: Vec<Case>,
    digest: Option<u64>,
}

impl Group {
    /// A group whose cases go through so many bytes each.
    pub fn new(title: impl Into<String>, bytes: usize) -> Self {
        Self { title: title.into(), bytes, cases: Vec::new(), digest: None }
    }

    /// A case. Its digest must be that of the others.
    pub fn case(mut self, name: &'static str, mut work: impl FnMut() -> u64 + 'static) -> Self {
        let found = work();
        assert_eq!(*self.digest.get_or_insert(found), found, "{}: {name} found something else", self.title);
        self.limit(name, work)
    }

    /// What does only a part of the work: no case can be faster.
    pub fn limit(mut self, name: &'static str, work: impl FnMut() -> u64 + 'static) -> Self {
        self.cases.push(Case { name, work: Box::new(work) });
        self
    }

    /// Runs the rounds.
    pub fn measure(mut self) -> Table {
        let times: Vec<u32> = self.cases.iter_mut().map(Case::calibrate).collect();
        let count = self.cases.len();
        let mut took = vec![Vec::with_capacity(ROUNDS); count];
        let start = Instant::now();
        for round in (0..ROUNDS).take_while(|round| *round < FEW || start.elapsed() < TIME) {
            for step in 0..count {
                let i = (round + step) % count;
                took[i].push(self.cases[i].run(times[i]));
            }
        }
        Table { group: self, took }
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
        start.elapsed().as_secs_f64() / f64::from(times)
    }
}

/// What was measured.
pub struct Table {
    group: Group,
    took: Vec<Vec<f64>>,
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "### {}\n", self.group.title)?;
        writeln!(f, "| case | median | GB/s | times as fast as the first |")?;
        writeln!(f, "|---|--:|--:|--:|")?;
        for (case, took) in self.group.cases.iter().zip(&self.took) {
            let ratios: Vec<f64> = self.took[0].iter().zip(took).map(|(first, it)| first / it).collect();
            let (once, ratio) = (median(took), median(&ratios));
            let speed = self.group.bytes as f64 / once / 1e9;
            writeln!(f, "| {} | {} | {speed:.2} | {ratio:.2} |", case.name, shown(once))?;
        }
        Ok(())
    }
}

fn median(of: &[f64]) -> f64 {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.1} µs", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}
