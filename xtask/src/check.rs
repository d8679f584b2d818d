//! The checks that `cargo test` leaves out, because they need Node, Python or a browser.
//!
//! Each part installs what it lacks from the package registries, and fails if it cannot: nothing is skipped
//! in silence.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::time::Instant;
use xshell::{Shell, cmd};

type Part = fn(&Shell) -> Result<()>;

const PARTS: [(&str, Part); 9] = [
    ("style", style),
    ("package", package),
    ("book", book),
    ("exercises", crate::exercises::check::run),
    ("node", node),
    ("python", python),
    ("browser", browser),
    ("autobahn", crate::autobahn::run),
    (LONG, crate::faults::run),
];
/// Takes so long that it is done only when it is named.
const LONG: &str = "faults";

/// Runs the named parts, or all but the long one.
pub fn run(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|(part, _)| part != *name)) {
        bail!("there is no part {unknown:?}: use {:?}", PARTS.map(|(name, _)| name));
    }
    let shell = Shell::new()?;
    shell.change_dir(crate::root());
    for (name, part) in PARTS {
        if names.is_empty() && name != LONG || names.contains(&name) {
            let start = Instant::now();
            part(&shell).with_context(|| format!("check {name} failed"))?;
            println!("check {name}: passed in {:.0?}", start.elapsed());
        }
    }
    Ok(())
}

/// Formatting, lints, documentation.
fn style(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo fmt --all --check").run()?;
    cmd!(shell, "cargo clippy --workspace --all-targets -- -D warnings").run()?;
    let _strict = shell.push_env("RUSTDOCFLAGS", "-D warnings");
    cmd!(shell, "cargo doc --no-deps --package tide-socketio --lib").run()?;
    Ok(())
}

/// The crate as it would be published builds on its own.
fn package(shell: &Shell) -> Result<()> {
    // In a folder of its own: cargo takes the copy for the package itself, and what it has built of the copy for what
    // it would build here. From then on it would not see any change of a source.
    let apart = shell.current_dir().join("target/packaged");
    cmd!(shell, "cargo package --allow-dirty --package tide-socketio --target-dir {apart}")
        .run()?;
    Ok(())
}

/// The book builds.
fn book(_: &Shell) -> Result<()> {
    crate::book::build()
}

/// Our server and our client against the official ones, in Node; and the chapters' transcripts against
/// their originals.
fn node(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo build --example interop").run()?;
    let server = example(shell, "interop");
    {
        let _dir = shell.push_dir("tests/interop");
        install_node_packages(shell)?;
    }
    play_originals(shell)?;
    let _dir = shell.push_dir("tests/interop");
    for client in ["official", "ours"] {
        let _client = shell.push_env("CLIENT", client);
        for server in ["node reference.mjs", &server] {
            let _server = shell.push_env("SERVER_CMD", server);
            println!("the {client} client against `{server}`");
            cmd!(shell, "node --test client.test.mjs").run()?;
        }
    }
    Ok(())
}

/// The same bytes from the JavaScript of each chapter as from its Rust.
fn play_originals(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo build --package wire").run()?;
    let wire = programs(shell).join("wire");
    let _modules =
        shell.push_env("NODE_PATH", shell.current_dir().join("tests/interop/node_modules"));
    for chapter in shell.read_dir("chapters")? {
        let (transcript, original) = (chapter.join("transcript.wire"), chapter.join("original.js"));
        if shell.path_exists(&transcript) {
            cmd!(shell, "{wire} {transcript} node {original}").run()?;
        }
    }
    Ok(())
}

/// The Python client against our server.
fn python(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo build --example interop").run()?;
    let server = example(shell, "interop");
    let venv = shell.current_dir().join("target/python");
    if !shell.path_exists(venv.join("bin/pip")) {
        cmd!(shell, "python3 -m venv {venv}").run()?;
    }
    let pip = venv.join("bin/pip");
    cmd!(
        shell,
        "{pip} install --quiet --disable-pip-version-check -r tests/interop/requirements.txt"
    )
    .run()?;
    let python = venv.join("bin/python");
    cmd!(shell, "{python} tests/interop/client.py {server}").run()?;
    Ok(())
}

/// The pages in Chromium: both clients, both servers.
fn browser(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo build --bins").run()?;
    let programs = programs(shell);
    let ours = programs.join("ch05_full_client").display().to_string();
    let reference = shell.current_dir().join("chapters/ch05_full_client/original.js");
    let reference = format!("node {}", reference.display());
    install_chromium(shell)?;
    let _dir = shell.push_dir("tests/interop");
    install_node_packages(shell)?;
    for client in ["official", "ours"] {
        let _client = shell.push_env("CLIENT", client);
        for server in [&reference, &ours] {
            let _server = shell.push_env("SERVER_CMD", server);
            println!("the {client} client in a browser, against `{server}`");
            cmd!(shell, "node --test chat.test.mjs").run()?;
        }
        println!("the pages of the chapters with the {client} client");
        cmd!(shell, "node --test chapters.test.mjs").run()?;
        let _programs = shell.push_env("PROGRAMS", &programs);
        cmd!(shell, "node --test chapters.test.mjs").run()?;
    }
    let _server = shell.push_env("SERVER", &ours);
    println!("people in browsers, while the chat is attacked");
    cmd!(shell, "node --test attacks.test.mjs").run()?;
    Ok(())
}

/// Where cargo puts what it builds.
fn programs(shell: &Shell) -> PathBuf {
    let target = shell.var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    shell.current_dir().join(target).join("debug")
}

fn example(shell: &Shell, name: &str) -> String {
    programs(shell).join("examples").join(name).display().to_string()
}

fn install_node_packages(shell: &Shell) -> Result<()> {
    if cmd!(shell, "node --version").quiet().ignore_stdout().run().is_err() {
        bail!("Node is not installed: version 20 or later is needed for this check");
    }
    cmd!(shell, "npm ci --silent").run().context("npm could not install the official packages")
}

/// Debian's Chromium, unless `CHROMIUM` names another.
fn install_chromium(shell: &Shell) -> Result<()> {
    let named = shell.var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if shell.path_exists(&named) {
        return Ok(());
    }
    cmd!(shell, "apt-get update --quiet --quiet").run()?;
    cmd!(shell, "apt-get install --quiet --quiet --yes --no-install-recommends chromium")
        .run()
        .context("install Chromium, or name one in CHROMIUM")
}
