//! The project's tasks: `cargo xtask help` lists them.

mod autobahn;
mod bench;
mod book;
mod check;
mod exercises;
mod faults;
mod fuzz;
mod saves;
mod soak;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

const HELP: &str = "\
cargo xtask next            how far you are, and the next exercise
cargo xtask hint [NAME]     one more hint, for that or for a named one; --again: those given already
cargo xtask watch           the next exercise, run anew at each save
cargo xtask grade FOLDER    a class as a table: FOLDER has one folder for each student; --out FILE.csv,
                            --seconds N (for the checks of one exercise, 30 unless said)
cargo xtask book            the book, as a website of plain files in target/book
cargo xtask serve [PORT]    the book on a port of this machine, built anew at each save
cargo xtask check [PART…]   everything that must hold before a change lands; parts:
                            style, package, book, exercises, node, python, browser, autobahn
                            (all unless some are named); faults (in full, a quarter of an hour)
cargo xtask bench [WORD…]   what the server costs beside its peers, in target/bench; words: --quick (two
                            minutes), scenarios and peers (all unless some are named), --before FILE
                            (a bench server kept from before a change)
cargo xtask fuzz [TARGET…]  all fuzz targets or the named ones, --seconds N each (60 unless said)
cargo xtask soak            the release server under load and bad input: --minutes N (10 unless said),
                            --clients N (1000)
";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["next"] => exercises::next(),
        ["hint"] => exercises::hint(None, false),
        ["hint", "--again"] => exercises::hint(None, true),
        ["hint", name] => exercises::hint(Some(name), false),
        ["hint", name, "--again"] | ["hint", "--again", name] => exercises::hint(Some(name), true),
        ["watch"] => exercises::watch(),
        ["grade", args @ ..] => exercises::grade(args),
        ["book"] => book::build(),
        ["serve"] => book::serve(0),
        ["serve", port] => {
            book::serve(port.parse().with_context(|| format!("{port:?} is no port"))?)
        }
        ["check", parts @ ..] => check::run(parts),
        ["bench", args @ ..] => bench::run(args),
        ["fuzz", args @ ..] => fuzz::run(args),
        ["soak", args @ ..] => soak::run(args),
        [] | ["help" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        [unknown, ..] => bail!("there is no task {unknown:?}\n\n{HELP}"),
    }
}

/// The root of the repository.
fn root() -> PathBuf {
    // Cargo says it anew at each run: since this was built the folder may have been moved.
    let xtask = std::env::var("CARGO_MANIFEST_DIR");
    let xtask = xtask.as_deref().unwrap_or(env!("CARGO_MANIFEST_DIR"));
    Path::new(xtask).parent().expect("xtask is in the repository").into()
}
