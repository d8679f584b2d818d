//! The checks of every exercise, over its solution.

#[path = "../chapters/ch03_on_emit/exercises/ack/solution.rs"]
mod ch03_ack;
