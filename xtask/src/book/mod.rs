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
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Builds the book into `target/book`.
pub fn build() -> Result<()> {
    let start = Instant::now();
    let output = render(false)?;
    println!("the book is in {} ({:.1?})", shown(&output)?.display(), start.elapsed());
    Ok(())
}

/// The first page of a book, as one may type it in the folder of the project.
fn shown(output: &Path) -> Result<PathBuf> {
    let page = output.join("index.html").canonicalize()?;
    Ok(page.strip_prefix(root().canonicalize()?).map(Path::to_owned).unwrap_or(page))
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

#[cfg(test)]
mod tests;
