//! The code within a sentence: commands, files and packets that there are.

use crate::exercises::TEXTS;
use crate::pages::PAGES;
use crate::{files, none, read, root};
use std::sync::LazyLock;

#[test]
fn every_command_exists() {
    let mut problems = Vec::new();
    for page in PAGES.iter().chain(TEXTS.iter()) {
        let blocks = page.blocks.iter().filter(|block| block.language == "console");
        let shown = blocks.flat_map(|block| &block.body);
        let shown = shown.map(|line| (line.number, line.text.trim_start_matches("$ ")));
        let spoken = page
            .prose
            .iter()
            .flat_map(|line| line.split().0.into_iter().map(move |code| (line.number, code)));
        for (line, command) in shown.chain(spoken) {
            if let Err(problem) = exists(command) {
                problems.push(format!("{}: `{command}`: {problem}", page.at(line)));
            }
        }
    }
    none(&problems);
}

/// Whether what a command names is there. Others than cargo's and node's we do not know.
fn exists(command: &str) -> Result<(), String> {
    let manifest = read("Cargo.toml");
    let has =
        |kind: &str, name: &str| manifest.contains(&format!("[[{kind}]]\nname = \"{name}\"\n"));
    let words: Vec<&str> = command.split_whitespace().filter(|w| !w.contains('=')).collect();
    let known = match words.as_slice() {
        ["cargo", "run", "--bin", name, ..] => has("bin", name),
        ["cargo", "run", "--example", name, ..] => has("example", name),
        ["cargo", "test", "--test", name, ..] => {
            let files = [format!("tests/{name}.rs"), format!("tests/{name}/main.rs")];
            has("test", name) || files.iter().any(|file| root().join(file).is_file())
        }
        ["cargo", "xtask", name, ..] => {
            read("xtask/src/main.rs").contains(&format!("cargo xtask {name} "))
        }
        ["node", file, ..] => root().join(file).is_file(),
        ["cargo", "run" | "test" | "doc" | "add" | "new" | "fetch", ..]
        | ["git" | "cd" | "npm", ..] => true,
        ["cargo", other, ..] => return Err(format!("this test does not know `cargo {other}`")),
        _ => true,
    };
    if known { Ok(()) } else { Err("there is no such thing to run: mend the name".into()) }
}

#[test]
fn a_command_that_is_not_there_is_found() {
    assert!(exists("cargo run --bin ch05_full_client").is_ok());
    assert!(exists("PORT=0 cargo run --bin ch05_full_client").is_ok());
    assert!(exists("cargo xtask book").is_ok());
    assert!(exists("cargo test --test book").is_ok());
    assert!(exists("socket.emit(…)").is_ok());
    assert!(exists("cargo run --bin ch99").is_err());
    assert!(exists("cargo xtask boo").is_err());
    assert!(exists("cargo test --test boo").is_err());
    assert!(exists("node boo.js").is_err());
    assert!(exists("cargo boo").is_err());
}

/// A word that begins like a path of the repository is one, and so is what ends like a file of Rust.
#[test]
fn every_file_named_exists() {
    const FOLDERS: [&str; 7] =
        ["book/", "chapters/", "src/", "static/", "tests/", "xtask/", "fuzz/"];
    let mut problems = Vec::new();
    for page in PAGES.iter().chain(TEXTS.iter()) {
        for line in &page.prose {
            for code in line.split().0 {
                let is_one = !code.contains(['…', '*', ' ', '}']);
                let is_path = is_one && FOLDERS.iter().any(|folder| code.starts_with(folder));
                let is_name = is_one && !is_path && code.ends_with(".rs");
                if (is_path && !root().join(code).exists()) || (is_name && !ends_a_path(code)) {
                    let place = page.at(line.number);
                    problems.push(format!("{place}: there is no {code}: mend the path"));
                }
            }
        }
    }
    none(&problems);
}

fn ends_a_path(name: &str) -> bool {
    static RUST: LazyLock<Vec<String>> = LazyLock::new(|| {
        let all = ["chapters", "src", "tests", "xtask", "fuzz", "benches"].into_iter();
        all.flat_map(files).filter(|path| path.ends_with(".rs")).collect()
    });
    RUST.iter().any(|path| path.ends_with(&format!("/{name}")))
}

/// Transcripts, which a test plays, and tests.
static SEEN: LazyLock<String> = LazyLock::new(|| {
    let files = ["chapters", "src", "tests"].into_iter().flat_map(files);
    let seen = files.filter(|path| path.ends_with(".wire") || path.contains("tests"));
    let texts = seen.filter(|path| !path.starts_with("tests/book/"));
    texts.filter_map(|path| std::fs::read_to_string(root().join(path)).ok()).collect()
});

/// A packet in a sentence is one that a transcript or a test holds.
#[test]
fn every_packet_was_seen() {
    let mut problems = Vec::new();
    for page in PAGES.iter() {
        for line in &page.prose {
            for code in line.split().0.into_iter().filter(|code| is_packet(code)) {
                let escaped = code.replace('"', "\\\"");
                if !SEEN.contains(code) && !SEEN.contains(&escaped) {
                    problems.push(format!(
                        "{}: no transcript and no test has the packet `{code}`: take one that was sent",
                        page.at(line.number)
                    ));
                }
            }
        }
    }
    none(&problems);
}

/// Digits, perhaps a namespace, and then JSON. Whatever has dots for what is left out is none.
fn is_packet(code: &str) -> bool {
    let rest = code.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    rest.len() < code.len() && rest.starts_with(['[', '{', '/']) && !code.contains('…')
}

#[test]
fn a_packet_is_known_by_its_look() {
    assert!(is_packet("42[\"chat\"]") && is_packet("40{}") && is_packet("41/admin,"));
    assert!(!is_packet("42[…]") && !is_packet("vec[0]") && !is_packet("3000") && !is_packet("[1]"));
}
