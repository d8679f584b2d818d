//! The checks of every exercise, over its solution.

#[path = "../chapters/ch00_websocket/exercises/events/solution.rs"]
mod ch00_events;
#[path = "../chapters/ch00_websocket/exercises/gone/solution.rs"]
mod ch00_gone;
#[path = "../chapters/ch00_websocket/exercises/newcomer/solution.rs"]
mod ch00_newcomer;
#[path = "../chapters/ch00_websocket/exercises/told/solution.rs"]
mod ch00_told;
#[path = "../chapters/ch01_http_route/exercises/answers/solution.rs"]
mod ch01_answers;
#[path = "../chapters/ch01_http_route/exercises/escape/solution.rs"]
mod ch01_escape;
#[path = "../chapters/ch01_http_route/exercises/poem/solution.rs"]
mod ch01_poem;
#[path = "../chapters/ch01_http_route/exercises/style/solution.rs"]
mod ch01_style;
#[path = "../chapters/ch02_connection/exercises/farewell/solution.rs"]
mod ch02_farewell;
#[path = "../chapters/ch02_connection/exercises/full/solution.rs"]
mod ch02_full;
#[path = "../chapters/ch02_connection/exercises/handshake/solution.rs"]
mod ch02_handshake;
#[path = "../chapters/ch02_connection/exercises/key/solution.rs"]
mod ch02_key;
#[path = "../chapters/ch02_connection/exercises/reasons/solution.rs"]
mod ch02_reasons;
#[path = "../chapters/ch02_connection/exercises/visits/solution.rs"]
mod ch02_visits;
#[path = "../chapters/ch03_on_emit/exercises/ack/solution.rs"]
mod ch03_ack;
#[path = "../chapters/ch03_on_emit/exercises/optional/solution.rs"]
mod ch03_optional;
#[path = "../chapters/ch03_on_emit/exercises/product/solution.rs"]
mod ch03_product;
#[path = "../chapters/ch03_on_emit/exercises/shapes/solution.rs"]
mod ch03_shapes;
#[path = "../chapters/ch03_on_emit/exercises/twice/solution.rs"]
mod ch03_twice;
#[path = "../chapters/ch04_broadcast/exercises/hears/solution.rs"]
mod ch04_hears;
#[path = "../chapters/ch04_broadcast/exercises/here/solution.rs"]
mod ch04_here;
#[path = "../chapters/ch04_broadcast/exercises/listener/solution.rs"]
mod ch04_listener;
#[path = "../chapters/ch04_broadcast/exercises/rooms/solution.rs"]
mod ch04_rooms;
#[path = "../chapters/ch04_broadcast/exercises/whisper/solution.rs"]
mod ch04_whisper;
#[path = "../chapters/ch05_full_client/exercises/delivered/solution.rs"]
mod ch05_delivered;
#[path = "../chapters/ch05_full_client/exercises/forged/solution.rs"]
mod ch05_forged;
#[path = "../chapters/ch05_full_client/exercises/left/solution.rs"]
mod ch05_left;
#[path = "../chapters/ch05_full_client/exercises/names/solution.rs"]
mod ch05_names;
#[path = "../chapters/ch05_full_client/exercises/sender/solution.rs"]
mod ch05_sender;
#[path = "../chapters/ch05_full_client/exercises/story/solution.rs"]
mod ch05_story;
#[path = "../chapters/ch05_full_client/exercises/windows/solution.rs"]
mod ch05_windows;
