//! The handshake, packet by packet.
//!
//! Ann comes by long-polling, Bob over a WebSocket. What does the server answer? Write what stands before the
//! JSON, and `{…}` for the JSON: `0{…}`, not more. Packets that come in one body have a ␞ between them: copy it from here.
//! What the chapter does not show is on the page *What goes over the wire*.
//!
//! 1. Ann: `GET /socket.io/?EIO=4&transport=polling`
//! 2. Ann, with her session's id from here on: `POST …`, and `40` in the body
//! 3. Ann: `GET …`
//! 4. Ann posts `40/red,` and then `40/blue,`. Nobody has made such namespaces. Then `GET …`
//! 5. Ann posts `41`, then `40`. Then `GET …`
//! 6. Ann opens a WebSocket with her session's id, and sends `2probe` there. What comes there?
//! 7. Meanwhile a `GET …` of hers has been waiting. Its answer?
//! 8. Bob opens a WebSocket without any id. The first that he hears?
//! 9. Bob sends `40`. Then he hears two packets. Write them like two in one body.

use tide_socketio::SocketIo;

/// Your guesses, in the order of the story.
pub const ANSWERS: &[&str] = &[
    "?", // 1
    "?", // 2
    "?", // 3
    "?", // 4
    "?", // 5
    "?", // 6
    "?", // 7
    "?", // 8
    "?", // 9
];

/// One at a time: who comes while somebody is here is shown out.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        if socket.nsp().sockets_count() > 1 {
            socket.disconnect();
        }
    });
}

mod checks;
