use super::*;
use anyhow::bail;
use benches::scenario;

fn outcome(cpu: f64) -> Outcome {
    Outcome { rate: 1.0, cpu, load: 0.5, latency: None, memory: None }
}

fn cpu(outcome: &Outcome) -> Option<f64> {
    Some(outcome.cpu)
}

fn results(ours: [Option<f64>; 3], base: [Option<f64>; 3]) -> Results {
    let echo = scenario::find("echo").unwrap();
    let mut results = Results::new(&[echo], ["ours", BASE].into_iter());
    for (peer, figures) in [("ours", ours), (BASE, base)] {
        for figure in figures {
            let round = figure.map_or_else(|| bail!("gone"), |figure| Ok(outcome(figure)));
            results.add(echo, peer, round);
        }
    }
    results
}

#[test]
fn the_median_of_an_even_number_lies_between_the_middle_two() {
    let figures = [4.0, 1.0, 9.0, 2.0].into_iter();
    assert_eq!(spread(figures), Some(Spread { median: 3.0, least: 1.0, most: 9.0 }));
    assert_eq!(spread(std::iter::empty()), None);
}

#[test]
fn a_ratio_is_taken_round_by_round() {
    // The machine was slow in the second round, for both.
    let results = results([Some(1.0), Some(20.0), Some(1.0)], [Some(2.0), Some(40.0), Some(4.0)]);
    assert_eq!(results.ratio(&results.rows[0], cpu), Some(0.5));
}

#[test]
fn a_round_that_failed_is_told_and_counts_for_nothing() {
    let results = results([Some(3.0), None, Some(8.0)], [Some(1.0), Some(1.0), None]);
    assert_eq!(results.failures(), 2);
    assert_eq!(results.ratio(&results.rows[0], cpu), Some(3.0));
    assert_eq!(results.rows[0].figure(cpu).map(|spread| spread.median), Some(5.5));
}
