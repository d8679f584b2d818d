//! The table is complete, and what it names exists.

use std::collections::BTreeSet;

const TABLE: &str = include_str!("table.tsv");

const FILES: [(&str, &str); 15] = [
    ("arguments", include_str!("arguments.rs")),
    ("attachment", include_str!("attachment.rs")),
    ("close", include_str!("close.rs")),
    ("dynamic", include_str!("dynamic.rs")),
    ("handshake", include_str!("handshake.rs")),
    ("listeners", include_str!("listeners.rs")),
    ("messaging", include_str!("messaging.rs")),
    ("middleware", include_str!("middleware.rs")),
    ("namespaces", include_str!("namespaces.rs")),
    ("recovery", include_str!("recovery.rs")),
    ("socket", include_str!("socket.rs")),
    ("timeout", include_str!("timeout.rs")),
    ("utility", include_str!("utility.rs")),
    ("v2", include_str!("v2.rs")),
    ("volatile", include_str!("volatile.rs")),
];

/// How many tests each part of the JavaScript server's suite has.
const SECTIONS: [(&str, usize); 12] = [
    ("server attachment", 22),
    ("handshake", 4),
    ("close", 8),
    ("namespaces", 42),
    ("socket", 62),
    ("messaging many", 20),
    ("middleware", 10),
    ("socket middleware", 2),
    ("v2 compatibility", 3),
    ("ack timeout", 5),
    ("utility methods", 9),
    ("connection state recovery", 7),
];

/// The tests of the other files, as `file::name`.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (file, source) in FILES {
        for after in source.split("#[test]\n").skip(1) {
            let name = after.split("fn ").nth(1).and_then(|rest| rest.split('(').next());
            let name = name.expect("a test has a name");
            names.insert(format!("{file}::{name}"));
        }
    }
    names
}

#[test]
fn every_file_is_looked_at_and_every_test_is_run() {
    let modules = include_str!("main.rs").lines().filter_map(|line| line.strip_prefix("mod "));
    let modules: BTreeSet<_> = modules.map(|name| name.trim_end_matches(';')).collect();
    let files = FILES.iter().map(|(file, _)| *file).chain(["support", "table"]).collect();
    assert_eq!(modules, files);
    for (file, source) in FILES {
        assert!(!source.contains("#[ignore"), "{file}.rs has a test that is not run");
    }
}

#[test]
fn the_table_is_complete() {
    let tests = tests();
    let mut named = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (index, line) in TABLE.lines().enumerate() {
        let at = format!("table.tsv:{}", index + 1);
        let columns: Vec<_> = line.split('\t').collect();
        let [section, number, mark, test, what, reason] = columns[..] else {
            panic!("{at}: six columns are needed, there are {}", columns.len());
        };
        assert!(seen.insert((section, number)), "{at}: {section} {number} stands here twice");
        assert!(["W", "S", "W/S", "N"].contains(&mark), "{at}: no such mark: {mark}");
        assert!(!what.is_empty(), "{at}: what is it about?");
        if test == "-" || mark == "N" {
            assert!(reason.len() > 10, "{at}: a reason is missing");
        }
        if test != "-" {
            assert!(tests.contains(test), "{at}: there is no test {test}");
            named.insert(test.to_owned());
        }
    }
    for (section, count) in SECTIONS {
        for number in 1..=count {
            let number = number.to_string();
            assert!(
                seen.contains(&(section, &*number)),
                "table.tsv: {section} {number} is missing"
            );
        }
    }
    assert_eq!(seen.len(), 194);
    let unnamed: Vec<_> = tests.difference(&named).collect();
    assert!(unnamed.is_empty(), "no line of table.tsv names these tests: {unnamed:?}");
}
