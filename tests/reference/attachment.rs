//! The server in an application, and the client's files.

use crate::support::*;
use tide_socketio::{Cors, Options, Origin, ServeClient, SocketIo};

const SCRIPT: &str = "/socket.io/socket.io.js";

fn etag() -> String {
    format!("\"{}\"", env!("CARGO_PKG_VERSION"))
}

#[test]
fn the_client_file_is_served_with_and_without_a_query() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        for target in [SCRIPT.to_owned(), format!("{SCRIPT}?buster=123")] {
            let answer = get(address, &target).await;
            assert_eq!(answer.status, 200);
            let kind = answer.header("content-type");
            assert_eq!(kind, Some("application/javascript; charset=utf-8"));
            assert_eq!(answer.header("etag"), Some(&*etag()));
            assert_eq!(answer.header("x-sourcemap"), None);
            assert!(answer.text().contains("var io = "));
        }
        let module = get(address, "/socket.io/socket.io.esm.js").await;
        assert_eq!(module.status, 200);
        assert!(module.text().contains("export {"));
    });
}

#[test]
fn the_official_files_are_served_from_a_folder() {
    let package = std::env::temp_dir().join(format!("client-{}", std::process::id()));
    let dist = package.join("dist");
    std::fs::create_dir_all(&dist).unwrap();
    std::fs::write(package.join("package.json"), r#"{"version":"4.8.4"}"#).unwrap();
    let names = ["", ".min", ".esm.min", ".msgpack.min"];
    let names =
        names.map(|name| [format!("socket.io{name}.js"), format!("socket.io{name}.js.map")]);
    for name in names.as_flattened() {
        std::fs::write(dist.join(name), format!("/* {name} */")).unwrap();
    }
    run(async {
        let serve_client = ServeClient::Folder(dist);
        let address = serve(&SocketIo::with(Options { serve_client, ..Options::default() })).await;
        for name in names.as_flattened() {
            let answer = get(address, &format!("/socket.io/{name}")).await;
            assert_eq!((answer.status, answer.text()), (200, &*format!("/* {name} */")));
            let kind = if name.ends_with("map") { "json" } else { "javascript" };
            let kind = format!("application/{kind}; charset=utf-8");
            assert_eq!(answer.header("content-type"), Some(&*kind), "{name}");
            assert_eq!(answer.header("etag"), Some("\"4.8.4\""));
        }
    });
    std::fs::remove_dir_all(package).unwrap();
}

#[test]
fn gzip_is_used_when_it_is_accepted() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        let plain = get(address, SCRIPT).await;
        assert_eq!(plain.header("content-encoding"), None);
        let accepts = [("Accept-Encoding", "gzip,br,deflate")];
        let zipped = request(address, "GET", SCRIPT, &accepts, b"").await;
        assert_eq!(zipped.header("content-encoding"), Some("gzip"));
        assert!(zipped.body.starts_with(&[0x1f, 0x8b]));
        assert!(zipped.body.len() * 2 < plain.body.len());
    });
}

#[test]
fn the_client_file_has_cors_headers_too() {
    run(async {
        let cors = Cors { origin: Origin::List(vec!["http://a.test".into()]), ..Cors::default() };
        let address =
            serve(&SocketIo::with(Options { cors: Some(cors), ..Options::default() })).await;
        let from = [("Origin", "http://a.test")];
        let answer = request(address, "GET", SCRIPT, &from, b"").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), Some("http://a.test"));
    });
}

#[test]
fn a_client_that_has_the_file_gets_304() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        for known in [etag(), format!("W/{}", etag())] {
            let answer = request(address, "GET", SCRIPT, &[("If-None-Match", &known)], b"").await;
            assert_eq!((answer.status, answer.body.len()), (304, 0), "{known}");
        }
        let answer = request(address, "GET", SCRIPT, &[("If-None-Match", "\"0\"")], b"").await;
        assert_eq!(answer.status, 200);
    });
}

#[test]
fn no_file_is_served_when_none_is_wanted() {
    run(async {
        let options = Options { serve_client: ServeClient::No, ..Options::default() };
        let address = serve(&SocketIo::with(options)).await;
        assert_eq!(get(address, SCRIPT).await.status, 400);
    });
}

#[test]
fn the_application_keeps_its_own_routes() {
    run(async {
        let io = SocketIo::new();
        let mut app = tide::new();
        app.at("/hello").get(async |_| Ok("hello"));
        io.attach(&mut app);
        let address = serve_app(app).await;
        assert_eq!(get(address, "/hello").await.text(), "hello");
        assert_eq!(get(address, SCRIPT).await.status, 200);
        assert_eq!(get(address, "/abcdefghij/socket.io.js").await.status, 404);
        let unknown = get(address, "/socket.io/unknown.js").await;
        assert_eq!(unknown.status, 400);
        assert_eq!(unknown.text(), r#"{"code":0,"message":"Transport unknown"}"#);
    });
}
