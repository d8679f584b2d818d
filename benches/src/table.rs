//! The report in Markdown.

use crate::peers::BASE;
use crate::results::{Results, Row, Spread};
use benches::outcome::Outcome;
use std::fmt::Write;
use std::time::Duration;

/// A figure's name, how it is read from an outcome, and how it is written.
type Column = (&'static str, fn(&Outcome) -> Option<f64>, fn(f64) -> String);

const LATENCIES: [Column; 2] = [
    ("median, ms", |outcome| Some(outcome.latency?.0 / 1e3), short),
    ("99th percentile, ms", |outcome| Some(outcome.latency?.1 / 1e3), short),
];
const MEMORY: [Column; 1] = [("KiB per client", |outcome| outcome.memory, short)];

/// Everything.
pub fn markdown(results: &Results, rounds: usize, measured: Duration) -> String {
    let mut out = format!(
        "Each figure is the median of {rounds} rounds of {measured:?}, with the least and the most. × is the \
         ratio to {BASE} of the same round (the median of {rounds}). CPU is the server's, user and system. \
         The last column is how much of a CPU the server had, and the load generator. When neither had nearly \
         100 %, the machine was busy with something else and the rates say little; the CPU still tells.\n"
    );
    for rows in results.scenarios() {
        table(results, rows, &mut out).expect("a string takes what is written");
    }
    out
}

fn table(results: &Results, rows: &[Row], out: &mut String) -> std::fmt::Result {
    let Some(first) = rows.first() else { return Ok(()) };
    let (name, title) = (first.scenario.name, first.scenario.title());
    let units = first.scenario.kind.unit();
    let idle = rows.iter().any(|row| row.figure(|outcome| outcome.memory).is_some());
    let more: &[Column] = if idle { &MEMORY } else { &LATENCIES };

    writeln!(out, "\n### {title} (`{name}`)\n")?;
    write!(out, "| server | {units}/s | × | µs of CPU for one | × ")?;
    more.iter().try_for_each(|(name, ..)| write!(out, "| {name} "))?;
    writeln!(out, "| server / load |\n|---|{}", "---:|".repeat(5 + more.len()))?;
    for row in rows.iter().filter(|row| !row.rounds.is_empty()) {
        let cell = |figure: fn(&Outcome) -> Option<f64>, form| written(row.figure(figure), form);
        let ratio = |figure: fn(&Outcome) -> Option<f64>| {
            results
                .ratio(row, figure)
                .map_or("–".to_owned(), |ratio| format!("×{}", short(ratio)))
        };
        let rate = |outcome: &Outcome| Some(outcome.rate);
        let cpu = |outcome: &Outcome| Some(outcome.cpu);
        write!(out, "| {} | {} | {} ", row.peer, cell(rate, thousands), ratio(rate))?;
        write!(out, "| {} | {} ", cell(cpu, short), ratio(cpu))?;
        more.iter().try_for_each(|(_, figure, form)| write!(out, "| {} ", cell(*figure, *form)))?;
        let server = percent(row, |outcome| outcome.rate * outcome.cpu / 1e6);
        writeln!(out, "| {server} / {} |", percent(row, |outcome| outcome.load))?;
    }
    for row in rows {
        if let Some(first) = row.failures().next() {
            let (failed, all) = (row.failures().count(), row.rounds.len());
            writeln!(out, "\n{}: {failed} of {all} rounds have failed: {first:#}", row.peer)?;
        }
    }
    Ok(())
}

fn written(figure: Option<Spread>, form: fn(f64) -> String) -> String {
    match figure {
        None => "–".to_owned(),
        Some(Spread { median, least, most }) => {
            format!("{} ({}–{})", form(median), form(least), form(most))
        }
    }
}

fn percent(row: &Row, part: fn(&Outcome) -> f64) -> String {
    let part = row.figure(|outcome| Some(part(outcome)));
    part.map_or("–".to_owned(), |part| format!("{:.0} %", 100.0 * part.median))
}

/// Three digits, or as many as there are before the point.
pub fn short(figure: f64) -> String {
    match figure {
        ..10.0 => format!("{figure:.2}"),
        10.0..100.0 => format!("{figure:.1}"),
        _ => format!("{figure:.0}"),
    }
}

fn thousands(figure: f64) -> String {
    if figure < 10_000.0 { format!("{figure:.0}") } else { format!("{}k", short(figure / 1e3)) }
}
