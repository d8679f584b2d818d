//! Values on their way out: a tuple is several arguments, anything else is one.

use super::attachment::collect;
use bytes::Bytes;
use serde::Serialize;
use serde::ser::{Impossible, Serializer};
use std::fmt;

/// Values on their way out: the JSON of the arguments, with commas between them and no brackets around.
#[derive(Debug)]
pub struct Encoded {
    pub items: String,
    pub attachments: Vec<Bytes>,
}

impl Encoded {
    pub fn of(value: &impl Serialize) -> serde_json::Result<Self> {
        let mut shape = value.serialize(ShapeOf).err().unwrap_or(Shape::One);
        // serde calls both `()` and JSON's null a unit; only the first has no size.
        if shape == Shape::None && size_of_val(value) > 0 {
            shape = Shape::One;
        }
        let (json, attachments) = collect(|| serde_json::to_string(value));
        let mut items = json?;
        match shape {
            Shape::None => items.clear(),
            Shape::One => {}
            Shape::Many => {
                items.pop();
                items.remove(0);
            }
        }
        Ok(Self { items, attachments })
    }

    pub fn into_array(self) -> (String, Vec<Bytes>) {
        (format!("[{}]", self.items), self.attachments)
    }
}

/// How many arguments a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    None,
    One,
    Many,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Shape {}

impl serde::ser::Error for Shape {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::One
    }
}

/// Asks a value for its shape: its first call to the serializer tells, so the answer is the "error".
struct ShapeOf;

macro_rules! shapes {
    ($shape:ident: $($method:ident($($type:ty),*) -> $ok:ty;)*) => {$(
        fn $method(self $(, _: $type)*) -> Result<$ok, Shape> {
            Err(Shape::$shape)
        }
    )*};
}

type Never = Impossible<(), Shape>;

impl Serializer for ShapeOf {
    type Ok = ();
    type Error = Shape;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    shapes! { None: serialize_unit() -> (); }
    shapes! { Many: serialize_tuple(usize) -> Never; }
    shapes! {
        One:
        serialize_bool(bool) -> (); serialize_char(char) -> (); serialize_str(&str) -> ();
        serialize_i8(i8) -> (); serialize_i16(i16) -> (); serialize_i32(i32) -> ();
        serialize_i64(i64) -> (); serialize_u8(u8) -> (); serialize_u16(u16) -> ();
        serialize_u32(u32) -> (); serialize_u64(u64) -> (); serialize_f32(f32) -> ();
        serialize_f64(f64) -> (); serialize_bytes(&[u8]) -> (); serialize_none() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> Never;
        serialize_tuple_struct(&'static str, usize) -> Never;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never;
        serialize_map(Option<usize>) -> Never;
        serialize_struct(&'static str, usize) -> Never;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never;
    }

    fn serialize_some<T: ?Sized + Serialize>(self, _: &T) -> Result<(), Shape> {
        Err(Shape::One)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), Shape> {
        Err(Shape::One)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Shape> {
        Err(Shape::One)
    }
}
