//! Cross-origin questions, and the hook that is asked before a session is opened.

use crate::support::*;
use std::sync::{Arc, Mutex};
use tide_socketio::{AllowRequest, Cors, Options, Origin, SocketIo};

const POLL: &str = "?EIO=4&transport=polling";

fn with_cors() -> SocketIo {
    let cors = Cors {
        origin: Origin::One("http://localhost:54023".into()),
        credentials: true,
        methods: vec!["GET".into(), "POST".into()],
        allowed_headers: Some(vec!["content-type".into()]),
    };
    SocketIo::with(Options { cors: Some(cors), ..Options::default() })
}

#[test]
fn a_preflight_is_answered_on_any_path_below() {
    run(async {
        let address = serve(&with_cors()).await;
        let target = format!("/socket.io/default/{POLL}");
        let from = [("Origin", "http://localhost:54023")];
        let answer = request(address, "OPTIONS", &target, &from, b"").await;
        assert_eq!(answer.status, 204);
        for (name, value) in [
            ("access-control-allow-origin", "http://localhost:54023"),
            ("access-control-allow-methods", "GET,POST"),
            ("access-control-allow-headers", "content-type"),
            ("access-control-allow-credentials", "true"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
    });
}

#[test]
fn a_get_has_the_origin_and_the_credentials() {
    run(async {
        let address = serve(&with_cors()).await;
        let target = format!("/socket.io/default/{POLL}");
        let from = [("Origin", "http://localhost:54023")];
        let answer = request(address, "GET", &target, &from, b"").await;
        assert_eq!(answer.status, 200);
        let origin = answer.header("access-control-allow-origin");
        assert_eq!(origin, Some("http://localhost:54023"));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    });
}

#[test]
fn the_hook_lets_in_or_refuses_with_its_reason() {
    run(async {
        let hook = AllowRequest::new(async |request| match request.query("in") {
            Some(_) => Ok(()),
            None => Err("not today".to_owned()),
        });
        let io = SocketIo::with(Options { allow_request: Some(hook), ..Options::default() });
        let refused = Arc::new(Mutex::new(Vec::new()));
        let seen = refused.clone();
        io.on_connection_error(move |refusal, request| {
            seen.lock().unwrap().push((
                refusal.code as u8,
                refusal.message.clone(),
                request.url.clone(),
            ));
        });
        let address = serve(&io).await;
        assert_eq!(get(address, &format!("/socket.io/{POLL}&in=1")).await.status, 200);
        let answer = get(address, &format!("/socket.io/{POLL}")).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.text(), r#"{"code":4,"message":"not today"}"#);
        let expected = (4, "not today".to_owned(), format!("/socket.io/{POLL}"));
        assert_eq!(*refused.lock().unwrap(), [expected]);
    });
}
