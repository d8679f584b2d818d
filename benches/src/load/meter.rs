//! What is counted between two moments, and what it has cost.

use crate::PATIENCE;
use anyhow::{Result, bail};
use benches::outcome::Outcome;
use benches::process;
use hdrhistogram::Histogram;
use std::time::{Duration, Instant};

/// A minute in nanoseconds. No run takes longer.
const LONGEST: u64 = 60_000_000_000;

pub struct Meter {
    pid: u32,
    start: Instant,
    server: Duration,
    own: Duration,
    units: u64,
    latencies: Histogram<u64>,
    /// How many units there were when there was last news, and when that was.
    news: (u64, Instant),
}

impl Meter {
    pub fn start(pid: u32) -> Result<Self> {
        Ok(Self {
            pid,
            start: Instant::now(),
            server: process::cpu(pid)?,
            own: process::cpu(std::process::id())?,
            units: 0,
            latencies: Histogram::new_with_max(LONGEST, 3)?,
            news: (0, Instant::now()),
        })
    }

    pub fn count(&mut self) {
        self.units += 1;
    }

    /// Counts a unit that was `latency` nanoseconds on its way.
    pub fn count_with(&mut self, latency: u64) {
        self.units += 1;
        self.latencies.saturating_record(latency);
    }

    /// Fails when nothing has been counted for too long.
    pub fn watch(&mut self) -> Result<()> {
        if self.news.0 != self.units {
            self.news = (self.units, Instant::now());
        } else if self.news.1.elapsed() > PATIENCE {
            bail!("nothing has arrived for {PATIENCE:?}, after {} units", self.units);
        }
        Ok(())
    }

    pub fn finish(&self) -> Result<Outcome> {
        let elapsed = self.start.elapsed().as_secs_f64();
        let server = process::cpu(self.pid)?.saturating_sub(self.server).as_secs_f64();
        let own = process::cpu(std::process::id())?.saturating_sub(self.own).as_secs_f64();
        if self.units == 0 {
            bail!("nothing has arrived in {elapsed:.1} s");
        }
        let percentile = |q| self.latencies.value_at_quantile(q) as f64 / 1e3;
        Ok(Outcome {
            rate: self.units as f64 / elapsed,
            cpu: server * 1e6 / self.units as f64,
            load: own / elapsed,
            latency: (!self.latencies.is_empty()).then(|| (percentile(0.5), percentile(0.99))),
            memory: None,
        })
    }
}
