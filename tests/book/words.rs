//! The vocabulary of the book: a word that is not in `book/words.txt` is misspelt, or it is new.
//!
//! A list of our own needs no dictionary on the machine, and keeps the words few and plain: who adds one,
//! adds it on purpose. A word that no page uses any more goes, so a mistake cannot hide in the list.

use crate::exercises::TEXTS;
use crate::pages::{Line, PAGES};
use crate::{none, read};
use std::collections::{BTreeMap, BTreeSet};

const LIST: &str = "book/words.txt";

#[test]
fn every_word_is_in_the_list() {
    let list = read(LIST);
    let known: BTreeSet<&str> = list.lines().collect();
    let mut problems = Vec::new();
    for (word, place) in used() {
        if !known.contains(&*word) {
            problems.push(format!("{place}: \"{word}\": mend it, or add it to {LIST}"));
        }
    }
    none(&problems);
}

#[test]
fn every_word_in_the_list_is_used() {
    let (list, used) = (read(LIST), used());
    let mut problems = Vec::new();
    let mut before = "";
    for (index, word) in list.lines().enumerate() {
        let place = format!("{LIST}:{}", index + 1);
        if word <= before {
            problems.push(format!("{place}: \"{word}\" comes before \"{before}\": sort the list"));
        }
        if !used.contains_key(word) {
            problems.push(format!("{place}: no page uses \"{word}\": take it out"));
        }
        before = word;
    }
    none(&problems);
}

/// Every word, and where it is first used.
fn used() -> BTreeMap<String, String> {
    let mut used = BTreeMap::new();
    for page in PAGES.iter().chain(TEXTS.iter()) {
        for line in &page.prose {
            for word in words(line) {
                used.entry(word).or_insert_with(|| page.at(line.number));
            }
        }
    }
    used
}

/// The English words of a line: no code, no tags, no directives, no addresses, no single letters.
pub fn words(line: &Line) -> Vec<String> {
    let (_, text) = line.split();
    let mut plain = String::new();
    let mut skip = None;
    for (index, c) in text.char_indices() {
        match (skip, c) {
            (None, '<') => skip = Some('>'),
            (None, '{') => skip = Some('}'),
            (None, '(') if text[..index].ends_with(']') => skip = Some(')'),
            (None, _) => plain.push(c),
            (Some(end), _) if c == end => skip = None,
            _ => {}
        }
    }
    let tokens = plain.split_whitespace();
    let tokens = tokens.filter(|token| !token.contains("://"));
    let words = tokens.flat_map(|token| token.split(|c: char| !c.is_alphabetic() && c != '\''));
    let words = words.map(|word| word.trim_matches('\'').trim_end_matches("'s").to_lowercase());
    words.filter(|word| word.len() > 1 && word.is_ascii()).collect()
}

#[test]
fn the_words_of_a_line() {
    let words = |text: &str| words(&Line { number: 1, text: text.into() });
    assert_eq!(
        words("A *socket*'s `id`: don't [look](a/b.md), <b>see</b>."),
        ["socket", "don't", "look", "see"]
    );
    assert_eq!(words("{{#wire chapters/x.wire}} ## Open {#engine-open}"), ["open"]);
    assert_eq!(words("http://localhost:3000 안녕 well-kept"), ["well", "kept"]);
}
