//! The book against what it speaks about. It needs no mdBook, so it is as fast as any other test.
//!
//! Every problem names its file and line, and says what to do.

mod blocks;
mod code;
mod duplication;
mod exercises;
mod links;
mod pages;
mod taught;
mod words;

#[path = "../../xtask/src/book/directive/mod.rs"]
mod directive;

#[path = "../../xtask/src/exercises/list/mod.rs"]
mod list;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder, as paths from the root, in order. What others installed is not ours.
fn files(folder: &str) -> Vec<String> {
    let (mut left, mut found) = (vec![PathBuf::from(folder)], Vec::new());
    while let Some(path) = left.pop() {
        if path.ends_with("node_modules") {
            continue;
        }
        match fs::read_dir(root().join(&path)) {
            Ok(entries) => left.extend(entries.map(|entry| path.join(entry.unwrap().file_name()))),
            Err(_) => found.push(path.to_str().expect("UTF-8").to_owned()),
        }
    }
    found.sort();
    found
}

#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "{} to repair:\n\n{}\n", problems.len(), problems.join("\n"));
}
