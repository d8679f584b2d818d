//! The first request of a session: its query, the checks it must pass, the open packet that answers it.
//!
//! Protocol: Engine.IO v4, "Handshake".

use super::transport::TransportKind;
use crate::edge::Answer;
use crate::options::Options;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tide::http::{Method, Request, StatusCode};

/// What a request said before its body: JavaScript's `socket.request`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRequest {
    /// The method.
    pub method: Method,
    /// Path and query, as they came.
    pub url: Box<str>,
    /// The address of the peer.
    pub address: Option<SocketAddr>,
    /// When it came.
    pub time: SystemTime,
    /// `name: value`, a line each, as every session keeps this.
    headers: Box<str>,
}

impl ClientRequest {
    pub(super) fn of(request: &Request) -> Self {
        let url = request.url();
        let mut headers = String::with_capacity(512);
        for (name, values) in request.iter() {
            headers.push_str(name.as_str());
            for (index, value) in values.iter().enumerate() {
                headers.push_str(if index == 0 { ": " } else { ", " });
                headers.push_str(value.as_str());
            }
            headers.push('\n');
        }
        Self {
            method: request.method(),
            url: match url.query() {
                Some(query) => format!("{}?{query}", url.path()).into(),
                None => url.path().into(),
            },
            address: request.peer_addr().and_then(|address| address.parse().ok()),
            time: SystemTime::now(),
            headers: headers.into(),
        }
    }

    /// The first value of a query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.pairs().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// All query parameters, decoded, by name; the last of one name wins.
    pub fn query_map(&self) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
        self.pairs().collect()
    }

    /// Read anew each time: every session keeps its request, and few are asked for this.
    fn pairs(&self) -> form_urlencoded::Parse<'_> {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes())
    }

    /// A header, by its lower-case name. Several of one name are joined by a comma.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All headers, by lower-case name.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.lines().filter_map(|line| line.split_once(": "))
    }

    /// Whether the request came from a page of some origin.
    pub fn is_cross_domain(&self) -> bool {
        self.header("origin").is_some()
    }

    /// Milliseconds since 1970: JavaScript's `handshake.issued`.
    pub fn issued(&self) -> u64 {
        let since = self.time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        since.as_millis() as u64
    }

    pub(super) fn sid(&self) -> Option<Cow<'_, str>> {
        self.query("sid").filter(|sid| !sid.is_empty())
    }

    pub(super) fn wants_base64(&self) -> bool {
        self.query("b64").is_some_and(|value| !value.is_empty() && value != "0")
    }

    pub(super) fn transport(&self, options: &Options) -> Result<TransportKind, Refusal> {
        let name = self.query("transport").unwrap_or_default();
        let known = [TransportKind::Polling, TransportKind::WebSocket];
        known
            .into_iter()
            .find(|kind| kind.name() == name && options.transports.contains(kind))
            .ok_or_else(|| Refusal::new(RefusalCode::TransportUnknown))
    }

    /// The checks of a request that opens a session, but for the application's own hook.
    pub(super) fn check_opening(&self, is_websocket: bool) -> Result<(), Refusal> {
        if self.method != Method::Get {
            return Err(Refusal::new(RefusalCode::BadHandshakeMethod));
        }
        let named = self.query("transport").unwrap_or_default();
        if is_websocket != (named == TransportKind::WebSocket.name()) {
            return Err(Refusal::new(RefusalCode::BadRequest));
        }
        if self.query("EIO").as_deref() != Some("4") {
            return Err(Refusal::new(RefusalCode::UnsupportedProtocolVersion));
        }
        Ok(())
    }
}

/// Why a request to the server was refused; the numbers are the protocol's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// The query names no transport that is offered.
    TransportUnknown = 0,
    /// There is no session of that id.
    SessionIdUnknown = 1,
    /// A session is opened by GET.
    BadHandshakeMethod = 2,
    /// The request does not fit the session's transport.
    BadRequest = 3,
    /// [`AllowRequest`](crate::AllowRequest) said no.
    Forbidden = 4,
    /// The client speaks another version than Engine.IO 4.
    UnsupportedProtocolVersion = 5,
}

/// A refused request: what the client is told, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal.
    pub code: RefusalCode,
    /// The protocol's words for it, or those of the hook that refused.
    pub message: String,
}

impl Refusal {
    pub(super) fn new(code: RefusalCode) -> Self {
        let message = match code {
            RefusalCode::TransportUnknown => "Transport unknown",
            RefusalCode::SessionIdUnknown => "Session ID unknown",
            RefusalCode::BadHandshakeMethod => "Bad handshake method",
            RefusalCode::BadRequest => "Bad request",
            RefusalCode::Forbidden => "Forbidden",
            RefusalCode::UnsupportedProtocolVersion => "Unsupported protocol version",
        };
        Self { code, message: message.to_owned() }
    }

    pub(super) fn answer(&self) -> Answer {
        let status = match self.code {
            RefusalCode::Forbidden => StatusCode::Forbidden,
            _ => StatusCode::BadRequest,
        };
        let body = serde_json::json!({ "code": self.code as u8, "message": self.message });
        let headers = &[("content-type", "application/json")];
        Answer { status, headers, body: body.to_string() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Open<'a> {
    sid: &'a str,
    upgrades: &'a [&'a str],
    ping_interval: u128,
    ping_timeout: u128,
    max_payload: usize,
}

/// The data of the open packet.
pub(super) fn open_data(sid: &str, transport: TransportKind, options: &Options) -> String {
    // ANCHOR: open
    let can_upgrade = transport == TransportKind::Polling
        && options.allow_upgrades
        && options.transports.contains(&TransportKind::WebSocket);
    let open = Open {
        sid,
        upgrades: if can_upgrade { &["websocket"] } else { &[] },
        ping_interval: options.ping_interval.as_millis(),
        ping_timeout: options.ping_timeout.as_millis(),
        max_payload: options.max_http_buffer_size,
    };
    // ANCHOR_END: open
    serde_json::to_string(&open).expect("strings and numbers are always JSON")
}
