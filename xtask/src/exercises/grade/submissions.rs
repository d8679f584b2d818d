//! What the students handed in. Nothing in there is trusted: not its size, its names or its links.

use super::Verdict;
use crate::exercises::list::Exercise;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// More than anybody writes for one exercise.
const LONGEST: u64 = 100_000;
/// More files than the repository has. Whoever hands in more has handed in something else too.
const MOST: usize = 20_000;

pub struct Student {
    pub name: String,
    /// One for each exercise.
    pub handed: Vec<Handed>,
}

pub enum Handed {
    Text(String),
    /// Nothing to run, and why.
    Not(Verdict),
}

/// The folders of a class, in order.
pub fn read(folder: &Path, root: &Path, all: &[Exercise]) -> Result<Vec<Student>> {
    let given = all.iter().map(|exercise| text(&root.join(exercise.starter())));
    let given = given.collect::<Result<Vec<_>>>()?;
    if all.iter().any(|exercise| is_one_submission(folder, exercise)) {
        bail!(
            "{0} is what one student has handed in, and no class: make a folder with one folder for each \
             student, and put {0} there under the name of its student",
            folder.display()
        );
    }
    let entries = fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    let mut students = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Of the entry itself: a link is no folder.
        if !entry.file_type()?.is_dir() || name.starts_with('.') {
            eprintln!("{name} is left out: it is no student's folder");
            continue;
        }
        let files = files(&entry.path());
        if let Some((taken, other)) = twice(&files, all) {
            eprintln!(
                "{name} has the same exercise twice, in {} and in {}: the first is taken. Are these several \
                 students?",
                taken.display(),
                other.display()
            );
        }
        let handed = all.iter().zip(&given).map(|(exercise, given)| hand(&files, exercise, given));
        students.push(Student { name, handed: handed.collect() });
    }
    if students.is_empty() {
        bail!("{} has no folders: make one for each student", folder.display());
    }
    students.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(students)
}

/// Whether the exercises lie in the folder itself.
fn is_one_submission(folder: &Path, exercise: &Exercise) -> bool {
    let path = exercise.starter();
    [&*path, within_chapters(&path)].iter().any(|path| folder.join(path).exists())
}

/// With or without `chapters/`, and perhaps in folders more.
fn within_chapters(path: &str) -> &str {
    path.trim_start_matches("chapters/")
}

/// The files that may be meant by an exercise, the nearest first.
fn found<'a>(files: &'a [PathBuf], exercise: &Exercise) -> impl Iterator<Item = &'a PathBuf> {
    let path = exercise.starter();
    files.iter().filter(move |file| file.ends_with(within_chapters(&path)))
}

/// The first exercise that is there twice: the file that is taken, and another.
pub fn twice<'a>(files: &'a [PathBuf], all: &[Exercise]) -> Option<(&'a PathBuf, &'a PathBuf)> {
    all.iter().find_map(|exercise| {
        let mut found = found(files, exercise);
        found.next().zip(found.next())
    })
}

fn hand(files: &[PathBuf], exercise: &Exercise, given: &str) -> Handed {
    let Some(file) = found(files, exercise).next() else {
        return Handed::Not(Verdict::Missing);
    };
    match text(file) {
        Ok(text) if text.trim_end() == given.trim_end() => Handed::Not(Verdict::NotBegun),
        Ok(text) => Handed::Text(text),
        Err(_) => Handed::Not(Verdict::Unreadable),
    }
}

/// All starters below a folder, those nearest to it first. Links are listed, and not followed.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut level, mut found, mut seen) = (vec![folder.to_owned()], Vec::new(), 0);
    while !level.is_empty() && seen < MOST {
        let mut below = Vec::new();
        for entry in level.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten()
        {
            seen += 1;
            let name = entry.file_name();
            let is_ours = |name: &str| !name.starts_with('.') && name != "target";
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && name.to_str().is_some_and(is_ours) => {
                    below.push(entry.path());
                }
                Ok(kind) if !kind.is_dir() && name == "starter.rs" => found.push(entry.path()),
                _ => {}
            }
        }
        below.sort();
        level = below;
    }
    found
}

/// A text of a sensible length, with the ends of lines that we have.
pub fn text(path: &Path) -> Result<String> {
    let about = fs::symlink_metadata(path).with_context(|| path.display().to_string())?;
    if !about.is_file() || about.len() > LONGEST {
        bail!("{} is no file of at most {LONGEST} bytes", path.display());
    }
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(text.replace("\r\n", "\n"))
}
