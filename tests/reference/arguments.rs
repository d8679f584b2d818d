//! Arguments and acks: what is sent is what arrives.

use crate::support::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::convert::Infallible;
use tide_socketio::{AckError, Args, Binary, SocketIo};

/// A server that sends back what it gets.
pub fn echo() -> SocketIo {
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        socket.on("back", async |socket, args: Args| socket.emit("back", args));
        socket.on("ack", async |_, args: Args| Ok::<_, Infallible>(args));
    });
    io
}

#[test]
fn arguments_arrive_as_they_were_sent() {
    run(async {
        let (mut ws, _) = Ws::connect(serve(&echo()).await).await;
        for args in [r#""a",1,"2",[3]"#, "null", r#""てすと","Я Б Г","Ä ä ß""#, r#"{"b":{"c":[]}}"#]
        {
            ws.send(&format!(r#"42["back",{args}]"#)).await;
            assert_eq!(ws.text().await, format!(r#"42["back",{args}]"#));
        }
    });
}

#[test]
fn send_is_the_event_message() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("message", async |socket, text: String| socket.emit("message", text));
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"42["message","a"]"#).await;
        assert_eq!(ws.text().await, r#"42["message","a"]"#);
    });
}

#[test]
fn binary_arrives_whole_alone_and_nested() {
    run(async {
        let (mut ws, _) = Ws::connect(serve(&echo()).await).await;
        let big: Vec<u8> = (0..33_000_u32).map(|n| n as u8).collect();
        ws.send(r#"451-["back",{"_placeholder":true,"num":0}]"#).await;
        ws.send_binary(&big).await;
        assert_eq!(ws.text().await, r#"451-["back",{"_placeholder":true,"num":0}]"#);
        assert_eq!(ws.binary().await, big);
        let nested = r#"452-["back",1,"2",[{"_placeholder":true,"num":0},{"b":{"_placeholder":true,"num":1}}]]"#;
        ws.send(nested).await;
        ws.send_binary(&[1, 2]).await;
        ws.send_binary(&[3]).await;
        assert_eq!(ws.text().await, nested);
        assert_eq!((ws.binary().await, ws.binary().await), (vec![1, 2], vec![3]));
    });
}

#[derive(Serialize, Deserialize)]
struct Picture {
    name: String,
    data: Binary,
}

#[test]
fn binary_is_read_into_values_and_written_from_them() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("pictures", async |socket, (n, mut all): (u64, Vec<Picture>)| {
                all.reverse();
                socket.emit("back", (n, all, Binary::from(vec![9])));
            });
        });
        let (mut ws, _) = one(&io).await;
        let place = |num| format!(r#"{{"_placeholder":true,"num":{num}}}"#);
        let [zero, one, two] = [0, 1, 2].map(place);
        let pictures = format!(r#"[{{"name":"a","data":{one}}},{{"name":"b","data":{zero}}}]"#);
        ws.send(&format!(r#"452-["pictures",7,{pictures}]"#)).await;
        ws.send_binary(&[1]).await;
        ws.send_binary(&[2, 2]).await;
        let back = format!(r#"[{{"name":"b","data":{zero}}},{{"name":"a","data":{one}}}]"#);
        assert_eq!(ws.text().await, format!(r#"453-["back",7,{back},{two}]"#));
        for data in [vec![1], vec![2, 2], vec![9]] {
            assert_eq!(ws.binary().await, data);
        }
    });
}

#[test]
fn large_messages_go_back_and_forth() {
    run(async {
        let (mut ws, _) = Ws::connect(serve(&echo()).await).await;
        let large = json!(vec!["some text with é in it"; 20_000]).to_string();
        ws.send(&format!(r#"42["back",{large}]"#)).await;
        assert_eq!(ws.text().await, format!(r#"42["back",{large}]"#));
        let data = vec![7; 900_000];
        ws.send(r#"451-["back",{"_placeholder":true,"num":0}]"#).await;
        ws.send_binary(&data).await;
        ws.text().await;
        assert_eq!(ws.binary().await, data);
    });
}

#[test]
fn acks_carry_any_arguments() {
    run(async {
        let (mut ws, _) = Ws::connect(serve(&echo()).await).await;
        for args in ["", "1,2", r#"{"a":"b"}"#] {
            let comma = if args.is_empty() { "" } else { "," };
            ws.send(&format!(r#"421["ack"{comma}{args}]"#)).await;
            assert_eq!(ws.text().await, format!("431[{args}]"));
        }
        ws.send(r#"451-7["ack",{"_placeholder":true,"num":0}]"#).await;
        ws.send_binary(&[9]).await;
        assert_eq!(ws.text().await, r#"461-7[{"_placeholder":true,"num":0}]"#);
        assert_eq!(ws.binary().await, [9]);
    });
}

#[test]
fn an_event_has_one_ack_however_many_listen() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("add", async |_, (): ()| ());
            socket.on("add", async |_, (a, b): (u64, u64)| Ok::<_, Infallible>(a + b));
            socket.on("add", async |_, (): ()| Ok::<_, Infallible>("too late"));
        });
        let (mut ws, _) = one(&io).await;
        ws.send(r#"425["add",1,2]"#).await;
        assert_eq!(ws.text().await, "435[3]");
        ws.send(r#"42["add",1,2]"#).await;
        ws.send(r#"426["add",3,4]"#).await;
        assert_eq!(ws.text().await, "436[7]");
    });
}

#[test]
fn the_server_can_ask_for_acks_too() {
    run(async {
        let io = SocketIo::new();
        let (mut ws, socket) = one(&io).await;
        let asked = async_std::task::spawn(socket.emit_with_ack::<(u64, String)>("hi", (1, 2)));
        assert_eq!(ws.text().await, r#"420["hi",1,2]"#);
        ws.send(r#"430[3,"four"]"#).await;
        assert_eq!(asked.await, Ok((3, "four".to_owned())));
        let data = Binary::from(vec![1, 2]);
        let asked = async_std::task::spawn(socket.emit_with_ack::<Binary>("bin", data));
        assert_eq!(ws.text().await, r#"451-1["bin",{"_placeholder":true,"num":0}]"#);
        assert_eq!(ws.binary().await, [1, 2]);
        ws.send(r#"461-1[{"_placeholder":true,"num":0}]"#).await;
        ws.send_binary(&[3]).await;
        assert_eq!(asked.await, Ok(Binary::from(vec![3])));
        let asked = async_std::task::spawn(socket.emit_with_ack::<()>("hi", ()));
        ws.text().await;
        ws.drop_tcp();
        assert_eq!(asked.await, Err(AckError::Disconnected));
    });
}
