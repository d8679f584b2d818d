//! The answers to a browser's questions about cross-origin requests, on every answer, errors too: a
//! browser hides an error without them.

use crate::options::{Cors, Origin};
use tide::http::{Method, Request, Response, StatusCode, headers};

/// What a request said that matters here. Taken before the request is consumed.
#[derive(Debug)]
pub struct Asked {
    origin: Option<String>,
    headers: Option<String>,
    is_preflight: bool,
}

impl Asked {
    pub fn by(request: &Request) -> Self {
        let header = |name| request.header(name).map(|value| value.as_str().to_owned());
        Self {
            origin: header(headers::ORIGIN.as_str()),
            headers: header("access-control-request-headers"),
            is_preflight: request.method() == Method::Options,
        }
    }
}

impl Cors {
    /// Whether a page of this origin may open a WebSocket, which browsers do not ask about.
    pub(super) fn allows(&self, origin: &str) -> bool {
        match &self.origin {
            Origin::Any | Origin::Mirror => true,
            Origin::One(one) => one == origin,
            Origin::List(list) => list.iter().any(|one| one == origin),
        }
    }

    /// The answer to a preflight; `None` for any other request.
    pub(super) fn preflight(&self, asked: &Asked) -> Option<Response> {
        if !asked.is_preflight {
            return None;
        }
        let mut response = Response::new(StatusCode::NoContent);
        response.insert_header("Access-Control-Allow-Methods", self.methods.join(","));
        match (&self.allowed_headers, &asked.headers) {
            (Some(allowed), _) => {
                response.insert_header("Access-Control-Allow-Headers", allowed.join(","));
            }
            (None, Some(wanted)) => {
                response.insert_header("Access-Control-Allow-Headers", wanted.as_str());
                response.append_header(headers::VARY, "Access-Control-Request-Headers");
            }
            (None, None) => {}
        }
        Some(response)
    }

    /// Adds the headers that any answer has to carry.
    pub(super) fn apply(&self, asked: &Asked, response: &mut Response) {
        let allowed = match &self.origin {
            Origin::Any => Some("*"),
            // One origin is named whoever asks: the browser compares.
            Origin::One(one) => Some(one.as_str()),
            Origin::List(_) | Origin::Mirror => {
                asked.origin.as_deref().filter(|origin| self.allows(origin))
            }
        };
        if let Some(allowed) = allowed {
            response.insert_header("Access-Control-Allow-Origin", allowed);
        }
        if self.origin != Origin::Any {
            response.append_header(headers::VARY, "Origin");
            if self.credentials {
                response.insert_header("Access-Control-Allow-Credentials", "true");
            }
        }
    }
}
