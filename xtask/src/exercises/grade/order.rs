//! What `grade` is told.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::time::Duration;

const USAGE: &str = "cargo xtask grade FOLDER [--out FILE.csv] [--seconds N]\n\
                     FOLDER has one folder for each student";

#[derive(Debug, PartialEq, Eq)]
pub struct Order {
    pub folder: PathBuf,
    pub out: Option<PathBuf>,
    /// For the checks of one exercise. Compiling may take four times as long.
    pub limit: Duration,
}

impl Order {
    pub fn parse(args: &[&str]) -> Result<Self> {
        let (mut folder, mut out, mut limit) = (None, None, Duration::from_secs(30));
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().with_context(|| format!("{arg} needs a value: {USAGE}"));
            match *arg {
                "--out" => out = Some(PathBuf::from(value()?)),
                "--seconds" => {
                    let word = value()?;
                    let seconds = word.parse().ok().filter(|seconds| (1..=3600).contains(seconds));
                    let seconds = seconds.with_context(|| format!("{word:?}: use 1 to 3600"))?;
                    limit = Duration::from_secs(seconds);
                }
                word if !word.starts_with('-') && folder.is_none() => folder = Some(word.into()),
                word => bail!("{word:?} is not known: {USAGE}"),
            }
        }
        Ok(Self { folder: folder.context(USAGE)?, out, limit })
    }
}
