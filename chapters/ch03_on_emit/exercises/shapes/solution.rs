//! A tuple and an array have as many values as their type says, and each is an argument; `()` is the tuple of
//! none. All else is one argument: a `Vec` too, for nobody knows its length before it is there.
//!
//! `None` is a value that is not there, and not an argument that is not there: it is sent, as `null`. What a handler
//! returns follows the same rules, behind the 43.

use serde::Serialize;
use tide_socketio::SocketIo;

/// Your guesses, in the order of the lines below.
pub const FRAMES: &[&str] = &[
    r#"42["a","hi"]"#,
    r#"42["b","hi",2]"#,
    r#"42["c",["hi","ho"]]"#,
    r#"42["d","hi","ho"]"#,
    r#"42["e"]"#,
    r#"42["f",null]"#,
    r#"42["g",{"sum":3,"note":null}]"#,
    r#"437[1,"two"]"#,
];

#[derive(Serialize)]
struct Sum {
    sum: i64,
    note: Option<String>,
}

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("tell", async |socket, ()| {
            socket.emit("a", "hi");
            socket.emit("b", ("hi", 2));
            socket.emit("c", vec!["hi", "ho"]);
            socket.emit("d", ["hi", "ho"]);
            socket.emit("e", ());
            socket.emit("f", None::<i32>);
            socket.emit("g", Sum { sum: 3, note: None });
            Ok::<_, String>((1, "two"))
        });
    });
}

mod checks;
