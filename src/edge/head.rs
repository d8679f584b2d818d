//! The head of a request: bytes in, a checked request or a refusal out.
//!
//! What is checked here decides where the body ends and which resource is meant. Whatever two readers could
//! understand in two ways is refused: that is how requests are smuggled past a proxy.

use super::Limits;
use super::body::Framing;
use super::refusal::Refusal;
use std::borrow::Cow;
use tide::http::headers::{HeaderName, HeaderValue};
use tide::http::{Method, Request, StatusCode, Url, Version};

/// The most header lines a request may have.
const MAX_HEADERS: usize = 100;

/// The head of a request, read and found good.
#[derive(Debug)]
pub struct Head<'a> {
    pub method: Method,
    /// The path, and the query if there is one.
    pub target: &'a str,
    host: &'a str,
    headers: Vec<httparse::Header<'a>>,
    pub framing: Framing,
    pub keep_alive: bool,
    /// The client waits for `100 Continue` before it sends the body.
    pub expects_continue: bool,
    /// The client offers to go on in another protocol.
    pub upgrade: bool,
}

/// How long the head is with which `bytes` begin. `None` needs more bytes.
pub fn length(bytes: &[u8], limits: &Limits) -> Result<Option<usize>, Refusal> {
    // Some clients end a body with an empty line that belongs to nothing.
    let blank = bytes.chunks_exact(2).take_while(|pair| pair == b"\r\n").count() * 2;
    let rest = &bytes[blank..];
    if !matches!(rest, [] | [b'\r'] | [b'!'..=b'~', ..]) {
        return Err(Refusal::bad("this is not an HTTP/1.1 request"));
    }
    let end = rest.windows(4).position(|four| four == b"\r\n\r\n").map(|at| blank + at + 4);
    match end {
        Some(end) if end <= limits.max_head => Ok(Some(end)),
        None if bytes.len() < limits.max_head => Ok(None),
        _ => Err(Refusal::new(
            StatusCode::RequestHeaderFieldsTooLarge,
            "the head of the request is too large",
        )),
    }
}

impl<'a> Head<'a> {
    /// Reads a head, which must be all of `bytes`.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        // The parser takes a bare LF for a line end; a proxy in front may not.
        if bytes.iter().zip(&bytes[1..]).any(|(before, byte)| *byte == b'\n' && *before != b'\r') {
            return Err(Refusal::bad("every line of the head must end with CR LF"));
        }
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        match parsed.parse(bytes) {
            Ok(httparse::Status::Complete(end)) if end == bytes.len() => {}
            Ok(_) => return Err(Refusal::bad("the head of the request is malformed")),
            Err(httparse::Error::TooManyHeaders) => {
                let status = StatusCode::RequestHeaderFieldsTooLarge;
                return Err(Refusal::new(status, "the request has more than 100 header lines"));
            }
            Err(httparse::Error::Version) => return Err(wrong_version()),
            Err(httparse::Error::HeaderName) => {
                return Err(Refusal::bad("a header line does not begin with a name and a colon"));
            }
            Err(_) => return Err(Refusal::bad("the head of the request is malformed")),
        }
        if parsed.version != Some(1) {
            return Err(wrong_version());
        }
        let fields = Fields::of(parsed.headers)?;
        let method = method(parsed.method.unwrap_or_default())?;
        let target = parsed.path.unwrap_or_default();
        check_resource(fields.host, target)?;
        let framing = fields.framing(limits)?;
        if fields.upgrades_to_websocket() && !framing.is_done() {
            return Err(Refusal::bad("a request to upgrade to a WebSocket must have no body"));
        }
        Ok(Self {
            method,
            target,
            host: fields.host,
            keep_alive: !fields.close,
            expects_continue: fields.expects_continue && !framing.is_done(),
            // A body would have to be read to its end before the protocol may change.
            upgrade: fields.connection_upgrade && fields.upgrade.is_some() && framing.is_done(),
            framing,
            headers: parsed.headers.to_vec(),
        })
    }

    /// The first header of this name, as it came.
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|h| h.value)
    }

    /// The request as an application gets it, still without its body.
    pub fn request(&self) -> Result<Request, Refusal> {
        let url = format!("http://{}{}", self.host, self.target);
        let mut request = Request::new(self.method, Url::parse(&url).map_err(|_| bad_host())?);
        request.set_version(Some(Version::Http1_1));
        for header in &self.headers {
            append(&mut request, header)?;
        }
        Ok(request)
    }
}

fn wrong_version() -> Refusal {
    Refusal::new(StatusCode::HttpVersionNotSupported, "only HTTP/1.1 is served here")
}

fn method(token: &str) -> Result<Method, Refusal> {
    // Methods are case-sensitive; the parser of `Method` is not.
    let method = token.parse::<Method>().ok().filter(|method| method.as_ref() == token);
    method.ok_or(Refusal::new(StatusCode::NotImplemented, "the method is not known here"))
}

/// The headers that the edge itself acts on.
#[derive(Default)]
struct Fields<'a> {
    host: &'a str,
    hosts: usize,
    length: Option<&'a [u8]>,
    lengths: usize,
    coding: Option<&'a [u8]>,
    codings: usize,
    upgrade: Option<&'a [u8]>,
    close: bool,
    connection_upgrade: bool,
    expects_continue: bool,
}

impl<'a> Fields<'a> {
    fn of(headers: &[httparse::Header<'a>]) -> Result<Self, Refusal> {
        let mut fields = Self::default();
        for header in headers {
            let is = |name: &str| header.name.eq_ignore_ascii_case(name);
            if is("host") {
                fields.hosts += 1;
                fields.host = std::str::from_utf8(header.value).unwrap_or_default();
            } else if is("content-length") {
                fields.lengths += 1;
                fields.length = Some(header.value);
            } else if is("transfer-encoding") {
                fields.codings += 1;
                fields.coding = Some(header.value);
            } else if is("upgrade") {
                fields.upgrade = Some(header.value);
            } else if is("connection") {
                fields.close |= has_token(header.value, "close");
                fields.connection_upgrade |= has_token(header.value, "upgrade");
            } else if is("expect") {
                if !header.value.eq_ignore_ascii_case(b"100-continue") {
                    let status = StatusCode::ExpectationFailed;
                    return Err(Refusal::new(status, "only 100-continue can be expected"));
                }
                fields.expects_continue = true;
            }
        }
        if fields.hosts != 1 {
            return Err(Refusal::bad("a request must have exactly one Host header"));
        }
        Ok(fields)
    }

    fn upgrades_to_websocket(&self) -> bool {
        self.connection_upgrade && self.upgrade.is_some_and(|list| has_token(list, "websocket"))
    }

    fn framing(&self, limits: &Limits) -> Result<Framing, Refusal> {
        if self.lengths + self.codings > 1 {
            return Err(Refusal::bad("the length of the body is given more than once"));
        }
        if let Some(coding) = self.coding {
            return match coding.eq_ignore_ascii_case(b"chunked") {
                true => Ok(Framing::chunked(limits.max_body)),
                false => Err(Refusal::new(
                    StatusCode::NotImplemented,
                    "the only Transfer-Encoding served here is chunked",
                )),
            };
        }
        let digits = self.length.unwrap_or(b"0");
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(Refusal::bad("Content-Length must be a decimal number"));
        }
        // Digits that fit no number are a length above every limit.
        let digits = std::str::from_utf8(digits).unwrap_or_default();
        let length = digits.parse().unwrap_or(u64::MAX);
        if length > limits.max_body { Err(Refusal::TOO_LARGE) } else { Ok(Framing::Length(length)) }
    }
}

fn has_token(list: &[u8], token: &str) -> bool {
    list.split(|byte| *byte == b',')
        .any(|item| item.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

/// Whether a host and a target make a URL that means what a proxy saw: its path and query are the target's
/// own, except that characters a URL may not hold arrive percent-encoded.
fn check_resource(host: &str, target: &str) -> Result<(), Refusal> {
    if !is_authority(host) {
        return Err(bad_host());
    }
    if !target.starts_with('/') || target.contains('#') {
        return Err(Refusal::bad("the target of the request must be a path, with a query at most"));
    }
    let path = target.split('?').next().unwrap_or_default();
    // A URL has them resolved, and then means another path than a proxy saw.
    let dots = |part: &str| matches!(&*part.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    if path.contains('\\') || path.split('/').any(|part| part.len() <= 6 && dots(part)) {
        return Err(Refusal::bad("the path must not hold a backslash or a segment of dots"));
    }
    Ok(())
}

fn bad_host() -> Refusal {
    Refusal::bad("the Host header must be a name or an address, and a port at most")
}

/// Whether `host` can be joined with a path and stay just the host: `name:port`, `[::1]:port`.
fn is_authority(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        _ => (host, ""),
    };
    let is_name = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.bytes().all(|b| b.is_ascii_hexdigit() || b":.".contains(&b)),
        None => name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)),
    };
    is_name && !name.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
}

fn append(request: &mut Request, header: &httparse::Header<'_>) -> Result<(), Refusal> {
    let malformed = |_| Refusal::bad("a header line is malformed");
    let name = HeaderName::from_bytes(header.name.as_bytes().to_vec()).map_err(malformed)?;
    let value = HeaderValue::from_bytes(ascii(header.value).into_owned()).map_err(malformed)?;
    request.append_header(name, value);
    Ok(())
}

/// A request holds ASCII only; a browser may send a cookie in UTF-8. Such bytes arrive percent-encoded.
fn ascii(value: &[u8]) -> Cow<'_, [u8]> {
    if value.is_ascii() {
        return Cow::Borrowed(value);
    }
    let mut encoded = Vec::with_capacity(value.len() * 2);
    for byte in value {
        match byte.is_ascii() {
            true => encoded.push(*byte),
            false => encoded.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    Cow::Owned(encoded)
}

#[cfg(test)]
mod tests;
