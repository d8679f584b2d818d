//! Requests that ask for no session, or for one as no client does, and what each is told.

pub enum Expect {
    /// The refusal of this number.
    Refused(u8),
    /// A session: an open packet as plain text.
    Opened,
}

pub struct Row {
    pub id: &'static str,
    pub required: &'static str,
    pub method: &'static str,
    pub query: String,
    pub expect: Expect,
}

pub fn requests() -> Vec<Row> {
    use Expect::{Opened, Refused};
    let row = |id, required, method, query: &str, expect| Row {
        id,
        required,
        method,
        query: query.to_owned(),
        expect,
    };
    let get = |id, query: &str, code: u8| {
        let required = match code {
            0 => "400, code 0 or 1, no panic",
            1 => "400, code 1",
            3 => "400, code 3",
            _ => "400, code 5",
        };
        row(id, required, "GET", query, Refused(code))
    };
    vec![
        get("H19", "EIO=4&transport=%zz", 0),
        row("H21De", "400, code 2", "DELETE", "EIO=4&transport=polling", Refused(2)),
        row("H21Pa", "400, code 2", "PATCH", "EIO=4&transport=polling", Refused(2)),
        row("H21Pu", "400, code 2", "PUT", "EIO=4&transport=polling", Refused(2)),
        row(
            "H25",
            "200 or 431",
            "GET",
            &format!("EIO=4&transport=polling&x={}", "a".repeat(7900)),
            Opened,
        ),
        get("E01", "transport=polling", 5),
        get("E02", "EIO=3&transport=polling", 5),
        get("E03", "EIO=5&transport=polling", 5),
        get("E05", "EIO=4", 0),
        get("E06", "EIO=4&transport=foo", 0),
        get("E07", "EIO=4&transport=constructor", 0),
        get("E08", "EIO=4&transport=__proto__", 0),
        get("E10", "EIO=4&transport=polling&sid=xxxx", 1),
        row("E12", "a session (decided)", "GET", "EIO=4&transport=polling&sid=", Opened),
        get("E13", &format!("EIO=4&transport=polling&sid={}", "a".repeat(7000)), 1),
        row("E14", "400, code 2", "POST", "EIO=4&transport=polling", Refused(2)),
        get("E15", "EIO=4&transport=websocket", 3),
        row("E16", "no JSONP: plain text", "GET", "EIO=4&transport=polling&j=0;alert(1)//", Opened),
    ]
}
