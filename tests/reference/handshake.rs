//! Cross-origin questions, and the hook that is asked before a session is opened.

use crate::support::*;
use async_std::channel::unbounded;
use tide_socketio::engine::{Refusal, RefusalCode};
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

fn asking() -> SocketIo {
    let hook = AllowRequest::new(async |request| match request.query("in").as_deref() {
        Some("1") => Ok(()),
        _ => Err("not today".to_owned()),
    });
    SocketIo::with(Options { allow_request: Some(hook), ..Options::default() })
}

#[test]
fn whom_the_hook_welcomes_gets_a_session() {
    run(async {
        let io = asking();
        let address = serve(&io).await;
        let answer = get(address, &format!("/socket.io/{POLL}&in=1")).await;
        assert_eq!(answer.status, 200);
        assert!(answer.text().starts_with(r#"0{"sid":""#));
        let _ws = Ws::open_at(address, "/socket.io/", "&in=1").await;
        assert_eq!(io.engine().clients_count(), 2);
    });
}

#[test]
fn whom_the_hook_refuses_is_told_why_and_so_is_the_application() {
    run(async {
        let io = asking();
        let (sender, refused) = unbounded();
        io.on_connection_error(move |refusal, request| {
            let _ = sender.try_send((refusal.clone(), request.url.clone()));
        });
        let address = serve(&io).await;
        let target = format!("/socket.io/{POLL}");
        let answer = get(address, &target).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.text(), r#"{"code":4,"message":"not today"}"#);
        let refusal = Refusal { code: RefusalCode::Forbidden, message: "not today".to_owned() };
        assert_eq!(refused.recv().await.unwrap(), (refusal.clone(), target.into()));
        let target = "/socket.io/?EIO=4&transport=websocket";
        let error = Ws::open_target(address, target).await.err().expect("a refusal");
        assert!(error.contains("403"), "{error}");
        assert_eq!(refused.recv().await.unwrap(), (refusal, target.into()));
        assert_eq!(io.engine().clients_count(), 0);
    });
}
