//! Binary in event arguments: taken out into attachments, and put back.
//!
//! Protocol: Socket.IO v5, "Packet encoding": the JSON holds `{"_placeholder":true,"num":0}` where the
//! first attachment belongs. serde has no place for what travels beside the text, so the attachments of
//! the packet that is being written or read wait in a thread-local meanwhile.

use crate::scoped::scoped;
use bytes::Bytes;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::cell::RefCell;
use std::ops::Deref;

/// The most attachments a packet may have; a client's header that announces more is refused.
pub const MAX_ATTACHMENTS: usize = 10;

thread_local! {
    static WRITTEN: RefCell<Option<Vec<Bytes>>> = const { RefCell::new(None) };
    static READ: RefCell<Vec<Bytes>> = const { RefCell::new(Vec::new()) };
}

/// Runs `write`, and returns the attachments that it left.
pub fn collect<R>(write: impl FnOnce() -> R) -> (R, Vec<Bytes>) {
    scoped(&WRITTEN, Some(Vec::new()), || (write(), WRITTEN.take().unwrap_or_default()))
}

/// Runs `read` with `attachments` at hand.
pub fn provide<R>(attachments: &[Bytes], read: impl FnOnce() -> R) -> R {
    scoped(&READ, attachments.to_vec(), read)
}

/// The attachments of the packet that is being read.
pub fn provided() -> Vec<Bytes> {
    READ.with_borrow(Clone::clone)
}

/// Leaves attachments with the packet that is being written. Returns the number of the first, or `None`
/// when no packet is.
pub fn leave(attachments: impl IntoIterator<Item = Bytes>) -> Option<usize> {
    WRITTEN.with_borrow_mut(|written| {
        let written = written.as_mut()?;
        let first = written.len();
        written.extend(attachments);
        Some(first)
    })
}

/// Bytes as an argument, or anywhere in one: JavaScript's `Buffer`, `ArrayBuffer` or typed array.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use tide_socketio::Binary;
///
/// #[derive(Serialize, Deserialize)]
/// struct Picture {
///     name: String,
///     data: Binary,
/// }
/// ```
///
/// Outside a packet it serialises as serde's bytes, and deserialises from nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Binary(pub Bytes);

impl Deref for Binary {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<T: Into<Bytes>> From<T> for Binary {
    fn from(data: T) -> Self {
        Self(data.into())
    }
}

#[derive(Serialize, Deserialize)]
struct Placeholder {
    #[serde(rename = "_placeholder")]
    is_placeholder: bool,
    num: usize,
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match leave([self.0.clone()]) {
            Some(num) => Placeholder { is_placeholder: true, num }.serialize(serializer),
            None => serializer.serialize_bytes(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Placeholder { num, .. } = Placeholder::deserialize(deserializer)
            .map_err(|_| D::Error::custom("expected binary data"))?;
        READ.with_borrow(|attachments| attachments.get(num).cloned())
            .map(Self)
            .ok_or_else(|| D::Error::custom("binary data without its attachment"))
    }
}

/// Whether each placeholder of a packet names an attachment, and none is named twice: a second copy would
/// be memory that the client did not send.
pub fn are_placeholders_sound(data: &mut Value, attachments: usize) -> bool {
    let mut seen = vec![false; attachments];
    let mut sound = true;
    walk(data, &mut |num| match num.as_u64().and_then(|num| seen.get_mut(num as usize)) {
        Some(seen) if !*seen => *seen = true,
        _ => sound = false,
    });
    sound
}

/// Moves the numbers of all placeholders up by `first`.
pub fn renumber(data: &mut Value, first: usize) {
    walk(data, &mut |num| {
        if let Some(old) = num.as_u64() {
            *num = (old + first as u64).into();
        }
    });
}

/// Visits the number of every placeholder. The depth of `data` is bounded where it was parsed.
fn walk(data: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    match data {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, visit)),
        Value::Object(map) if map.get("_placeholder") == Some(&Value::Bool(true)) => {
            visit(map.entry("num").or_insert(Value::Null));
        }
        Value::Object(map) => map.values_mut().for_each(|value| walk(value, visit)),
        _ => {}
    }
}
