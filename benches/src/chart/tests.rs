use super::*;
use benches::scenario;

#[test]
fn half_and_twice_are_as_far_from_one() {
    let axis = Axis::around([0.3, 3.0].into_iter());
    assert_eq!((axis.from, axis.to), (-2, 2));
    assert_eq!(axis.x(1.0) - axis.x(0.5), axis.x(2.0) - axis.x(1.0));
    assert_eq!((axis.x(0.25), axis.x(4.0)), PLOT);
}

#[test]
fn each_server_that_was_measured_has_a_mark_and_a_name() {
    let echo = scenario::find("echo").unwrap();
    let mut results = Results::new(&[echo], [OURS, BASE, "node", "python"].into_iter());
    for (peer, cpu) in [(OURS, 5.0), (BASE, 10.0), ("node", 40.0)] {
        let outcome = Outcome { rate: 1.0, cpu, load: 0.5, latency: None, memory: None };
        results.add(echo, peer, Ok(outcome));
    }
    let svg = svg(&results);
    assert!(svg.contains("<title>node ×4.00</title>"), "{svg}");
    assert!(
        svg.contains("font-weight=\"600\">×0.50</text>"),
        "our own ratio is written out: {svg}"
    );
    assert!(svg.contains(">node</text>") && !svg.contains(">python</text>"), "{svg}");
}
