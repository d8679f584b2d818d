//! What became of a row.

/// Why a row is not met.
#[derive(Debug)]
pub enum Failure {
    /// The server did something else.
    Wrong(String),
    /// A time or an amount was over its limit, which a busy machine can cause as well: asked for once more.
    Measured(String),
}

impl From<String> for Failure {
    fn from(what: String) -> Self {
        Self::Wrong(what)
    }
}

impl From<&str> for Failure {
    fn from(what: &str) -> Self {
        Self::Wrong(what.to_owned())
    }
}

/// What was seen, in words that do not change from run to run.
pub type Seen = Result<String, Failure>;

/// What became of one row.
#[derive(Debug)]
pub struct Outcome {
    pub id: &'static str,
    pub required: &'static str,
    pub seen: Result<String, String>,
    /// What of the row the program that was played has nothing of, if anything.
    pub absent: Option<&'static str>,
}

/// Fails unless two things are equal.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, seen: T, wanted: T) -> Result<(), Failure> {
    match seen == wanted {
        true => Ok(()),
        false => {
            let brief = |value: &T| format!("{value:?}").chars().take(300).collect::<String>();
            Err(Failure::Wrong(format!("{what}: {} instead of {}", brief(&seen), brief(&wanted))))
        }
    }
}

/// Fails a test for all rows that are not met, at once.
pub fn all_are_met(outcomes: &[Outcome]) {
    let failed = outcomes.iter().filter_map(|Outcome { id, seen, .. }| {
        let failure = seen.as_ref().err()?.chars().take(700).collect::<String>();
        Some(format!("{id}: {failure}"))
    });
    let failed: Vec<_> = failed.collect();
    assert!(failed.is_empty(), "{} rows are not met:\n{}", failed.len(), failed.join("\n"));
}
