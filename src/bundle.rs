//! The client's files under the server's path: nothing to install, nothing to place.

use crate::options::ServeClient;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha1::{Digest, Sha1};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use tide::http::{Method, Request, Response, StatusCode, headers};

/// Our client, a classic script that makes the global `io`.
const SCRIPT: &str = include_str!("../static/socket.io.js");
/// What makes a module of it.
const EXPORTS: &str =
    "\nexport const { Manager, Socket, connect, protocol } = io;\nexport { io, io as default };\n";

/// The files of the official client's `dist` folder that its own server serves.
const OFFICIAL: [&str; 8] = [
    "socket.io.js",
    "socket.io.js.map",
    "socket.io.min.js",
    "socket.io.min.js.map",
    "socket.io.esm.min.js",
    "socket.io.esm.min.js.map",
    "socket.io.msgpack.min.js",
    "socket.io.msgpack.min.js.map",
];

#[derive(Debug)]
struct File {
    plain: Vec<u8>,
    gzip: Vec<u8>,
    kind: &'static str,
}

/// The files, read and compressed once.
#[derive(Debug)]
pub struct Bundle {
    files: HashMap<String, File>,
    etag: String,
}

impl Bundle {
    /// Reads what is to be served. A file of a folder that cannot be read is not served, and logged.
    pub fn new(serve: &ServeClient) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let (files, version) = match serve {
            ServeClient::No => (HashMap::new(), version.to_owned()),
            ServeClient::Own => {
                let module = format!("{SCRIPT}{EXPORTS}");
                let own = [("socket.io.js", SCRIPT.to_owned()), ("socket.io.esm.js", module)];
                let files = own.map(|(name, text)| (name.to_owned(), file(name, text.into())));
                // Whoever changes the script and not the version still wants to see what came of it.
                (files.into(), format!("{version}-{:x}", Sha1::digest(SCRIPT)))
            }
            ServeClient::Folder(folder) => (read_folder(folder), official_version(folder)),
        };
        Self { files, etag: format!("\"{version}\"") }
    }

    /// The answer to a request for one of the files; `None` if it is for none of them.
    pub fn find(&self, request: &Request) -> Option<Response> {
        let name = request.url().path().rsplit('/').next()?;
        let file = self.files.get(name)?;
        if request.method() == Method::Options {
            return None;
        }
        // ANCHOR: not_modified
        let known = request.header(headers::IF_NONE_MATCH).map(|value| value.as_str());
        if known.is_some_and(|known| known.strip_prefix("W/").unwrap_or(known) == self.etag) {
            return Some(Response::new(StatusCode::NotModified));
        }
        // ANCHOR_END: not_modified
        let mut response = Response::new(StatusCode::Ok);
        let accepts_gzip = request
            .header(headers::ACCEPT_ENCODING)
            .is_some_and(|value| value.as_str().to_ascii_lowercase().contains("gzip"));
        if accepts_gzip {
            response.set_body(&*file.gzip);
            response.insert_header(headers::CONTENT_ENCODING, "gzip");
        } else {
            response.set_body(&*file.plain);
        }
        response.insert_header(headers::CONTENT_TYPE, file.kind);
        response.insert_header(headers::CACHE_CONTROL, "public, max-age=0");
        response.insert_header(headers::ETAG, self.etag.as_str());
        response.append_header(headers::VARY, "Accept-Encoding");
        Some(response)
    }
}

fn file(name: &str, plain: Vec<u8>) -> File {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let gzip = gzip.write_all(&plain).and_then(|()| gzip.finish());
    let kind = match name.ends_with(".map") {
        true => "application/json; charset=utf-8",
        false => "application/javascript; charset=utf-8",
    };
    File { plain, gzip: gzip.expect("writing to memory does not fail"), kind }
}

fn read_folder(folder: &Path) -> HashMap<String, File> {
    let mut files = HashMap::new();
    for name in OFFICIAL {
        match std::fs::read(folder.join(name)) {
            Ok(plain) => {
                files.insert(name.to_owned(), file(name, plain));
            }
            Err(error) => {
                let file = folder.join(name);
                tide::log::warn!("client file {}: {error}; it is not served", file.display());
            }
        }
    }
    files
}

/// The version of the package the folder belongs to.
fn official_version(folder: &Path) -> String {
    let package = folder.parent().map(|parent| parent.join("package.json"));
    let package = package.and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
    let package: serde_json::Value = serde_json::from_slice(&package).unwrap_or_default();
    package["version"].as_str().unwrap_or("unknown").to_owned()
}
