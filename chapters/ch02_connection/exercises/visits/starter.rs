//! Count the visits.
//!
//! `GET /visits` shall say how many have come since the server was started, and how many of them are here now:
//! `3 have come, 1 are here`. Everybody who enters over Socket.IO counts, and who loads the page again has come
//! again.
//!
//! Who is here, the server knows, and the route in the file says it already. Who has come, you must count.
//!
//! In JavaScript you would write `let came = 0` above it all, and `came += 1` in the handler. Try it, and read
//! what the compiler says. A handler may run for two people at the same time, and long after this function has
//! returned. So write the closure in two steps, around a number that several may hold, as the chapter shows it.

use tide_socketio::SocketIo;

/// Socket.IO, and how many have come.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |_socket| {
        // Somebody has come.
    });
    io.attach(&mut app);

    app.at("/visits").get(move |_| {
        let here = io.sockets_count();
        async move { Ok(format!("0 have come, {here} are here")) }
    });
    app
}

mod checks;
