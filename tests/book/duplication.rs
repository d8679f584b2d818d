//! Nothing is explained twice: a page that needs what another has says links to it.

use crate::none;
use crate::pages::PAGES;
use crate::words::words;
use std::collections::HashMap;

/// So many words in the same order are no accident.
const RUN: usize = 12;

#[test]
fn no_sentence_is_there_twice() {
    let mut seen: HashMap<Vec<String>, String> = HashMap::new();
    let mut problems = Vec::new();
    for page in PAGES.iter() {
        let all: Vec<(String, usize)> = page
            .prose
            .iter()
            .flat_map(|line| words(line).into_iter().map(|word| (word, line.number)))
            .collect();
        let mut free = 0;
        for (index, run) in all.windows(RUN).enumerate() {
            let text: Vec<String> = run.iter().map(|(word, _)| word.clone()).collect();
            let place = page.at(run[0].1);
            match seen.get(&text) {
                // One report for one stretch.
                Some(first) if index >= free => {
                    problems.push(format!(
                        "{place}: \"{} …\" stands at {first} too: say it once, and link to it",
                        text.join(" ")
                    ));
                    free = index + RUN;
                }
                Some(_) => {}
                None => {
                    seen.insert(text, place);
                }
            }
        }
    }
    none(&problems);
}
