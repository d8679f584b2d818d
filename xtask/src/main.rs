//! The project's tasks: `cargo xtask help` lists them.

mod book;
mod check;

use anyhow::{Context, Result, bail};

const HELP: &str = "\
cargo xtask book            the book, as a website of plain files in target/book
cargo xtask serve [PORT]    the book on a port of this machine, built anew at each save
cargo xtask check [PART…]   everything that must hold before a change lands; parts:
                            style, package, book, node, python, browser (all unless some are named)
";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["book"] => book::build(),
        ["serve"] => book::serve(0),
        ["serve", port] => {
            book::serve(port.parse().with_context(|| format!("{port:?} is no port"))?)
        }
        ["check", parts @ ..] => check::run(parts),
        [] | ["help" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        [unknown, ..] => bail!("there is no task {unknown:?}\n\n{HELP}"),
    }
}
