//! A POST is only ever answered *ok*: what the server has to say waits for a GET, and if there are two things,
//! they share a body. Whoever leaves a namespace keeps the session, and may enter again.
//!
//! Bob is in before he is out: `on_connection` runs for somebody who has got his 40.

use tide_socketio::SocketIo;

/// Your guesses, in the order of the story.
pub const ANSWERS: &[&str] = &[
    "0{…}",                   // the server opens the session
    "ok",                     // a POST is told no more than that
    "40{…}",                  // what has waited for a GET
    "44/red,{…}␞44/blue,{…}", // two have waited
    "40{…}",                  // the namespace was left, the session was not
    "3probe",                 // a ping, and its pong
    "6",                      // she may go
    "0{…}",                   // the same on each transport
    "40{…}␞41",               // in, and out again
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
