//! What a soak must show at its end.

use crate::ledger::Totals;
use crate::server::Counts;
use crate::usage::Usage;
use std::time::Duration;

/// Until then everything may still grow to the size it keeps.
const SETTLED: Duration = Duration::from_secs(600);
/// What the heap may grow by in an hour once it has settled, in MiB, and resident memory over what it was then.
const SLOPE: f64 = 1.0;
/// What it may have grown by in all, in MiB, at whatever rate: a hash table whose entries come and go doubles once, after
/// some ten changes for each entry that it holds. In a soak of twenty minutes that comes late.
const STEP: f64 = 0.25;
const GROWTH: f64 = 1.1;
/// Slopes of a shorter time say more about chance than about an hour.
const LEAST: Duration = Duration::from_secs(300);
/// Of a hundred clients cut off, so many have to be recovered.
const RECOVERED: u64 = 99;

pub struct Sample {
    pub at: Duration,
    /// Resident.
    pub memory: u64,
    pub heap: u64,
}

pub struct Verdict {
    pub samples: Vec<Sample>,
    pub base: Usage,
    pub after: Usage,
    pub counts: Counts,
    pub totals: Totals,
    pub unanswered: u64,
    pub broken: u64,
    pub recovered: u64,
    pub not_recovered: u64,
}

pub fn mib(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

impl Verdict {
    /// Says what was found, and fails if anything does not hold.
    pub fn speak(&self) -> std::io::Result<()> {
        let mut failures = self.memory();
        let mut must = |holds: bool, what: String| {
            println!("{}: {what}", if holds { "holds" } else { "FAILS" });
            failures += u32::from(!holds);
        };
        let Totals { sent, received, lost, twice, reordered, wrong } = self.totals;
        must(sent > 0 && received > sent, format!("{sent} sent, {received} received"));
        must(
            lost + twice + reordered + wrong == 0,
            format!(
                "{lost} lost, {twice} duplicated, {reordered} reordered, {wrong} otherwise wrong"
            ),
        );
        let is_over = self.counts.is_nobody() && self.counts.panics == 0;
        must(is_over, format!("at the end {:?}", self.counts));
        let (base, after) = (self.base.descriptors, self.after.descriptors);
        must(after <= base, format!("{after} descriptors at the end, {base} at the beginning"));
        must(self.broken == 0, format!("{} connections broken", self.broken));
        must(self.unanswered == 0, format!("{} bad inputs without an answer", self.unanswered));
        let all = self.recovered + self.not_recovered;
        must(
            self.recovered * 100 >= all * RECOVERED,
            format!("{} of {all} clients cut off were recovered", self.recovered),
        );
        match failures {
            0 => Ok(()),
            count => Err(std::io::Error::other(format!("{count} of these do not hold"))),
        }
    }

    fn memory(&self) -> u32 {
        let most = self.samples.iter().map(|sample| sample.memory).max().unwrap_or(0);
        println!("most memory: {:.2} MiB", mib(most));
        let settled: Vec<_> = self.samples.iter().filter(|sample| sample.at >= SETTLED).collect();
        let [first, .., last] = &settled[..] else {
            println!("too short to say how memory grows");
            return 0;
        };
        if last.at - first.at < LEAST {
            println!("too short to say how memory grows");
            return 0;
        }
        let (slope, growth) = (slope(&settled), most as f64 / first.memory as f64);
        let grown = slope * (last.at - first.at).as_secs_f64() / 3600.0;
        let holds = (slope <= SLOPE || grown <= STEP) && growth <= GROWTH;
        println!(
            "{}: after {SETTLED:?} the heap grows by {slope:.2} MiB an hour, resident memory to {growth:.3} times what it was then",
            if holds { "holds" } else { "FAILS" },
        );
        u32::from(!holds)
    }
}

/// How the heap grows, in MiB an hour: the median between any two samples, because one that was taken while a
/// large message was read should say nothing.
fn slope(samples: &[&Sample]) -> f64 {
    let between = |one: &Sample, later: &Sample| {
        (mib(later.heap) - mib(one.heap)) / ((later.at - one.at).as_secs_f64() / 3600.0)
    };
    let mut slopes: Vec<f64> = Vec::new();
    for (index, one) in samples.iter().enumerate() {
        slopes.extend(samples[index + 1..].iter().map(|later| between(one, later)));
    }
    slopes.sort_by(f64::total_cmp);
    slopes[slopes.len() / 2]
}
