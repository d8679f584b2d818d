//! The list of all rows, with what was seen: `table.md`.

use crate::outcome::Outcome;
use crate::{chat, http, packets, sessions, upgrades, websocket};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// Every row there is.
const ROWS: &str = "
    H01 H02 H03 H04 H05 H07 H08 H09 H11 H12 H14 H15 H17 H18 H19 H21De H21He H21Op H21Pa H21Pu H22 H24 H25
    E01 E02 E03 E05 E06 E07 E08 E10 E12 E13 E14 E15 E16 E18 E19 E20 E21 E22 E24 E25 E27 E28 E29 E30 E32 E33
    E34 E36 E37 E38 E38b E40 E41 E42 E44 E45 E47 E48 E49 E50 E51
    W01 W02 W03 W05 W06 W08 W09 W11 W12 W13 W15 W16 W17 W18 W20 W21 W23 W24 W26 W27 W27b W29 W30 W32 W33
    S01 S02 S03 S04 S06 S07 S09 S10 S11 S12 S14 S15 S17a S17b S17c S17e S17f S17g S17i S17j S17k S18 S19 S20
    S22 S23 S24 S26 S27 S28 S30 S31 S32 S33a S33b S33d S33e S33g S33h S33i S34 S35 S36 S37 S39 S41 S42 S43
    S45 S46 S46b S47 S49 S50 S51 S52 S54 S55 S56 S57 S58 S60 S62 S63 S64 S65
    A01 A02 A03 A04 A05 A06 A07 A08 A09 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A23 A24 A25 A26";

/// The rows that the edge's own tests play, by the names of those.
const EDGE: [(&str, &str, &str); 14] = [
    ("H01", "431 after 8 KiB of head", "h01_request_line_without_end"),
    ("H02", "431, closed", "h02_header_of_9000_bytes"),
    ("H03", "431, closed", "h03_header_of_20000_bytes"),
    ("H04", "431 above 100 headers", "h04_150_headers"),
    ("H05", "400, closed, nothing after it read", "h05_content_length_and_transfer_encoding"),
    ("H07", "400, closed", "h07_content_length_with_plus"),
    ("H08", "400, closed", "h08_content_length_below_zero"),
    ("H09", "400 or 501, the second request not run", "h09_gzip_chunked_smuggles_nothing"),
    ("H11", "413 from the header alone", "h11_content_length_of_a_terabyte"),
    ("H12", "413 at the limit, memory bounded", "h12_chunked_body_over_the_limit"),
    ("H14", "400, closed", "h14_no_host_or_two"),
    ("H15", "400 or 505, never silence", "h15_http_1_0"),
    ("H17", "400, closed", "h17_tls_on_the_plain_port"),
    ("H18", "two answers in order", "h18_two_pipelined_requests"),
];

const HEAD: &str = "# Bad input: what is required, and what was seen

`cargo test --test bad_input` plays the rows, most of them in a second or two, and compares this list with what it
saw; with `BLESS=1` it writes it anew. For each row it is checked as well that nothing panicked, that a healthy
client connected all the while was answered within 100 ms, that memory was back within 2 MiB, and that no
descriptor was left. The packets are played over both transports; what is listed was seen over the
WebSocket. The rows that are `edge` are played by `cargo test --test edge`.

| row | required | seen | test |
|---|---|---|---|
";

fn sections() -> [(&'static str, &'static [Outcome]); 6] {
    [
        ("http", http::outcomes()),
        ("sessions", sessions::outcomes()),
        ("upgrades", upgrades::outcomes()),
        ("websocket", websocket::outcomes()),
        ("packets", packets::outcomes()),
        ("chat", chat::outcomes()),
    ]
}

fn line(id: &str) -> Option<String> {
    if let Some((_, required, test)) = EDGE.iter().find(|(edge, ..)| *edge == id) {
        return Some(format!("| {id} | {required} | as required | edge `{test}` |\n"));
    }
    let found = sections().into_iter().find_map(|(section, outcomes)| {
        outcomes.iter().find(|outcome| outcome.id == id).map(|outcome| (section, outcome))
    });
    let (section, Outcome { required, seen, absent, .. }) = found?;
    let seen = match (seen, absent) {
        (Ok(seen), None) => seen.clone(),
        (Ok(seen), Some(absent)) if seen.is_empty() => format!("not in this chat: {absent}"),
        (Ok(seen), Some(absent)) => format!("{seen}; not in this chat: {absent}"),
        (Err(failure), _) => format!("**not met:** {failure}"),
    };
    Some(format!("| {id} | {required} | {} | {section} |\n", seen.replace('|', "\\|")))
}

#[test]
fn the_list_has_every_row_and_what_was_seen() {
    let mut table = HEAD.to_owned();
    for id in ROWS.split_whitespace() {
        table += &line(id).unwrap_or_else(|| panic!("no test has the row {id}"));
    }
    let all = sections().into_iter().flat_map(|(_, outcomes)| outcomes);
    let absent = all.filter(|outcome| outcome.absent.is_some()).count();
    let count = ROWS.split_whitespace().count();
    let _ = write!(
        table,
        "\n{count} rows. Of {absent} the chat of the course has not all, as it is the tutorial's.\n"
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_input/table.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &table).expect("the list can be written");
    }
    let listed = std::fs::read_to_string(&file).expect("the list is there");
    for (listed, seen) in listed.lines().zip(table.lines()) {
        assert_eq!(listed, seen, "table.md says otherwise; BLESS=1 writes it anew");
    }
    assert_eq!(listed.lines().count(), table.lines().count(), "BLESS=1 writes the list anew");
}

#[test]
fn no_row_is_listed_that_nobody_knows() {
    let known: BTreeSet<_> = ROWS.split_whitespace().collect();
    assert_eq!(known.len(), ROWS.split_whitespace().count(), "a row is named twice");
    let played =
        sections().into_iter().flat_map(|(_, outcomes)| outcomes).map(|outcome| outcome.id);
    let mut seen = BTreeSet::new();
    for id in EDGE.iter().map(|(id, ..)| *id).chain(played) {
        assert!(known.contains(id), "{id} is not in the list");
        assert!(seen.insert(id), "{id} is played twice");
    }
}

#[test]
fn the_edge_has_the_tests_that_the_list_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edge");
    let files = std::fs::read_dir(folder).expect("the edge has tests").flatten();
    let source: String =
        files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
    for (id, _, test) in EDGE {
        assert!(
            source.contains(&format!("#[test]\nfn {test}()")),
            "{id}: no test {test} in tests/edge"
        );
    }
}
