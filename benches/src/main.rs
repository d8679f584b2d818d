//! Runs the scenarios and writes the report: `cargo xtask bench [--quick] [--before FILE] [WORD…]`.

mod chart;
mod machine;
mod peers;
mod results;
mod run;
mod table;

use anyhow::{Context, Result, bail};
use benches::process;
use benches::scenario::{SCENARIOS, Scenario};
use peers::{Peer, Place};
use results::Results;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use xshell::Shell;

/// What can be had in two minutes, and says whether a change was one for the better.
const QUICK: [&str; 5] = ["fan-1000", "paced-1000", "echo", "polling", "idle-5000"];
const QUICK_PEERS: [&str; 4] = ["before", peers::OURS, peers::BASE, "node"];

struct Plan {
    quick: bool,
    /// A bench server kept from before a change, to be measured beside the one that is built now.
    before: Option<PathBuf>,
    /// Names of scenarios, and of peers. Of a kind that is not named, all.
    words: Vec<String>,
}

fn main() -> Result<()> {
    let plan = Plan::read(std::env::args().skip(1))?;
    process::raise_descriptors()?;
    let shell = Shell::new()?;
    let place = Place::find(&shell)?;
    let scenarios = plan.scenarios();
    let peers = peers::ready(&shell, &place, plan.before.as_deref(), |name| plan.wants(name))?;
    let (rounds, measured) = match plan.quick {
        true => (2, Duration::from_secs(1)),
        false => (5, Duration::from_secs(2)),
    };
    let machine = machine::describe(&shell, &place)?;
    if !process::go_first() {
        eprintln!("this runs like any other program: what else the machine does, will be seen");
    }
    let results = measure(&scenarios, &peers, rounds, measured, &place);

    let report = format!("{machine}\n{}", table::markdown(&results, rounds, measured));
    print!("\n{report}");
    fs::write(place.report.join("table.md"), report)?;
    fs::write(place.report.join("chart.svg"), chart::svg(&results))?;
    println!("\nin {}: table.md and chart.svg", place.report.display());
    if results.failures() > 0 {
        bail!("{} runs have failed", results.failures());
    }
    Ok(())
}

/// All peers through all scenarios, in the order ABBA: what drifts in the meantime, drifts for all.
fn measure(
    scenarios: &[&'static Scenario],
    peers: &[Peer],
    rounds: usize,
    measured: Duration,
    place: &Place,
) -> Results {
    let start = Instant::now();
    let mut results = Results::new(scenarios, peers.iter().map(|peer| peer.name));
    for scenario in scenarios {
        for round in 0..rounds {
            let mut order: Vec<&Peer> = peers.iter().filter(|peer| peer.plays(scenario)).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for peer in order {
                let outcome = run::run(peer, scenario, measured, place);
                let said = match &outcome {
                    Ok(outcome) => format!("{:.0}/s, {:.2} µs", outcome.rate, outcome.cpu),
                    Err(error) => format!("failed: {error:#}"),
                };
                let (seconds, name) = (start.elapsed().as_secs(), scenario.name);
                eprintln!("{seconds:>5} s  {name:<18} {:<20} {said}", peer.name);
                results.add(scenario, peer.name, outcome);
            }
        }
    }
    results
}

impl Plan {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut plan = Self { quick: false, before: None, words: Vec::new() };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--quick" => plan.quick = true,
                "--before" => {
                    let path = args.next().context("--before what file?")?;
                    plan.before = Some(fs::canonicalize(&path).context(path)?);
                }
                name if peers::NAMES.contains(&name) || scenario(name) => plan.words.push(arg),
                _ => {
                    let scenarios = SCENARIOS.map(|scenario| scenario.name).join(" ");
                    let peers = peers::NAMES.join(" ");
                    bail!("no scenario or peer {arg:?}\nscenarios: {scenarios}\npeers: {peers}");
                }
            }
        }
        Ok(plan)
    }

    fn scenarios(&self) -> Vec<&'static Scenario> {
        let named = self.words.iter().any(|word| scenario(word));
        let wanted = |name| match named {
            true => self.words.iter().any(|word| word == name),
            false => !self.quick || QUICK.contains(&name),
        };
        SCENARIOS.iter().filter(|scenario| wanted(scenario.name)).collect()
    }

    fn wants(&self, peer: &str) -> bool {
        let named = self.words.iter().any(|word| !scenario(word));
        match named {
            true => self.words.iter().any(|word| word == peer),
            false => !self.quick || QUICK_PEERS.contains(&peer),
        }
    }
}

fn scenario(name: &str) -> bool {
    benches::scenario::find(name).is_some()
}
