//! A transcript as a picture: who speaks to whom on the left, what is said on the right.
//!
//! Colours come from the page (`currentColor`, and classes for `book.css`), so it is right in light and dark.

mod meaning;

use meaning::meaning;
use std::fmt::Write as _;
use wire::{Act, Message, Method, Transcript};

const WIDTH: usize = 760;
/// Between two lifelines.
const LANE: usize = 68;
const FIRST_LANE: usize = 32;
const TOP: usize = 44;
const ROW: usize = 42;
/// A line of a remark, and how many characters it holds.
const REMARK: usize = 19;
const REMARK_WIDTH: usize = 90;
/// The width of one character of what is said, in tenths: the rest of a long line is in the text below.
const CHARACTER: usize = 70;

/// One line of a transcript, as it is drawn.
enum Row {
    Remark(String),
    Console(String),
    /// From a client to the server, or back.
    Arrow {
        up: bool,
        client: String,
        said: String,
        meaning: String,
    },
}

impl Row {
    fn height(&self) -> usize {
        match self {
            Self::Remark(text) => wrap(text).len() * REMARK + 16,
            Self::Console(_) | Self::Arrow { .. } => ROW,
        }
    }
}

/// Breaks a remark into lines.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < REMARK_WIDTH => {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Draws a transcript.
pub fn draw(path: &str, text: &str) -> Result<String, String> {
    let transcript = Transcript::parse(path, text).map_err(|failure| failure.to_string())?;
    let meaning = match speaks_engine(&transcript) {
        true => meaning,
        // A bare WebSocket has no packets: a digit in front of a text is a digit.
        false => |_: &str| "text".to_owned(),
    };
    let rows: Vec<Row> = transcript.steps.iter().map(|step| row(&step.act, meaning)).collect();
    let mut clients: Vec<&str> = Vec::new();
    for row in &rows {
        if let Row::Arrow { client, .. } = row
            && !clients.contains(&client.as_str())
        {
            clients.push(client);
        }
    }
    if clients.is_empty() {
        return Err(format!("{path}: nobody says anything in this transcript"));
    }
    Ok(picture(path, &rows, &clients))
}

fn speaks_engine(transcript: &Transcript) -> bool {
    let mut requests = transcript.steps.iter().filter_map(|step| match &step.act {
        Act::Request { target, .. } => Some(target.to_string()),
        _ => None,
    });
    // A part of a transcript may begin after its first request.
    requests.next().is_none_or(|first| first.contains("EIO="))
        || requests.any(|t| t.contains("EIO="))
}

fn row(act: &Act, meaning: fn(&str) -> String) -> Row {
    let arrow = |up, client: &String, said: String, meaning: String| Row::Arrow {
        up,
        client: client.clone(),
        said,
        meaning,
    };
    match act {
        Act::Comment(text) => Row::Remark(text.clone()),
        Act::Console(line) => Row::Console(line.to_string()),
        Act::Request { client, method, target, body } => {
            let body = body.to_string();
            let (word, says) = match method {
                Method::Get => ("GET", "HTTP request".to_owned()),
                Method::Post => ("POST", format!("HTTP request with {}", meaning(&body))),
                Method::WebSocket => ("WS", "HTTP request for a WebSocket".to_owned()),
            };
            arrow(true, client, format!("{word} {target} {body}"), says)
        }
        Act::Answer { client, status: 101, .. } => {
            arrow(false, client, "101".into(), "the WebSocket is open".into())
        }
        Act::Answer { client, status, body, .. } => {
            let body = body.to_string();
            let says = format!("HTTP answer: {}", meaning(&body));
            arrow(false, client, format!("{status} {body}"), says)
        }
        Act::Send { client, message } => {
            let (said, says) = frame(message, meaning);
            arrow(true, client, said, says)
        }
        Act::Receive { client, message } => {
            let (said, says) = frame(message, meaning);
            arrow(false, client, said, says)
        }
    }
}

fn frame(message: &Message, meaning: fn(&str) -> String) -> (String, String) {
    match message {
        Message::Text(text) => (text.to_string(), meaning(&text.to_string())),
        Message::Binary(bytes) => {
            let shown: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            (shown.join(" "), "binary message".into())
        }
        Message::Close(None) => ("CLOSE".into(), "the WebSocket is closed".into()),
        Message::Close(Some(code)) => {
            (format!("CLOSE {code}"), "the WebSocket is closed, with a code".into())
        }
    }
}

/// One picture for the eye, in several parts: the end of a printed page comes between two of them.
fn picture(path: &str, rows: &[Row], clients: &[&str]) -> String {
    let lane = |name: &str| {
        let index = clients.iter().position(|client| *client == name);
        FIRST_LANE + index.unwrap_or(clients.len()) * LANE
    };
    let height = TOP + rows.iter().map(Row::height).sum::<usize>() + 12;
    let (mut names, mut lives) = (String::new(), String::new());
    for name in clients.iter().chain(&["server"]) {
        let (x, name) = (lane(name), if name.is_empty() { "client" } else { name });
        let _ = write!(
            names,
            "<text class=\"who\" x=\"{x}\" y=\"20\" text-anchor=\"middle\">{name}</text>"
        );
        let _ = write!(lives, "<path class=\"life\" d=\"M{x} 30V{height}\"/>");
    }
    let mut html = format!(
        "<div class=\"diagram\" role=\"region\" aria-label=\"Sequence diagram\" tabindex=\"0\">\
         <div role=\"img\" aria-label=\"{} as a sequence diagram; the text of it follows\">",
        escape(path)
    );
    let (mut begin, mut top) = (0, TOP);
    for part in parts(rows) {
        let mut drawn = String::new();
        for row in part {
            draw_row(&mut drawn, row, top + 14, lane);
            top += row.height();
        }
        let is_last = top + 12 == height;
        let end = if is_last { height } else { top };
        let above = if begin == 0 { &*names } else { "" };
        let _ = write!(
            html,
            "<svg viewBox=\"0 {begin} {WIDTH} {}\">{above}{lives}{drawn}</svg>",
            end - begin
        );
        begin = end;
    }
    html + "</div></div>\n"
}

/// A remark begins a part.
fn parts(rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    let is_remark = |row: &Row| matches!(row, Row::Remark(_));
    rows.chunk_by(move |row, next| is_remark(row) || !is_remark(next))
}

fn draw_row(svg: &mut String, row: &Row, y: usize, lane: impl Fn(&str) -> usize) {
    let server = lane("server");
    let text_at = server + 34;
    match row {
        Row::Remark(text) => {
            for (index, line) in wrap(text).iter().enumerate() {
                let (y, line) = (y + 10 + index * REMARK, escape(line));
                let _ = write!(svg, "<text class=\"remark\" x=\"0\" y=\"{y}\">{line}</text>");
            }
        }
        Row::Console(line) => {
            let _ = write!(svg, "<circle class=\"console\" cx=\"{server}\" cy=\"{y}\" r=\"6\"/>");
            words(svg, text_at, y, line, "on the server's console");
        }
        Row::Arrow { up, client, said, meaning } => {
            let (from, to) = if *up { (lane(client), server) } else { (server, lane(client)) };
            arrow(svg, *up, from, to, y);
            words(svg, text_at, y, said, meaning);
        }
    }
}

fn arrow(svg: &mut String, up: bool, from: usize, to: usize, y: usize) {
    let class = if up { "up" } else { "down" };
    let (back, tip) = if from < to { (to - 9, to - 1) } else { (to + 9, to + 1) };
    let (above, below) = (y - 5, y + 5);
    let _ = write!(
        svg,
        "<g class=\"{class}\"><path d=\"M{from} {y}H{back}\"/>\
         <polygon points=\"{tip},{y} {back},{above} {back},{below}\"/></g>"
    );
}

/// What was said, and below it what that means.
fn words(svg: &mut String, x: usize, y: usize, said: &str, meaning: &str) {
    let room = (WIDTH - x) * 10 / CHARACTER;
    let short = shorten(said, room);
    let (below, said, meaning) = (y + 15, escape(&short), escape(meaning));
    let _ = write!(svg, "<text class=\"said\" x=\"{x}\" y=\"{y}\">{said}</text>");
    let _ = write!(svg, "<text class=\"meaning\" x=\"{x}\" y=\"{below}\">{meaning}</text>");
}

/// At most so many characters; those of Asian scripts are wide, and count twice.
fn shorten(said: &str, room: usize) -> String {
    let width = |c: char| if c >= '\u{1100}' { 2 } else { 1 };
    if said.chars().map(width).sum::<usize>() <= room {
        return said.to_owned();
    }
    let mut left = room - 1;
    let fits = |c: &char| {
        let fits = width(*c) <= left;
        left = left.saturating_sub(width(*c));
        fits
    };
    said.chars().take_while(fits).chain(['…']).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
