//! Two handlers that answer.
//!
//! `cargo run --example acks`, and a client that emits `double` or `half` with a number and a function.

use tide_socketio::{Edge, SocketIo};

#[async_std::main]
async fn main() -> std::io::Result<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        // ANCHOR: answer
        socket.on("double", async |_, number: i64| Ok::<_, String>(number * 2));
        // ANCHOR_END: answer

        // ANCHOR: refuse
        socket.on("half", async |_, number: i64| {
            if number % 2 != 0 {
                return Err("an odd number has no half");
            }
            Ok(number / 2)
        });
        // ANCHOR_END: refuse
    });
    io.attach(&mut app);
    app.listen(Edge::from_env("127.0.0.1:3000")?).await
}
