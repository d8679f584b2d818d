//! A table for two.
//!
//! Two may be here at a time. Who comes as the third is shown out at once: the server says `41`, the page
//! shows `Disconnected: io server disconnect`, and does not try again. The two at the table notice nothing. If one
//! of them goes, the next is welcome.

use tide_socketio::SocketIo;

/// Socket.IO for two, and how many are here.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        // Your lines go here.
        let _ = socket;
    });
    io.attach(&mut app);

    app.at("/here").get(move |_| {
        let here = io.sockets_count();
        async move { Ok(here.to_string()) }
    });
    app
}

mod checks;
