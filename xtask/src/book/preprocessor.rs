//! Puts in the place of each directive what it stands for.
//!
//! mdBook has an include of its own. It prints nothing for an anchor that is not there, keeps the
//! indentation of the middle of a function, and knows no transcripts.

use super::directive::{Directive, Listing};
use super::{changes, diagram, exercises};
use mdbook_driver::book::{Book, BookItem};
use mdbook_driver::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use std::cell::RefCell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The preprocessor. It goes through the whole book, and keeps what is wrong on the way.
pub struct Listings {
    root: PathBuf,
    problems: Rc<RefCell<Vec<String>>>,
}

impl Listings {
    pub fn new(root: PathBuf) -> Self {
        Self { root, problems: Rc::default() }
    }

    /// One line for each thing that could not be shown.
    pub fn problems(&self) -> Rc<RefCell<Vec<String>>> {
        self.problems.clone()
    }

    fn expand(&self, page: &Path, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        let mut lines = text.lines().enumerate().peekable();
        let mut in_file = false;
        while let Some((index, line)) = lines.next() {
            if line.starts_with("```")
                && let Some((_, next)) = lines.peek()
                && let Some(Ok(Directive::Include(listing))) = Directive::parse(next)
            {
                // One box of the two, so that a narrow window can put one box below another.
                out += "<div class=\"file\">\n";
                out += &caption(&listing);
                in_file = true;
            }
            let shown = match Directive::parse(line) {
                None => Ok(format!("{line}\n")),
                Some(directive) => directive.and_then(|directive| self.show(&directive)),
            };
            match shown {
                Ok(text) => {
                    out += &text;
                    if line == "```" && std::mem::take(&mut in_file) {
                        out += "\n</div>\n";
                    }
                }
                Err(problem) => self.problems.borrow_mut().push(format!(
                    "book/src/{}:{}: {problem}",
                    page.display(),
                    index + 1
                )),
            }
        }
        out
    }

    fn show(&self, directive: &Directive) -> Result<String, String> {
        match directive {
            Directive::Include(listing) => listing.read(&self.root),
            Directive::Wire(listing) => {
                let text = listing.read(&self.root)?;
                let svg = diagram::draw(&listing.path, &text)?;
                Ok(format!(
                    "{}{svg}\n<details>\n<summary>All of it as text</summary>\n\n\
                     ```text\n{text}```\n\n</details>\n",
                    caption(listing)
                ))
            }
            Directive::Changes { from, to } => changes::show(&self.root, from, to),
            Directive::Exercises(chapter) => exercises::show(&self.root, chapter),
        }
    }
}

/// Which file a listing is from.
fn caption(listing: &Listing) -> String {
    let mut text = String::from("<p class=\"listing\">");
    let _ = write!(text, "<code>{}</code>", listing.path);
    text + "</p>\n\n"
}

impl Preprocessor for Listings {
    fn name(&self) -> &str {
        "listings"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> Result<Book> {
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && let Some(page) = &chapter.source_path
            {
                chapter.content = self.expand(page, &chapter.content);
            }
        });
        Ok(book)
    }
}
