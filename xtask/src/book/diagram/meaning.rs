//! What packets are, in words: each layer by its name.

/// The meaning of a frame, or of a polling body with several packets in it.
pub fn meaning(said: &str) -> String {
    let packets: Vec<String> = said.split('␞').map(packet).collect();
    packets.join(" + ")
}

fn packet(text: &str) -> String {
    let mut characters = text.chars();
    let kind = characters.next();
    let rest = characters.as_str();
    let known = match (kind, rest) {
        (Some('0'), _) if rest.starts_with('{') => "open: the session begins",
        (Some('1'), "") => "close",
        (Some('2'), "") => "ping: are you there?",
        (Some('2'), "probe") => "ping, to try the new transport",
        (Some('3'), "") => "pong: I am",
        (Some('3'), "probe") => "pong: the new transport works",
        (Some('5'), "") => "upgrade: from here on by WebSocket",
        (Some('6'), "") => "noop: only ends the poll",
        (Some('4'), _) => return socket_packet(rest),
        (Some('b'), _) if !rest.is_empty() => "an attachment in base64",
        (None, _) => "no body",
        _ if text == "ok" => "received",
        _ => "text",
    };
    known.to_owned()
}

/// What an Engine.IO message holds, if Socket.IO wrote it.
fn socket_packet(text: &str) -> String {
    let name = || text.split('"').nth(1).unwrap_or("?");
    let meaning = match text.chars().next() {
        Some('0') if text.contains("\"sid\"") => "connect: you are in".into(),
        Some('0') => "connect: may I come in?".into(),
        Some('1') => "disconnect".into(),
        Some('2') => format!("event \"{}\"", name()),
        Some('3') => "ack".into(),
        Some('4') => "connect error".into(),
        Some('5') => format!("binary event \"{}\"", name()),
        Some('6') => "binary ack".into(),
        _ => return "message".into(),
    };
    format!("message · {meaning}")
}
