//! The pages, as far as the other tests want to look into them.

use crate::{files, read};
use std::sync::LazyLock;

pub struct Page {
    /// From the root of the repository.
    pub path: String,
    pub blocks: Vec<Block>,
    /// Everything outside of the blocks.
    pub prose: Vec<Line>,
}

/// What stands between two rows of backticks.
pub struct Block {
    pub line: usize,
    pub language: String,
    pub body: Vec<Line>,
}

pub struct Line {
    pub number: usize,
    pub text: String,
}

pub static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let paths = files("book/src").into_iter().filter(|path| path.ends_with(".md"));
    let pages: Vec<Page> = paths.map(|path| Page::parse(path.clone(), &read(&path))).collect();
    assert!(pages.len() > 1, "the pages are in book/src");
    pages
});

impl Page {
    pub fn parse(path: String, text: &str) -> Self {
        let mut page = Self { path, blocks: Vec::new(), prose: Vec::new() };
        let mut open: Option<Block> = None;
        for (index, text) in text.lines().enumerate() {
            let line = Line { number: index + 1, text: text.to_owned() };
            match (&mut open, text.trim_start().strip_prefix("```")) {
                (None, Some(language)) => {
                    let language = language.trim().to_owned();
                    open = Some(Block { line: line.number, language, body: Vec::new() });
                }
                (None, None) => page.prose.push(line),
                (Some(_), Some(_)) => page.blocks.extend(open.take()),
                (Some(block), None) => block.body.push(line),
            }
        }
        if let Some(block) = open {
            panic!("{}:{}: this block has no end: add ```", page.path, block.line);
        }
        page
    }

    pub fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

impl Line {
    /// The code in the line, and the words around it.
    pub fn split(&self) -> (Vec<&str>, String) {
        let mut code = Vec::new();
        let mut words = String::new();
        for (index, part) in self.text.split('`').enumerate() {
            if index % 2 == 1 {
                code.push(part);
            } else {
                words += part;
            }
            words.push(' ');
        }
        (code, words)
    }
}

#[test]
fn blocks_and_prose_are_told_apart() {
    let page = Page::parse("p".into(), "one `two` three\n```rust\nfour\n```\nfive");
    assert_eq!((page.blocks.len(), page.prose.len()), (1, 2));
    assert_eq!((page.blocks[0].line, &*page.blocks[0].language), (2, "rust"));
    assert_eq!(page.blocks[0].body[0].number, 3);
    assert_eq!(page.prose[0].split(), (vec!["two"], "one    three ".to_owned()));
    assert_eq!(page.at(7), "p:7");
}
