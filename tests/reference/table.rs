//! The table is complete, and what it names exists.

use std::collections::BTreeSet;

const TABLE: &str = include_str!("table.tsv");

const FILES: [(&str, &str); 11] = [
    ("attachment", include_str!("attachment.rs")),
    ("close", include_str!("close.rs")),
    ("handshake", include_str!("handshake.rs")),
    ("messaging", include_str!("messaging.rs")),
    ("middleware", include_str!("middleware.rs")),
    ("namespaces", include_str!("namespaces.rs")),
    ("recovery", include_str!("recovery.rs")),
    ("socket", include_str!("socket.rs")),
    ("timeout", include_str!("timeout.rs")),
    ("utility", include_str!("utility.rs")),
    ("v2", include_str!("v2.rs")),
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
        if test == "-" {
            assert!(reason.len() > 10, "{at}: no test and no reason");
        } else {
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
