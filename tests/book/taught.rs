//! An exercise can be solved with what the book has shown by then. A solution may use no function, type or module
//! that a reader would have to know from elsewhere.

use crate::directive::Directive;
use crate::exercises::exercises;
use crate::list::Exercise;
use crate::pages::{PAGES, Page};
use crate::{none, read, root};
use std::collections::BTreeSet;

/// Pages that are open beside every chapter.
const AT_HAND: [&str; 5] = ["start", "map", "phrasebook", "glossary", "wire"];

#[test]
fn a_solution_needs_nothing_from_outside_the_book() {
    let mut problems = Vec::new();
    for exercise in exercises() {
        let shown = shown(&exercise);
        let solution = exercise.solution();
        for (index, line) in read(&solution).lines().enumerate() {
            for word in names(line).into_iter().filter(|word| !shown.contains(*word)) {
                let (at, folder) = (index + 1, &exercise.folder);
                problems.push(format!(
                    "{solution}:{at}: no page before it shows `{word}`: say it in the task, in a hint of \
                     {folder}/exercise.toml, or in book/src/phrasebook.md"
                ));
            }
        }
    }
    none(&problems);
}

/// What JavaScript does not write so, and how it begins where a page explains it.
const CONSTRUCTS: [(&str, &str); 8] = [
    ("if let ", "`if let "),
    (" else { return", "= … else { return };`"),
    ("while let ", "`while let`"),
    ("match ", "`match "),
    ("r#\"", "`r#\""),
    ("move |", "`move \\|"),
    ("|_|", "`\\|_\\|`"),
    ("Ok(())", "`Ok(())`"),
];

#[test]
fn what_a_solution_writes_as_javascript_does_not_is_explained() {
    let mut problems = Vec::new();
    for exercise in exercises() {
        let prose: Vec<_> = pages_read(&exercise).flat_map(|page| &page.prose).collect();
        let solution = exercise.solution();
        for (index, line) in read(&solution).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let used = CONSTRUCTS.iter().filter(|(written, _)| code.contains(written));
            for (written, explained) in used {
                if !prose.iter().any(|line| line.text.contains(explained)) {
                    problems.push(format!(
                        "{solution}:{}: no page before it explains `{written}` (it would hold {explained}): say it \
                         in book/src/phrasebook.md",
                        index + 1
                    ));
                }
            }
        }
    }
    none(&problems);
}

/// The pages of whoever has come to an exercise.
fn pages_read(exercise: &Exercise) -> impl Iterator<Item = &'static Page> {
    let chapter = &exercise.chapter[..4];
    PAGES.iter().filter(move |page| {
        let name = page.path.trim_start_matches("book/src/").trim_end_matches(".md");
        AT_HAND.contains(&name) || name.starts_with("ch0") && name <= chapter
    })
}

/// Every word that a reader has seen who has come this far, and has asked for all hints.
fn shown(exercise: &Exercise) -> BTreeSet<String> {
    let pages = pages_read(exercise).map(text);
    let about = &exercise.about;
    let own = [read(&exercise.starter()), about.title.clone(), about.hints.concat()];
    let own_names = read(&exercise.solution());
    let texts = pages.chain(own).collect::<Vec<_>>();
    let words = texts.iter().flat_map(|text| words(text)).map(|(_, word, _)| word);
    words.chain(made(&own_names)).map(str::to_owned).collect()
}

/// A page with the listings in it.
fn text(page: &Page) -> String {
    let blocks = page.blocks.iter().flat_map(|block| &block.body);
    let lines = blocks.chain(&page.prose).map(|line| match Directive::parse(&line.text) {
        Some(Ok(Directive::Include(listing))) => listing.read(root()).unwrap_or_default(),
        Some(_) => String::new(),
        None => line.text.clone() + "\n",
    });
    lines.collect()
}

/// The words of a text, each with what stands before it and behind it.
fn words(text: &str) -> Vec<(&str, &str, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_part).map(|start| at + start) {
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        found.push((&text[..start], &text[start..end], &text[end..]));
        at = end;
    }
    found
}

/// What a line of code has from somewhere: a type, a method, a part of a path.
fn names(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    let from_elsewhere = |(before, word, behind): &(&str, &str, &str)| {
        let is_type = word.starts_with(|c: char| c.is_ascii_uppercase());
        let is_text = before.matches('"').count() % 2 == 1;
        (is_type || before.ends_with(['.', ':']) || behind.starts_with("::")) && !is_text
    };
    words(code).into_iter().filter(from_elsewhere).map(|(_, word, _)| word).collect()
}

/// What is made in a piece of code: its own types, functions, variables and fields.
fn made(code: &str) -> impl Iterator<Item = &str> {
    const MAKERS: [&str; 6] = ["let ", "let mut ", "fn ", "struct ", "enum ", "const "];
    let is_made = |(before, _, behind): &(&str, &str, &str)| {
        let is_field = behind.starts_with(": ") && before.ends_with([' ', '(']);
        is_field || MAKERS.iter().any(|maker| before.ends_with(maker))
    };
    words(code).into_iter().filter(is_made).map(|(_, word, _)| word)
}

#[test]
fn names_from_elsewhere_are_told_from_ones_own() {
    assert_eq!(names("let a = b.c(\"d.e\").f; // g.h()"), ["c", "f"]);
    assert_eq!(names("use x::y::Z;"), ["x", "y", "Z"]);
    let own: Vec<&str> = made("let a = 1; fn b(c: u8) -> D { e.f }").collect();
    assert_eq!(own, ["a", "b", "c"]);
}
