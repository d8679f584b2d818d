//! No code is typed into a page: it is taken from a file that is compiled, or loaded by a test.

use crate::directive::{Directive, Listing, anchors};
use crate::pages::{Block, PAGES, Page};
use crate::{files, none, read, root};

#[test]
fn every_block_is_one_include() {
    let problems = PAGES.iter().flat_map(|page| {
        page.blocks.iter().filter_map(|block| {
            check(block).err().map(|problem| format!("{}: {problem}", page.at(block.line)))
        })
    });
    none(&problems.collect::<Vec<_>>());
}

fn check(block: &Block) -> Result<(), String> {
    let endings: &[&str] = match &*block.language {
        "console" => {
            return match block.body.iter().find(|line| !line.text.starts_with("$ ")) {
                Some(line) => Err(format!(
                    "`{}` is no command: start it with `$ `, and show output with {{{{#wire …}}}}",
                    line.text
                )),
                None => Ok(()),
            };
        }
        "rust" => &[".rs"],
        "javascript" => &[".js", ".mjs"],
        "html" => &[".html"],
        other => {
            return Err(format!("a block of {other:?}: use rust, javascript, html or console"));
        }
    };
    let [line] = &*block.body else {
        return Err("put one {{#include FILE:ANCHOR}} into the block, and nothing else".into());
    };
    match Directive::parse(&line.text) {
        Some(Ok(Directive::Include(listing))) => {
            if !endings.iter().any(|ending| listing.path.ends_with(ending)) {
                return Err(format!("{} is not {}", listing.path, block.language));
            }
            is_tested(&listing)
        }
        Some(Err(problem)) => Err(problem),
        _ => Err("the code is typed by hand: put it into a file and {{#include}} that".into()),
    }
}

/// Something must fail when the file is wrong.
fn is_tested(listing: &Listing) -> Result<(), String> {
    let path = &listing.path;
    let (folder, name) = path.rsplit_once('/').unwrap_or_default();
    let is_target = read("Cargo.toml").contains(&format!("path = \"{path}\""));
    let is_served = || {
        let main = std::fs::read_to_string(root().join(folder).join("main.rs"));
        main.is_ok_and(|main| main.contains(&format!("include_str!(\"{name}\")")))
    };
    // A module that the chapters share.
    let is_shared = || {
        let mut programs = files("chapters").into_iter().filter(|file| file.ends_with("/main.rs"));
        folder == "chapters" && programs.any(|file| read(&file).contains(&format!("\"../{name}\"")))
    };
    let is_original = name == "original.js" && folder.starts_with("chapters/");
    let is_ours = ["src/", "static/", "tests/"].iter().any(|folder| path.starts_with(folder));
    if is_target || is_ours || is_original || is_served() || is_shared() {
        return Ok(());
    }
    Err(format!(
        "nothing compiles or loads {path}: name it in Cargo.toml, or serve it from main.rs"
    ))
}

#[test]
fn everything_taken_from_a_file_is_there() {
    let mut problems = Vec::new();
    for (place, directive) in directives() {
        match directive {
            Ok(directive) => {
                problems.extend(listings(&directive).into_iter().filter_map(|listing| {
                    listing.read(root()).err().map(|problem| format!("{place}: {problem}"))
                }))
            }
            Err(problem) => problems.push(format!("{place}: {problem}")),
        }
    }
    none(&problems);
}

/// An anchor that no page shows is left over from one that did.
#[test]
fn every_anchor_is_shown() {
    let used: Vec<(String, String)> = directives()
        .filter_map(|(_, directive)| directive.ok())
        .flat_map(|directive| {
            let listings = listings(&directive).into_iter();
            listings.filter_map(|l| Some((l.path.clone(), l.anchor.clone()?))).collect::<Vec<_>>()
        })
        .collect();
    let mut problems = Vec::new();
    for path in ["chapters", "src", "static"].into_iter().flat_map(files) {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        for name in anchors(&text) {
            if !used.iter().any(|(file, anchor)| *file == path && anchor == name) {
                let mark = format!("ANCHOR: {name}");
                let line = text.lines().position(|line| line.ends_with(&mark)).unwrap_or(0) + 1;
                problems.push(format!(
                    "{path}:{line}: no page shows this anchor: \
                     {{{{#include {path}:{name}}}}} it, or take it out"
                ));
            }
        }
    }
    none(&problems);
}

/// Code belongs into a block. A table that a test writes is Markdown and does not; the others make their own.
#[test]
fn every_directive_is_in_its_place() {
    let mut problems = Vec::new();
    for page in PAGES.iter() {
        for line in &page.prose {
            if let Some(Ok(Directive::Include(listing))) = Directive::parse(&line.text)
                && !listing.path.ends_with(".md")
            {
                let place = page.at(line.number);
                problems.push(format!("{place}: put ```rust and ``` around this include"));
            }
        }
    }
    none(&problems);
}

/// Every directive of every page, and where it stands.
pub fn directives() -> impl Iterator<Item = (String, Result<Directive, String>)> {
    PAGES.iter().flat_map(|page: &Page| {
        let in_blocks = page.blocks.iter().flat_map(|block| &block.body);
        let lines = in_blocks.chain(&page.prose);
        lines.filter_map(|line| Some((page.at(line.number), Directive::parse(&line.text)?)))
    })
}

fn listings(directive: &Directive) -> Vec<&Listing> {
    match directive {
        Directive::Include(listing) | Directive::Wire(listing) => vec![listing],
        Directive::Changes { from, to } => vec![from, to],
        Directive::Exercises(_) => Vec::new(),
    }
}
