//! Bodies that a session over long-polling is sent, and what must come of each.

pub enum Expect {
    /// The POST is answered so, the waiting poll with this packet, and the session ends for this reason.
    Ends(u16, &'static str, &'static str),
    /// The POST is answered so, and the session lives.
    Lives(u16),
}

pub struct Row {
    pub id: &'static str,
    pub required: &'static str,
    pub header: &'static str,
    pub body: Vec<u8>,
    pub expect: Expect,
}

pub fn posts() -> Vec<Row> {
    use Expect::{Ends, Lives};
    let row = |id, required, body: Vec<u8>, expect| Row { id, required, header: "", body, expect };
    let parse_error = |id, body: Vec<u8>| {
        let required = "closed for a parse error, 200 or 400, the poll answered `1`";
        row(id, required, body, Ends(400, "1", "parse error"))
    };
    let event = |length: usize| {
        let empty = r#"42["x",""]"#;
        format!(r#"42["x","{}"]"#, "a".repeat(length - empty.len())).into_bytes()
    };
    let ignored = "ignored or closed";
    vec![
        parse_error("E20", b"".into()),
        parse_error("E21", b"9".into()),
        parse_error("E22", b"x".into()),
        row(
            "E24",
            "at most 1,000 packets: closed for a parse error",
            b"6\x1e".repeat(333_333)[..666_665].into(),
            Ends(400, "1", "parse error"),
        ),
        parse_error("E25", b"b!!!!".into()),
        Row {
            header: "Content-Type: application/octet-stream\r\n",
            ..row(
                "E27",
                "400, the request ended, closed",
                b"40".into(),
                Ends(400, "1", "transport error"),
            )
        },
        row("E28", "413, the session lives", event(1_000_001), Lives(413)),
        row("E29", "200: the limit is inclusive", event(1_000_000), Lives(200)),
        row(
            "E30",
            "200, closed, the poll answered `6`",
            b"1".into(),
            Ends(200, "6", "transport close"),
        ),
        row("E33", ignored, b"0{}".into(), Lives(200)),
        row("E34", ignored, b"5".into(), Lives(200)),
        row(
            "E36",
            "at most 1,000 packets: closed, the others do not wait",
            b"42[\"x\"]\x1e".repeat(20_000),
            Ends(400, "1", "parse error"),
        ),
    ]
}
