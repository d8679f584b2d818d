//! What is remembered from one command to the next. Whoever loses it loses some seconds.

use super::list::Exercise;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The memory, in a file below `target/`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    #[serde(skip)]
    root: PathBuf,
    /// The exercise that the learner is at.
    at: Option<String>,
    /// Which content of an exercise was seen green. Other content is run anew.
    solved: BTreeMap<String, String>,
    /// How many hints were given.
    hints: BTreeMap<String, usize>,
}

impl State {
    pub fn load(root: &Path) -> Self {
        let text = fs::read_to_string(path(root)).unwrap_or_default();
        Self { root: root.to_owned(), ..toml::from_str(&text).unwrap_or_default() }
    }

    fn save(&self) -> Result<()> {
        let path = path(&self.root);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        fs::write(&path, toml::to_string(self)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    pub fn is_solved(&self, exercise: &Exercise) -> bool {
        let seen = self.solved.get(&exercise.name);
        seen.is_some_and(|seen| content(&self.root, exercise).is_ok_and(|now| *seen == now))
    }

    pub fn solved(&mut self, exercise: &Exercise) -> Result<()> {
        self.solved.insert(exercise.name.clone(), content(&self.root, exercise)?);
        self.save()
    }

    pub fn is_at(&self, exercise: &Exercise) -> bool {
        self.at.as_ref() == Some(&exercise.name)
    }

    pub fn go_to(&mut self, exercise: &Exercise) -> Result<()> {
        self.at = Some(exercise.name.clone());
        self.save()
    }

    pub fn hints(&self, exercise: &Exercise) -> usize {
        self.hints.get(&exercise.name).copied().unwrap_or(0)
    }

    pub fn one_more_hint(&mut self, exercise: &Exercise) -> Result<()> {
        *self.hints.entry(exercise.name.clone()).or_default() += 1;
        self.save()
    }
}

fn path(root: &Path) -> PathBuf {
    root.join("target/exercises.toml")
}

/// What decides whether an exercise is solved.
fn content(root: &Path, exercise: &Exercise) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in [exercise.starter(), exercise.checks()] {
        fs::read(root.join(&path)).with_context(|| path)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests;
