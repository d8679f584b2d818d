//! The exercises of the book, in its order: the targets `ex_…` of Cargo.toml, and what lies beside each starter.
//!
//! The book's tests read them through this file too.

use serde::Deserialize;
use std::fs;
use std::path::Path;

/// One exercise.
#[derive(Debug)]
pub struct Exercise {
    /// The target: `cargo test --test ex_ch03_ack`.
    pub name: String,
    /// The folder of its chapter: `ch03_on_emit`.
    pub chapter: String,
    /// Where it lies, from the root of the repository.
    pub folder: String,
    /// What to do, in Markdown: the head of the starter without its title.
    pub task: String,
    pub about: About,
}

/// What `exercise.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    pub title: String,
    pub kind: Kind,
    pub minutes: u32,
    /// A part of what the untouched starter fails with.
    pub fails_with: String,
    /// By degrees: where to look, what to think of, nearly the answer.
    pub hints: [String; 3],
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum Kind {
    #[serde(rename = "make it do")]
    Do,
    #[serde(rename = "find what is wrong")]
    Find,
    #[serde(rename = "predict the frames")]
    Predict,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Do => "make it do",
            Self::Find => "find what is wrong",
            Self::Predict => "predict the frames",
        }
    }
}

/// The part of Cargo.toml that matters here.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    test: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    path: String,
    #[serde(default = "yes")]
    test: bool,
}

fn yes() -> bool {
    true
}

/// All exercises below a root, in the order of the book.
pub fn all(root: &Path) -> Result<Vec<Exercise>, String> {
    let manifest: Manifest = parse(root, "Cargo.toml")?;
    let targets = manifest.test.iter().filter(|target| target.name.starts_with("ex_"));
    targets.map(|target| Exercise::read(root, target)).collect()
}

impl Exercise {
    fn read(root: &Path, target: &Target) -> Result<Self, String> {
        let Target { name, path, test } = target;
        let ["chapters", chapter, "exercises", folder, "starter.rs"] =
            path.split('/').collect::<Vec<_>>()[..]
        else {
            return Err(format!(
                "Cargo.toml: {name} has the path {path}: use chapters/CHAPTER/exercises/NAME/starter.rs"
            ));
        };
        let number = chapter.split('_').next().unwrap_or_default();
        if *name != format!("ex_{number}_{folder}") {
            return Err(format!("Cargo.toml: {name} is at {path}: call it ex_{number}_{folder}"));
        }
        if *test {
            return Err(format!(
                "Cargo.toml: add `test = false` to {name}: its starter fails on purpose"
            ));
        }
        let folder = format!("chapters/{chapter}/exercises/{folder}");
        Ok(Self {
            name: name.clone(),
            chapter: chapter.to_owned(),
            about: parse(root, &format!("{folder}/exercise.toml"))?,
            task: task(&read(root, path)?),
            folder,
        })
    }

    pub fn starter(&self) -> String {
        format!("{}/starter.rs", self.folder)
    }

    pub fn checks(&self) -> String {
        format!("{}/checks.rs", self.folder)
    }

    pub fn solution(&self) -> String {
        format!("{}/solution.rs", self.folder)
    }
}

/// The head of a starter, without the title.
fn task(starter: &str) -> String {
    let head = starter.lines().map_while(|line| line.strip_prefix("//!"));
    let lines: Vec<&str> =
        head.skip(1).map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n").trim().to_owned()
}

fn read(root: &Path, path: &str) -> Result<String, String> {
    fs::read_to_string(root.join(path)).map_err(|error| format!("{path} cannot be read: {error}"))
}

fn parse<T: serde::de::DeserializeOwned>(root: &Path, path: &str) -> Result<T, String> {
    toml::from_str(&read(root, path)?).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests;
