//! Where a student's program runs: without a network, with little memory, and with nothing of the teacher's
//! environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// New namespaces for users, networks and processes: only loopback is there, and when its first process ends,
/// all end.
const UNSHARE: [&str; 8] =
    ["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--"];
/// Loopback is down in a new namespace.
const LOOPBACK: &str = "ip link set lo up || exit 1; ";
/// In kilobytes, where the system knows such a limit.
const MEMORY: &str = "{ ulimit -v 8000000 || true; } 2>/dev/null; exec \"$@\"";

pub struct Jail {
    folder: PathBuf,
    /// Whether the network is out of reach.
    pub is_closed: bool,
}

impl Jail {
    /// Finds out whether this system lets us, and says so if it does not.
    pub fn new(folder: &Path) -> Self {
        let mut jail = Self { folder: folder.to_owned(), is_closed: true };
        let mut probe = jail.command(Path::new("true"));
        let probe = probe.stdout(Stdio::null()).stderr(Stdio::null()).status();
        jail.is_closed = probe.is_ok_and(|status| status.success());
        if !jail.is_closed {
            eprintln!(
                "`unshare` and `ip` do not give us a network of our own here: the programs of the students can \
                 reach the network"
            );
        }
        jail
    }

    /// A command that runs a program in it.
    pub fn command(&self, program: &Path) -> Command {
        let script = if self.is_closed { format!("{LOOPBACK}{MEMORY}") } else { MEMORY.to_owned() };
        let words: &[&str] = if self.is_closed { &UNSHARE } else { &[] };
        let mut words = words.iter().copied().chain(["sh", "-c", &script, "sh"]);
        let mut command = Command::new(words.next().unwrap_or("sh"));
        command.args(words).arg(program).current_dir(&self.folder).env_clear();
        // Where `unshare` and `ip` are.
        command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        command.env("RUST_BACKTRACE", "0");
        command
    }
}
