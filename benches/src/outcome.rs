//! What one run has shown.

use serde::{Deserialize, Serialize};

/// The figures of one run. Its unit is what the scenario counts: a delivery, a round trip, a handshake.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// Units per second.
    pub rate: f64,
    /// Microseconds of the server's CPU time, user and system, per unit.
    pub cpu: f64,
    /// Which part of one CPU the load generator used: near one, it was the bottleneck.
    pub load: f64,
    /// Latency in microseconds, the median and the 99th percentile.
    pub latency: Option<(f64, f64)>,
    /// Resident memory of the server, in KiB per connection.
    pub memory: Option<f64>,
}
