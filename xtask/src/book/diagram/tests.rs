use super::*;

const CHAT: &str = "\
# two come in
a> WS /socket.io/?EIO=4&transport=websocket
a< 101
a> 40
a< 40{\"sid\":\"«a»\"}

= Message from kim: hi
b> GET /
b< 200 42[\"chat\",\"<b>\"]␞6
";

#[test]
fn every_line_is_drawn() {
    let svg = draw("t.wire", CHAT).expect("a picture");
    let meant = "HTTP answer: message · event &quot;chat&quot; + noop: only ends the poll";
    for part in ["two come in", "message · connect: may I", "on the server's console", meant] {
        assert!(svg.contains(part), "{part} is not in {svg}");
    }
    assert_eq!(svg.matches("<polygon").count(), 6, "arrows");
    assert_eq!(svg.matches("class=\"life\"").count(), 3, "two clients and the server");
}

#[test]
fn a_page_may_end_before_a_remark() {
    let drawn = draw("t.wire", "# one\na> 40\n# two\n# three\na> 41\n").expect("a picture");
    let parts: Vec<&str> = drawn.split("<svg viewBox=\"0 ").skip(1).collect();
    let has = |part: &str, word: &str| part.contains(&format!(">{word}</text>"));
    assert_eq!(parts.len(), 2);
    assert!(has(parts[0], "server") && has(parts[0], "one") && has(parts[0], "40"));
    assert!(!has(parts[1], "server") && has(parts[1], "three") && has(parts[1], "41"));
    let size = |part: &str| {
        let (view, _) = part.split_once('"').expect("an end");
        let numbers = view.split(' ').map(|number| number.parse().expect("a number"));
        <[usize; 3]>::try_from(numbers.collect::<Vec<_>>()).expect("top, width, height")
    };
    let [[top, _, height], [next, ..]] = [size(parts[0]), size(parts[1])];
    assert_eq!((top, next), (0, height), "the second begins where the first ends");
}

#[test]
fn a_message_cannot_be_markup() {
    let svg = draw("t.wire", CHAT).expect("a picture");
    assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"));
}

#[test]
fn a_blank_line_would_end_the_html() {
    assert!(!draw("t.wire", CHAT).expect("a picture").contains("\n\n"));
}

#[test]
fn a_client_without_a_name_is_called_client() {
    let svg = draw("t.wire", "> 40\n").expect("a picture");
    assert!(svg.contains(">client</text>"));
}

#[test]
fn what_is_no_transcript_is_named_by_its_line() {
    let error = draw("t.wire", "> 40\nhello\n").expect_err("no transcript");
    assert!(error.starts_with("t.wire:2: "), "{error}");
    assert!(draw("t.wire", "# nobody\n").is_err_and(|error| error.contains("nobody says")));
}

#[test]
fn a_long_packet_is_cut_in_the_picture() {
    let long = format!("> 42[\"chat\",\"{}\"]", "x".repeat(300));
    let svg = draw("t.wire", &long).expect("a picture");
    assert!(svg.contains('…') && !svg.contains(&"x".repeat(120)));
}

#[test]
fn wide_characters_take_two_places() {
    assert_eq!(shorten("안녕하세요", 10), "안녕하세요");
    assert_eq!(shorten("안녕하세요!", 10), "안녕하세…");
    assert_eq!(shorten("hello, you!", 10), "hello, yo…");
}

#[test]
fn every_type_of_packet_has_a_meaning_of_its_own() {
    let packets = [
        "0{}",
        "1",
        "2",
        "2probe",
        "3",
        "3probe",
        "40",
        "40{\"sid\":\"a\"}",
        "41",
        "42[\"a\"]",
        "431[]",
        "44{}",
        "451-[\"a\"]",
        "461-1[]",
        "5",
        "6",
        "bAQ==",
        "4x",
        "ok",
        "",
        "x",
    ];
    let mut meanings: Vec<String> = packets.iter().map(|packet| meaning(packet)).collect();
    meanings.sort();
    meanings.dedup();
    assert_eq!(meanings.len(), packets.len(), "{meanings:?}");
}

#[test]
fn without_engine_io_a_digit_is_a_digit() {
    let svg = draw("t.wire", "> WS /ws\n< 101\n> 42[\"chat\"]\n").expect("a picture");
    assert!(svg.contains(">text</text>") && !svg.contains("message"), "{svg}");
}

#[test]
fn a_long_remark_has_several_lines() {
    assert_eq!(wrap(&"word ".repeat(50)).len(), 3);
    assert_eq!(wrap("short"), ["short"]);
    let svg = draw("t.wire", &format!("# {}\n> 40\n", "word ".repeat(50))).expect("a picture");
    assert_eq!(svg.matches("class=\"remark\"").count(), 3);
}
