//! `cargo xtask book` and `cargo xtask serve`: the course as a website of plain files.

mod changes;
mod diagram;
mod directive;
mod exercises;
mod preprocessor;
mod serve;

pub use serve::serve;

use crate::root;
use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use preprocessor::Listings;
use std::path::PathBuf;
use std::time::Instant;

/// Builds the book into `target/book`.
pub fn build() -> Result<()> {
    let start = Instant::now();
    let output = render(false)?;
    println!("the book is in {} ({:.1?})", output.join("index.html").display(), start.elapsed());
    Ok(())
}

/// Renders it; a book that is served reloads itself when it changes.
fn render(served: bool) -> Result<PathBuf> {
    let root = root();
    let mut book = MDBook::load(root.join("book")).context("cannot load book/book.toml")?;
    if served {
        book.config.set("output.html.additional-js", ["reload.js"])?;
    }
    let listings = Listings::new(root);
    let problems = listings.problems();
    book.with_preprocessor(listings);
    let output = book.build_dir_for("html");
    book.build()?;
    let problems = problems.borrow();
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(output)
}
