//! The server in an application, and the client's files.

use crate::support::*;
use sha1::{Digest, Sha1};
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;
use tide_socketio::{Cors, Options, Origin, ServeClient, SocketIo};

const SCRIPT: &str = "/socket.io/socket.io.js";
const OWN: &str = include_str!("../../static/socket.io.js");
const JAVASCRIPT: &str = "application/javascript; charset=utf-8";

fn etag() -> String {
    format!("\"{}-{:x}\"", env!("CARGO_PKG_VERSION"), Sha1::digest(OWN))
}

#[test]
fn the_client_file_is_served_with_its_type_and_its_version() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        let answer = get(address, SCRIPT).await;
        assert_eq!((answer.status, answer.text()), (200, OWN));
        assert_eq!(answer.header("content-type"), Some(JAVASCRIPT));
        assert_eq!(answer.header("etag"), Some(&*etag()));
        assert_eq!(answer.header("x-sourcemap"), None);
        let module = get(address, "/socket.io/socket.io.esm.js").await;
        assert_eq!((module.status, module.header("content-type")), (200, Some(JAVASCRIPT)));
        assert!(module.text().starts_with(OWN));
        assert!(module.text().contains("export {"));
    });
}

#[test]
fn a_query_asks_for_the_same_file() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        let answer = get(address, &format!("{SCRIPT}?buster=123")).await;
        assert_eq!((answer.status, answer.text()), (200, OWN));
        assert_eq!(answer.header("etag"), Some(&*etag()));
    });
}

/// A package of the official client with little in it, for as long as this lives.
struct Package(PathBuf);

impl Package {
    fn new(files: &[&str]) -> Self {
        let package = std::env::temp_dir().join(format!("socket.io-client-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&package);
        std::fs::create_dir_all(package.join("dist")).unwrap();
        std::fs::write(package.join("package.json"), r#"{"version":"4.8.4"}"#).unwrap();
        for name in files {
            std::fs::write(package.join("dist").join(name), format!("/* {name} */")).unwrap();
        }
        Self(package)
    }
}

impl Drop for Package {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_official_files_are_served_from_a_folder_and_no_other() {
    let builds = ["", ".min", ".esm.min", ".msgpack.min"];
    let builds =
        builds.map(|build| [format!("socket.io{build}.js"), format!("socket.io{build}.js.map")]);
    let official: Vec<&str> = builds.as_flattened().iter().map(String::as_str).collect();
    let package = Package::new(&[&*official, &["socket.io.esm.js"]].concat());
    run(async {
        let serve_client = ServeClient::Folder(package.0.join("dist"));
        let address = serve(&SocketIo::with(Options { serve_client, ..Options::default() })).await;
        for name in official {
            let answer = get(address, &format!("/socket.io/{name}")).await;
            assert_eq!((answer.status, answer.text()), (200, &*format!("/* {name} */")));
            let kind = match name.ends_with("map") {
                true => "application/json; charset=utf-8",
                false => JAVASCRIPT,
            };
            assert_eq!(answer.header("content-type"), Some(kind), "{name}");
            assert_eq!(answer.header("etag"), Some("\"4.8.4\""), "{name}");
            assert_eq!(answer.header("x-sourcemap"), None, "{name}");
        }
        for other in ["socket.io.esm.js", "package.json", "..%2fpackage.json"] {
            assert_eq!(get(address, &format!("/socket.io/{other}")).await.status, 400, "{other}");
        }
    });
}

async fn accepting(encodings: &str) -> Answer {
    let address = serve(&SocketIo::new()).await;
    request(address, "GET", SCRIPT, &[("Accept-Encoding", encodings)], b"").await
}

#[test]
fn gzip_is_used_when_it_is_accepted() {
    run(async {
        let answer = accepting("gzip,br,deflate").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert!(answer.body.len() * 2 < OWN.len());
        let mut unzipped = String::new();
        flate2::read::GzDecoder::new(&*answer.body).read_to_string(&mut unzipped).unwrap();
        assert_eq!(unzipped, OWN);
    });
}

#[test]
fn brotli_alone_gets_the_file_as_it_is() {
    run(async {
        let answer = accepting("br").await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None));
        assert_eq!(answer.text(), OWN);
    });
}

#[test]
fn the_client_file_has_cors_headers_too() {
    run(async {
        let cors = Cors { origin: Origin::List(vec!["http://a.test".into()]), ..Cors::default() };
        let address =
            serve(&SocketIo::with(Options { cors: Some(cors), ..Options::default() })).await;
        for (origin, allowed) in [("http://a.test", Some("http://a.test")), ("http://b.test", None)]
        {
            let answer = request(address, "GET", SCRIPT, &[("Origin", origin)], b"").await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("access-control-allow-origin"), allowed);
        }
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
        assert_eq!((answer.status, answer.text()), (200, OWN));
    });
}

#[test]
fn no_file_is_served_when_none_is_wanted() {
    run(async {
        let options = Options { serve_client: ServeClient::No, ..Options::default() };
        let address = serve(&SocketIo::with(options)).await;
        let answer = get(address, SCRIPT).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.text(), r#"{"code":0,"message":"Transport unknown"}"#);
        Ws::connect(address).await;
    });
}

#[test]
fn an_application_that_answers_everything_leaves_the_server_its_path() {
    run(async {
        let io = SocketIo::new();
        let mut app = tide::new();
        app.at("/").all(async |_| Ok(tide::Response::new(404)));
        app.at("*").all(async |_| Ok(tide::Response::new(404)));
        app.at("/hello").get(async |_| Ok("hello"));
        io.attach(&mut app);
        let address = serve_app(app).await;
        assert_eq!(get(address, SCRIPT).await.text(), OWN);
        Ws::connect(address).await;
        assert_eq!(get(address, "/hello").await.text(), "hello");
        assert_eq!(get(address, "/").await.status, 404);
    });
}

#[test]
fn what_is_not_below_the_path_is_not_found_and_what_is_must_be_a_request() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        for outside in ["/abcdefghij/socket.io.js", "/socket.io.js", "/socket.iox/socket.io.js"] {
            assert_eq!(get(address, outside).await.status, 404, "{outside}");
        }
        let answer = get(address, "/socket.io/unknown.js").await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.text(), r#"{"code":0,"message":"Transport unknown"}"#);
    });
}

#[test]
fn the_options_given_are_told_to_the_client_beside_the_defaults() {
    run(async {
        let options = Options { ping_timeout: Duration::from_secs(6), ..Options::default() };
        let answer =
            get(serve(&SocketIo::with(options)).await, "/socket.io/?EIO=4&transport=polling").await;
        let (before, after) = answer.text().split_once(r#""sid":""#).unwrap();
        let (sid, after) = after.split_once('"').unwrap();
        assert_eq!((before, sid.len()), ("0{", 20));
        assert_eq!(
            after,
            r#","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":6000,"maxPayload":1000000}"#
        );
    });
}

#[test]
fn a_server_holds_the_port_it_is_bound_to() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        let second = std::net::TcpListener::bind(address).unwrap_err();
        assert_eq!(second.kind(), std::io::ErrorKind::AddrInUse);
        let answer = get(address, SCRIPT).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(JAVASCRIPT)));
        Ws::connect(address).await;
    });
}
