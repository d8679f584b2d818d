//! The project's tasks: `cargo xtask check`.

mod check;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask check [PART…]   everything that must hold before a change lands; parts:
                            style, package, node, python, browser (all unless some are named)
";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["check", parts @ ..] => check::run(parts),
        [] | ["help" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        [unknown, ..] => bail!("there is no task {unknown:?}\n\n{HELP}"),
    }
}
