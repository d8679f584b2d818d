//! Every chapter of part one: its transcript holds against its program, its page is served whole.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{Answer, get, run};
use wire::{Act, Failure, Message, Server, Transcript, play};

/// Each chapter's program, as cargo has built it.
const PROGRAMS: [(&str, &str); 6] = [
    ("ch00_websocket", env!("CARGO_BIN_EXE_ch00_websocket")),
    ("ch01_http_route", env!("CARGO_BIN_EXE_ch01_http_route")),
    ("ch02_connection", env!("CARGO_BIN_EXE_ch02_connection")),
    ("ch03_on_emit", env!("CARGO_BIN_EXE_ch03_on_emit")),
    ("ch04_broadcast", env!("CARGO_BIN_EXE_ch04_broadcast")),
    ("ch05_full_client", env!("CARGO_BIN_EXE_ch05_full_client")),
];

fn folder(chapter: &str) -> PathBuf {
    Path::new("chapters").join(chapter)
}

fn transcript(chapter: &str) -> PathBuf {
    folder(chapter).join("transcript.wire")
}

fn start(program: &str) -> Server {
    Server::start(&mut Command::new(program)).unwrap_or_else(|error| panic!("{program}: {error}"))
}

#[test]
fn every_chapter_has_a_program_a_transcript_and_the_original() {
    let entries = fs::read_dir("chapters").expect("chapters/ is there");
    let entries = entries.map(|entry| entry.expect("its entries can be read"));
    let folders: BTreeSet<_> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("a name in UTF-8"))
        .collect();
    let programs = PROGRAMS.map(|(chapter, _)| chapter.to_owned()).into();
    assert_eq!(folders, programs, "left: the folders in chapters/, right: the programs above");
    for chapter in folders {
        for file in ["main.rs", "transcript.wire", "original.js"] {
            let path = folder(&chapter).join(file);
            assert!(path.is_file(), "{} is missing", path.display());
        }
    }
}

#[test]
fn every_line_of_every_transcript_holds() {
    for (chapter, program) in PROGRAMS {
        let played = Transcript::read(&transcript(chapter))
            .and_then(|transcript| play(&transcript, &mut start(program)));
        played.unwrap_or_else(|failure| panic!("{failure}"));
    }
}

/// A transcript that does not tell the truth, played.
fn play_lie(chapter: &str, program: &str, lines: &[String]) -> Result<(), Failure> {
    Transcript::parse(chapter, &lines.join("\n"))
        .and_then(|transcript| play(&transcript, &mut start(program)))
}

fn is_expectation(line: &str) -> bool {
    line.split(' ').next().is_some_and(|mark| mark == "=" || mark.ends_with('<'))
}

#[test]
fn a_transcript_that_tells_it_differently_fails_in_that_line() {
    for (chapter, program) in PROGRAMS {
        let text = fs::read_to_string(transcript(chapter)).expect("a transcript");
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        for (index, line) in lines.iter().enumerate().filter(|(_, line)| is_expectation(line)) {
            let (mark, told) = line.split_once(' ').expect("a mark and a text");
            let lie = match told.get(..3) {
                Some("200" | "400" | "404") => told.replacen(&told[..3], "418", 1),
                Some("101") => "404".to_owned(),
                _ if told == "CLOSE" => "CLOSE 4999".to_owned(),
                _ => format!("#{told}"),
            };
            let mut changed = lines.clone();
            changed[index] = format!("{mark} {lie}");
            let failure = play_lie(chapter, program, &changed).expect_err(&changed[index]);
            assert_eq!(failure.line, index + 1, "{failure}");
        }
    }
}

#[test]
fn a_transcript_that_leaves_something_out_fails() {
    for (chapter, program) in PROGRAMS {
        let text = fs::read_to_string(transcript(chapter)).expect("a transcript");
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        for (index, line) in lines.iter().enumerate().filter(|(_, line)| is_expectation(line)) {
            let mut shorter = lines.clone();
            shorter[index].clear();
            let played = play_lie(chapter, program, &shorter);
            assert!(played.is_err(), "{chapter}: nobody misses line {}: {line}", index + 1);
        }
    }
}

/// The values of an attribute in a page: what it loads.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let mark = format!(" {name}=\"");
    let values = html.split(&mark).skip(1);
    values.filter_map(|rest| rest.split_once('"')).map(|(value, _)| value).collect()
}

fn check_file(chapter: &str, path: &str, answer: &Answer) {
    assert_eq!(answer.status, 200, "{chapter}: GET {path}");
    let policy = answer.header("content-security-policy");
    assert_eq!(policy, Some("default-src 'self'; frame-ancestors 'none'"), "{chapter}: {path}");
    let sniff = answer.header("x-content-type-options");
    assert_eq!(sniff, Some("nosniff"), "{chapter}: {path}");
    let wanted = match path.rsplit_once('.') {
        Some((_, "js")) => "application/javascript",
        Some((_, "css")) => "text/css",
        _ => "text/html",
    };
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with(wanted), "{chapter}: {path} is sent as {kind}");
}

#[test]
fn every_page_is_served_with_all_that_it_loads_and_has_nothing_inline() {
    for (chapter, program) in PROGRAMS {
        let server = start(program);
        let address = ([127, 0, 0, 1], server.port).into();
        let page = run(get(address, "/"));
        check_file(chapter, "/", &page);
        let html = page.text();
        let loaded = [attributes(html, "src"), attributes(html, "href")].concat();
        assert!(loaded.iter().any(|path| path.ends_with(".js")), "{chapter}: no script at all");
        for path in loaded {
            assert!(
                path.starts_with('/') && !path.starts_with("//"),
                "{chapter}: {path} is foreign"
            );
            let answer = run(get(address, path));
            if path.starts_with("/socket.io/") {
                assert_eq!(answer.status, 200, "{chapter}: GET {path}");
            } else {
                check_file(chapter, path, &answer);
            }
        }
        for inline in ["<script>", "<style", " style=", " onclick=", " onsubmit=", "javascript:"] {
            assert!(!html.contains(inline), "{chapter}: {inline} in the page");
        }
    }
}

/// One row: the event that has the server emit, and that emit in both languages.
const EMITS: [(&str, &str, &str); 4] = [
    ("everyone", "io.emit", "io.emit"),
    ("me", "socket.emit", "socket.emit"),
    ("others", "socket.broadcast.emit", "socket.broadcast().emit"),
    ("one", "io.to(id).emit", "io.to(id).emit"),
];

/// Who receives it, as the transcript tells. It is played with nothing left out, so it is so.
#[test]
fn the_table_of_who_receives_which_emit_is_true() {
    let transcript = Transcript::read(&transcript("ch04_broadcast")).expect("a transcript");
    let clients = ["ann", "bob", "carol"];
    let mut table = String::from(
        "| JavaScript | Rust | Ann, who sent it | Bob | Carol |\n|---|---|---|---|---|\n",
    );
    for (event, javascript, rust) in EMITS {
        let begins = format!("42[\"{event}\",");
        let sent = |act: &Act| matches!(act, Act::Send { message: Message::Text(text), .. } if text.to_string().starts_with(&begins));
        let mut acts = transcript.steps.iter().map(|step| &step.act).skip_while(|act| !sent(act));
        acts.next().unwrap_or_else(|| panic!("the transcript never sends {event:?}"));
        let receivers: Vec<_> = acts
            .take_while(|act| !matches!(act, Act::Send { .. }))
            .filter_map(|act| match act {
                Act::Receive { client, .. } => Some(client.as_str()),
                _ => None,
            })
            .collect();
        let cells = clients.map(|client| if receivers.contains(&client) { "yes" } else { "–" });
        table += &format!("| `{javascript}` | `{rust}` | {} |\n", cells.join(" | "));
    }
    let path = folder("ch04_broadcast").join("receivers.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &table).expect("the table can be written");
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(stored, table, "{} is stale: run this test with BLESS=1", path.display());
}

/// The book is there once it is built, and until then the answer says how; nothing else of the machine is.
#[test]
fn the_chat_serves_the_book_and_no_other_file() {
    let server = start(env!("CARGO_BIN_EXE_ch05_full_client"));
    let address = ([127, 0, 0, 1], server.port).into();
    let is_built = Path::new("target/book/index.html").is_file();
    for path in ["/book/", "/book/index.html"] {
        let answer = run(get(address, path));
        match is_built {
            true => {
                assert_eq!((answer.status, answer.text().contains("<html")), (200, true), "{path}")
            }
            false => {
                assert!(answer.text().contains("cargo xtask book"), "{path}: {}", answer.text())
            }
        }
    }
    for path in [
        "/book/../../Cargo.toml",
        "/book/%2e%2e/%2e%2e/Cargo.toml",
        "/book/..%2f..%2fCargo.toml",
        "/book//etc/passwd",
        "/book/%2fetc/passwd",
        "/book/css",
        "/book/nothing.html",
    ] {
        let status = run(get(address, path)).status;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
}
