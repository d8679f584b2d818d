//! The servers that are measured, and what makes them ready.

use anyhow::{Context, Result};
use benches::scenario::{Kind, Scenario};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Our own.
pub const OURS: &str = "tide-socketio";
/// The one that the others are compared with.
pub const BASE: &str = "socketioxide";

/// All, in the order of the report.
pub const NAMES: [&str; 8] =
    ["before", OURS, BASE, "socketioxide-nodelay", "node", "python", "limit-frame", "limit-batch"];

/// A server that can be started.
#[derive(Debug)]
pub struct Peer {
    pub name: &'static str,
    /// What starts it. The port takes the place of [`PORT`].
    pub command: Vec<String>,
}

/// Stands for the port in a command.
pub const PORT: &str = "PORT";

impl Peer {
    /// Whether it knows what the scenario needs.
    pub fn plays(&self, scenario: &Scenario) -> bool {
        let limit = self.name.starts_with("limit-");
        !(limit && matches!(scenario.kind, Kind::Polling | Kind::Rooms { .. }))
    }
}

/// Where things are.
#[derive(Debug)]
pub struct Place {
    /// The repository.
    pub root: PathBuf,
    /// The programs of the release profile.
    pub programs: PathBuf,
    /// The target directory of the Rust peer, a package of its own.
    pub rust_peer: PathBuf,
    /// What is written.
    pub report: PathBuf,
}

impl Place {
    pub fn find(shell: &Shell) -> Result<Self> {
        let root =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().context("a parent")?.to_owned();
        let programs = std::env::current_exe()?.parent().context("a directory")?.to_owned();
        let target = programs.parent().context("a target directory")?;
        let (rust_peer, report) = (target.join("peers"), target.join("bench"));
        shell.create_dir(&report)?;
        Ok(Self { root, programs, rust_peer, report })
    }

    pub fn peer(&self, language: &str) -> PathBuf {
        self.root.join("benches/peers").join(language)
    }

    fn python(&self) -> PathBuf {
        self.report.join("python/bin")
    }
}

/// Builds and installs those that are wanted. One that cannot be had is left out with a word; without our
/// own there is nothing to report.
pub fn ready(
    shell: &Shell,
    place: &Place,
    before: Option<&Path>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Peer>> {
    let mut peers = Vec::new();
    for name in NAMES.into_iter().filter(|name| wanted(name)) {
        let program = |path: PathBuf, args: &[&str]| {
            let args = args.iter().copied().map(str::to_owned);
            Peer {
                name,
                command: std::iter::once(path.display().to_string()).chain(args).collect(),
            }
        };
        let limit = place.programs.join("limit");
        let rust_peer = place.rust_peer.join("release/peer");
        let (made, peer) = match name {
            "before" => match before {
                Some(path) => (Ok(()), program(path.into(), &["--port", PORT])),
                None => continue,
            },
            OURS => {
                let path = place.programs.join("examples/bench");
                (Ok(ours(shell, place)?), program(path, &["--port", PORT]))
            }
            BASE => (rust(shell, place), program(rust_peer, &[PORT])),
            "socketioxide-nodelay" => (rust(shell, place), program(rust_peer, &[PORT, "nodelay"])),
            "node" => {
                let server = place.peer("node").join("server.mjs").display().to_string();
                (node(shell, place), program("node".into(), &[&server, PORT]))
            }
            "python" => {
                let server = place.peer("python").join("server.py").display().to_string();
                (python(shell, place), program(place.python().join("python"), &[&server, PORT]))
            }
            "limit-frame" => (Ok(()), program(limit, &[PORT, "frame"])),
            _ => (Ok(()), program(limit, &[PORT, "batch"])),
        };
        match made {
            Ok(()) => peers.push(peer),
            Err(error) => eprintln!("{name} is left out: {error:#}"),
        }
    }
    Ok(peers)
}

fn ours(shell: &Shell, place: &Place) -> Result<()> {
    let _root = shell.push_dir(&place.root);
    // Beside this program, wherever that is.
    let target = place.programs.parent().context("a target directory")?;
    cmd!(shell, "cargo build --release --example bench --target-dir {target}").quiet().run()?;
    Ok(())
}

fn rust(shell: &Shell, place: &Place) -> Result<()> {
    let _dir = shell.push_dir(place.peer("rust"));
    let target = &place.rust_peer;
    cmd!(shell, "cargo build --release --locked --target-dir {target}").quiet().run()?;
    Ok(())
}

fn node(shell: &Shell, place: &Place) -> Result<()> {
    let _dir = shell.push_dir(place.peer("node"));
    if !shell.path_exists("node_modules/socket.io") {
        cmd!(shell, "npm ci --silent").quiet().run()?;
    }
    Ok(())
}

fn python(shell: &Shell, place: &Place) -> Result<()> {
    let (pip, venv) = (place.python().join("pip"), place.report.join("python"));
    if !shell.path_exists(&pip) {
        cmd!(shell, "python3 -m venv {venv}").quiet().run()?;
    }
    let requirements = place.peer("python").join("requirements.txt");
    cmd!(shell, "{pip} install --quiet --disable-pip-version-check -r {requirements}")
        .quiet()
        .run()?;
    Ok(())
}

/// The versions of those libraries that are installed.
pub fn versions(shell: &Shell, place: &Place) -> Result<Vec<String>> {
    let mut versions = Vec::new();
    let lock = shell.read_file(place.peer("rust").join("Cargo.lock"))?;
    for name in ["socketioxide", "axum", "tokio"] {
        let entry = format!("name = \"{name}\"\nversion = \"");
        let version = lock.split_once(&entry).and_then(|(_, rest)| rest.split('"').next());
        versions.extend(version.map(|version| format!("{name} {version}")));
    }
    for name in ["socket.io", "ws"] {
        let package = place.peer("node").join("node_modules").join(name).join("package.json");
        if let Ok(text) = shell.read_file(package) {
            let package: serde_json::Value = serde_json::from_str(&text)?;
            versions.extend(package["version"].as_str().map(|version| format!("{name} {version}")));
        }
    }
    let requirements = shell.read_file(place.peer("python").join("requirements.txt"))?;
    versions.extend(requirements.lines().map(|line| line.replace("==", " ")));
    Ok(versions)
}
