//! An event's arguments on their way in: a tuple takes several, anything else takes one.

use super::attachment::{are_placeholders_sound, leave, provide, provided, renumber};
use super::encoded::Encoded;
use bytes::Bytes;
use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeTuple, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

/// The arguments of an event or an ack as they came, none of them looked into.
///
/// As a handler's argument it takes whatever there is, and emitted it gives the same again, byte for byte,
/// attachments included.
///
/// ```
/// use tide_socketio::{Args, SocketIo};
/// # async_std::task::block_on(async {
/// let io = SocketIo::new();
/// io.on_connection(async |socket| {
///     socket.on("echo", async |_, args: Args| Ok::<_, std::convert::Infallible>(args));
/// });
/// # });
/// ```
#[derive(Debug, Clone, Default)]
pub struct Args {
    items: Vec<Box<RawValue>>,
    attachments: Vec<Bytes>,
}

/// Names [`Args`] to our own deserializer.
const ALL: &str = "$tide_socketio::Args";

impl Args {
    /// The arguments in the JSON array `json`.
    pub(crate) fn parse(json: &str, attachments: Vec<Bytes>) -> serde_json::Result<Self> {
        Ok(Self { items: serde_json::from_str(json)?, attachments })
    }

    /// Arguments that were found in a packet. Its attachments are still to come.
    pub(crate) fn found(items: &[&RawValue]) -> Self {
        let items = items.iter().map(|item| (*item).to_owned()).collect();
        Self { items, attachments: Vec::new() }
    }

    /// Adds an attachment; how many there are now.
    pub(crate) fn attach(&mut self, data: Bytes) -> usize {
        self.attachments.push(data);
        self.attachments.len()
    }

    /// Whether each placeholder names an attachment, and none is named twice.
    pub(crate) fn are_attachments_sound(&self) -> bool {
        serde_json::to_value(&self.items)
            .is_ok_and(|mut json| are_placeholders_sound(&mut json, self.attachments.len()))
    }

    /// Arguments made here, of any value: see [`Socket::emit`](crate::Socket::emit).
    pub fn of(value: impl Serialize) -> serde_json::Result<Self> {
        let (json, attachments) = Encoded::of(&value)?.into_array();
        Self::parse(&json, attachments)
    }

    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many bytes they have together, attachments and all.
    pub fn size(&self) -> usize {
        let json = self.items.iter().map(|item| item.get().len()).sum::<usize>();
        json + self.attachments.iter().map(Bytes::len).sum::<usize>()
    }

    /// One argument as JSON text.
    pub fn get(&self, index: usize) -> Option<&str> {
        self.items.get(index).map(|item| item.get())
    }

    /// Reads the arguments as `T`: a tuple takes one argument per element, `()` takes none, anything else
    /// takes the first. An argument that is missing reads as `null`.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        provide(&self.attachments, || T::deserialize(ArgsDeserializer(self)))
    }
}

impl Serialize for Args {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.items.len())?;
        match leave(self.attachments.iter().cloned()) {
            Some(first) if first > 0 && !self.attachments.is_empty() => {
                for item in &self.items {
                    let mut item: Value =
                        serde_json::from_str(item.get()).map_err(S::Error::custom)?;
                    renumber(&mut item, first);
                    tuple.serialize_element(&item)?;
                }
            }
            _ => self.items.iter().try_for_each(|item| tuple.serialize_element(item))?,
        }
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Args {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Args;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the arguments of an event")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Args, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Args { items, attachments: provided() })
            }
        }
        deserializer.deserialize_newtype_struct(ALL, All)
    }
}

struct ArgsDeserializer<'a>(&'a Args);

impl<'a> ArgsDeserializer<'a> {
    fn first(&self) -> &'a str {
        self.0.get(0).unwrap_or("null")
    }
}

macro_rules! read_the_first {
    ($($method:ident($($arg:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'a>>(self $(, $arg: $type)*, visitor: V) -> serde_json::Result<V::Value> {
            serde_json::Deserializer::from_str(self.first()).$method($($arg,)* visitor)
        }
    )*};
}

impl<'a> Deserializer<'a> for ArgsDeserializer<'a> {
    type Error = serde_json::Error;

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> serde_json::Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_tuple<V: Visitor<'a>>(
        self,
        len: usize,
        visitor: V,
    ) -> serde_json::Result<V::Value> {
        visitor.visit_seq(Positions { args: self.0, next: 0, len })
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> serde_json::Result<V::Value> {
        if name == ALL {
            return visitor
                .visit_seq(SeqDeserializer::new(self.0.items.iter().map(|item| &**item)));
        }
        serde_json::Deserializer::from_str(self.first()).deserialize_newtype_struct(name, visitor)
    }

    read_the_first! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32()
        deserialize_i64() deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32()
        deserialize_u64() deserialize_u128() deserialize_f32() deserialize_f64() deserialize_char()
        deserialize_str() deserialize_string() deserialize_bytes() deserialize_byte_buf()
        deserialize_option() deserialize_seq() deserialize_map() deserialize_identifier()
        deserialize_ignored_any() deserialize_unit_struct(name: &'static str)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }
}

/// The arguments one after another; those that did not come are `null`, as JavaScript's are `undefined`.
struct Positions<'a> {
    args: &'a Args,
    next: usize,
    len: usize,
}

impl<'a> SeqAccess<'a> for Positions<'a> {
    type Error = serde_json::Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> serde_json::Result<Option<T::Value>> {
        if self.next == self.len {
            return Ok(None);
        }
        let json = self.args.get(self.next).unwrap_or("null");
        self.next += 1;
        let read = seed.deserialize(&mut serde_json::Deserializer::from_str(json));
        read.map(Some).map_err(|error| {
            serde::de::Error::custom(format_args!("argument {}: {error}", self.next))
        })
    }
}

#[cfg(test)]
mod tests;
