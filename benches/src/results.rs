//! What all runs have shown, and what can be said of several.

use crate::peers::BASE;
use anyhow::Result;
use benches::outcome::Outcome;
use benches::scenario::Scenario;

/// Per scenario, per peer, round by round.
pub struct Results {
    pub rows: Vec<Row>,
}

/// One peer in one scenario.
pub struct Row {
    pub scenario: &'static Scenario,
    pub peer: &'static str,
    pub rounds: Vec<Result<Outcome>>,
}

/// A figure of several rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Results {
    pub fn new(
        scenarios: &[&'static Scenario],
        peers: impl Iterator<Item = &'static str> + Clone,
    ) -> Self {
        let rows = scenarios.iter().copied().flat_map(|scenario| {
            peers.clone().map(move |peer| Row { scenario, peer, rounds: Vec::new() })
        });
        Self { rows: rows.collect() }
    }

    pub fn add(&mut self, scenario: &Scenario, peer: &str, outcome: Result<Outcome>) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.is(scenario, peer)) {
            row.rounds.push(outcome);
        }
    }

    pub fn failures(&self) -> usize {
        self.rows.iter().map(|row| row.failures().count()).sum()
    }

    /// The rows of each scenario.
    pub fn scenarios(&self) -> impl Iterator<Item = &[Row]> {
        self.rows.chunk_by(|one, next| one.scenario.name == next.scenario.name)
    }

    /// How a figure compares with the base's: the median of the rounds' ratios, since the two of a round have
    /// the machine's mood in common.
    pub fn ratio(&self, row: &Row, figure: impl Fn(&Outcome) -> Option<f64>) -> Option<f64> {
        let base = self.rows.iter().find(|other| other.is(row.scenario, BASE))?;
        let both = row.rounds.iter().zip(&base.rounds);
        let ratios = both.filter_map(|(own, base)| {
            Some(figure(own.as_ref().ok()?)? / figure(base.as_ref().ok()?)?)
        });
        Some(spread(ratios)?.median)
    }
}

impl Row {
    fn is(&self, scenario: &Scenario, peer: &str) -> bool {
        self.scenario.name == scenario.name && self.peer == peer
    }

    pub fn failures(&self) -> impl Iterator<Item = &anyhow::Error> {
        self.rounds.iter().filter_map(|round| round.as_ref().err())
    }

    /// A figure over the rounds that went well; `None` when it was in none.
    pub fn figure(&self, figure: impl Fn(&Outcome) -> Option<f64>) -> Option<Spread> {
        spread(self.rounds.iter().filter_map(|round| figure(round.as_ref().ok()?)))
    }
}

fn spread(figures: impl Iterator<Item = f64>) -> Option<Spread> {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let (least, most) = (*figures.first()?, *figures.last()?);
    let half = figures.len() / 2;
    let median = match figures.len() % 2 {
        1 => figures[half],
        _ => (figures[half - 1] + figures[half]) / 2.0,
    };
    Some(Spread { median, least, most })
}

#[cfg(test)]
mod tests;
