//! A request that is not served: what the client is told.

use std::fmt;
use std::time::SystemTime;
use tide::http::StatusCode;

/// A status, and a reason that a person can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub reason: &'static str,
}

impl Refusal {
    pub const TOO_LARGE: Self =
        Self::new(StatusCode::PayloadTooLarge, "the body is larger than this server takes");
    pub const HEAD_TIMEOUT: Self =
        Self::new(StatusCode::RequestTimeout, "the head of the request did not come in time");
    pub const BODY_TIMEOUT: Self =
        Self::new(StatusCode::RequestTimeout, "the body of the request came too slowly");
    pub const CUT_OFF: Self = Self::bad("the request ended before it was complete");
    pub const FAILED: Self =
        Self::new(StatusCode::InternalServerError, "the server failed to answer this request");
    pub const FULL: Self =
        Self::new(StatusCode::ServiceUnavailable, "too many connections, try again in a moment");

    pub const fn new(status: StatusCode, reason: &'static str) -> Self {
        Self { status, reason }
    }

    pub const fn bad(reason: &'static str) -> Self {
        Self::new(StatusCode::BadRequest, reason)
    }

    pub fn body(self) -> String {
        format!("{{\"error\":\"{}\"}}", self.reason)
    }

    /// The whole answer. The connection is closed after it.
    pub fn to_bytes(self) -> Vec<u8> {
        let status = self.status;
        let body = self.body();
        let retry = if self == Self::FULL { "retry-after: 1\r\n" } else { "" };
        format!(
            "HTTP/1.1 {} {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n{retry}date: {}\r\n\r\n{body}",
            status as u16,
            status.canonical_reason(),
            body.len(),
            httpdate::fmt_http_date(SystemTime::now()),
        )
        .into_bytes()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.reason)
    }
}

impl std::error::Error for Refusal {}
