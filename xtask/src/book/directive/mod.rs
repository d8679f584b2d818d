//! What a page shows but does not hold: `{{#include …}}`, `{{#wire …}}`, `{{#changes …}}`, `{{#exercises …}}`.
//!
//! Paths begin at the root of the repository. The book's tests read pages through this file too, so what they
//! accept is what will be shown.

use std::fs;
use std::path::Path;

/// A line of a page that stands for something else.
#[derive(Debug, PartialEq, Eq)]
pub enum Directive {
    /// A part of a file that is compiled, or loaded by a test.
    Include(Listing),
    /// A transcript, as text and as a diagram.
    Wire(Listing),
    /// The difference of two files.
    Changes { from: Listing, to: Listing },
    /// All exercises of a chapter, by the name of its folder.
    Exercises(String),
}

/// A file, or what stands between `ANCHOR: name` and `ANCHOR_END: name` in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Listing {
    pub path: String,
    pub anchor: Option<String>,
}

impl Directive {
    /// Reads a line; `None` if it is an ordinary one.
    pub fn parse(line: &str) -> Option<Result<Self, String>> {
        let line = line.trim();
        if !line.contains("{{#") {
            return None;
        }
        let words = line.strip_prefix("{{#").and_then(|rest| rest.strip_suffix("}}"));
        let words: Vec<&str> = words.unwrap_or_default().split_whitespace().collect();
        Some(match words.as_slice() {
            ["include", file] => Ok(Self::Include(Listing::parse(file))),
            ["wire", file] => Ok(Self::Wire(Listing::parse(file))),
            ["changes", from, to] => {
                Ok(Self::Changes { from: Listing::parse(from), to: Listing::parse(to) })
            }
            ["exercises", chapter] => Ok(Self::Exercises((*chapter).to_owned())),
            _ => Err(format!(
                "`{line}` is no directive: write {{{{#include FILE:ANCHOR}}}}, {{{{#wire FILE}}}}, \
                 {{{{#changes FROM TO}}}} or {{{{#exercises CHAPTER}}}}, alone on its line"
            )),
        })
    }
}

impl Listing {
    fn parse(word: &str) -> Self {
        match word.split_once(':') {
            Some((path, anchor)) => Self { path: path.into(), anchor: Some(anchor.into()) },
            None => Self { path: word.into(), anchor: None },
        }
    }

    /// What is shown: without marks, and without the indentation that all of it has.
    pub fn read(&self, root: &Path) -> Result<String, String> {
        let text = fs::read_to_string(root.join(&self.path))
            .map_err(|error| format!("cannot read {}: {error}", self.path))?;
        let mut inside = self.anchor.is_none();
        let (mut found, mut lines) = (false, Vec::new());
        for line in text.lines() {
            match (marker(line), &self.anchor) {
                (Some((starts, name)), Some(anchor)) if name == anchor => {
                    inside = starts;
                    found |= starts;
                }
                (Some(_), _) => {}
                (None, _) if inside => lines.push(line),
                (None, _) => {}
            }
        }
        match &self.anchor {
            Some(name) if !found => Err(format!(
                "{} has no `ANCHOR: {name}`: add it around the lines to show, or use one of {:?}",
                self.path,
                anchors(&text)
            )),
            Some(name) if inside => {
                Err(format!("{}: `ANCHOR: {name}` has no `ANCHOR_END: {name}`", self.path))
            }
            _ => Ok(dedent(&lines)),
        }
    }
}

/// The anchors of a file.
pub fn anchors(text: &str) -> Vec<&str> {
    text.lines().filter_map(marker).filter(|(starts, _)| *starts).map(|(_, name)| name).collect()
}

/// A comment that is only there for the book: whether an anchor starts, and its name.
fn marker(line: &str) -> Option<(bool, &str)> {
    let line = line.trim();
    let comment = ["//", "#", "<!--", "/*"].iter().find_map(|mark| line.strip_prefix(mark))?.trim();
    let (starts, rest) = match comment.strip_prefix("ANCHOR: ") {
        Some(rest) => (true, rest),
        None => (false, comment.strip_prefix("ANCHOR_END: ")?),
    };
    rest.split_whitespace().next().map(|name| (starts, name))
}

fn dedent(lines: &[&str]) -> String {
    let indent = |line: &&&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(|l| indent(&l)).min();
    let cut = common.unwrap_or(0);
    lines.iter().map(|line| format!("{}\n", line.get(cut..).unwrap_or(""))).collect()
}

#[cfg(test)]
mod tests;
