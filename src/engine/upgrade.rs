//! The opening handshake of a WebSocket, RFC 6455 section 4.2: checked in full before the 101.

use crate::options::Cors;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha1::{Digest, Sha1};
use tide::http::upgrade::Receiver;
use tide::http::{Request, Response, StatusCode, headers, mime};

/// What section 1.3 has both sides append to the key.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Whether the request asks to speak WebSocket from here on.
pub fn is_requested(request: &Request) -> bool {
    has_token(request, headers::CONNECTION.as_str(), "upgrade")
        && has_token(request, headers::UPGRADE.as_str(), "websocket")
}

fn has_token(request: &Request, name: &str, token: &str) -> bool {
    request.header(name).is_some_and(|values| {
        values
            .iter()
            .flat_map(|value| value.as_str().split(','))
            .any(|part| part.trim().eq_ignore_ascii_case(token))
    })
}

/// The 101 and the connection to come, or the answer that refuses it.
pub async fn accept(
    request: &Request,
    cors: Option<&Cors>,
) -> Result<(Response, Receiver), Response> {
    let header = |name: &str| request.header(name).map(|value| value.as_str());
    if header("sec-websocket-version") != Some("13") {
        let mut response =
            refuse(StatusCode::UpgradeRequired, "only WebSocket version 13 is spoken");
        response.insert_header("Sec-WebSocket-Version", "13");
        return Err(response);
    }
    let key = header("sec-websocket-key").unwrap_or_default();
    if !BASE64_STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16) {
        return Err(refuse(StatusCode::BadRequest, "Sec-WebSocket-Key is not 16 bytes in base64"));
    }
    // Browsers do not ask before they open a WebSocket to another origin: the server has to look.
    if let (Some(cors), Some(origin)) = (cors, header("origin"))
        && !cors.allows(origin)
    {
        return Err(refuse(StatusCode::Forbidden, "this origin is not allowed"));
    }
    let mut response = Response::new(StatusCode::SwitchingProtocols);
    if let Some(offered) = header("sec-websocket-protocol") {
        // A browser that offers sub-protocols fails without an answer; the first is as good as any.
        let first = offered.split(',').next().unwrap_or_default().trim();
        if first.is_empty() || !first.bytes().all(is_token) {
            return Err(refuse(
                StatusCode::BadRequest,
                "Sec-WebSocket-Protocol is not a list of tokens",
            ));
        }
        response.insert_header("Sec-WebSocket-Protocol", first);
    }
    response.insert_header(headers::UPGRADE, "websocket");
    response.insert_header(headers::CONNECTION, "Upgrade");
    response.insert_header("Sec-WebSocket-Accept", accept_key(key));
    let receiver = response.recv_upgrade().await;
    Ok((response, receiver))
}

fn accept_key(key: &str) -> String {
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    BASE64_STANDARD.encode(digest)
}

/// RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn refuse(status: StatusCode, error: &str) -> Response {
    let mut response = Response::new(status);
    response.set_body(serde_json::json!({ "error": error }).to_string());
    response.set_content_type(mime::JSON);
    response
}
