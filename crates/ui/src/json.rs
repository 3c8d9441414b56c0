//! JSON by the browser's own `JSON`, behind serde: the types of the wire stay as they are, and the program carries
//! no parser, no number reader and no number writer. A struct is asked for its fields in the order that serde says, an
//! enum for its place in serde's list: so no type carries code that compares names. serde's `alias` and `flatten` would
//! break those orders; the wire has neither.
//!
//! What the wire uses is supported: structs, options, lists, texts, numbers below 2⁵³, and enums without content.

mod write;

use js_sys::{Array, JSON, Reflect};
use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::prelude::*;

pub use write::write;

/// The text is not JSON, or not of the shape asked for. What exactly is of no use to anybody here.
#[derive(Debug)]
pub struct NotIt;

impl core::fmt::Display for NotIt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("not the JSON expected")
    }
}

impl core::error::Error for NotIt {}

impl serde::de::Error for NotIt {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn serde::de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// Reads a text.
///
/// # Errors
/// [`NotIt`] when it is something else.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, NotIt> {
    T::deserialize(Value(JSON::parse(text).map_err(|_| NotIt)?))
}

/// A number as JavaScript writes it: the shortest text that reads back as the same number.
#[must_use]
pub fn number(value: f64) -> String {
    js_sys::Number::from(value).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

/// A value of JavaScript, to be read.
struct Value(JsValue);

impl Value {
    fn text(&self) -> Result<String, NotIt> {
        self.0.as_string().ok_or(NotIt)
    }

    fn number(&self) -> Result<f64, NotIt> {
        self.0.as_f64().ok_or(NotIt)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole numbers below 2^53; others saturate"
)]
impl<'de> Deserializer<'de> for Value {
    type Error = NotIt;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NotIt> {
        Err(NotIt)
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_bool(self.0.as_bool().ok_or(NotIt)?)
    }
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_f64(self.number()?)
    }
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_i64(self.number()? as i64)
    }
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_u64(self.number()? as u64)
    }
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_u64(self.number()? as u64)
    }
    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_u64(self.number()? as u64)
    }
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_u64(self.number()? as u64)
    }
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_string(self.text()?)
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        visitor.visit_string(self.text()?)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        if self.0.is_null() || self.0.is_undefined() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NotIt> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotIt> {
        let list: Array = self.0.dyn_into().map_err(|_| NotIt)?;
        visitor.visit_seq(Items { list, next: 0 })
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, NotIt> {
        self.deserialize_seq(visitor)
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotIt> {
        if self.0.is_object() { visitor.visit_seq(Fields { of: self.0, fields }) } else { Err(NotIt) }
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        codes: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotIt> {
        visitor.visit_enum(Code(place(codes, &self.text()?).ok_or(NotIt)?))
    }

    forward_to_deserialize_any! { i8 i16 i32 f32 char bytes byte_buf unit unit_struct tuple_struct map identifier ignored_any }
}

/// The items of a list, one after the other.
struct Items {
    list: Array,
    next: u32,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = NotIt;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, NotIt> {
        if self.next >= self.list.length() {
            return Ok(None);
        }
        let item = self.list.get(self.next);
        self.next += 1;
        seed.deserialize(Value(item)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some((self.list.length() - self.next) as usize)
    }
}

/// The fields of a struct, in order.
struct Fields {
    of: JsValue,
    fields: &'static [&'static str],
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = NotIt;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, NotIt> {
        let value = self.next().ok_or(NotIt)?;
        let absent = value.is_undefined();
        match seed.deserialize(Value(value)) {
            // An option reads nothing where nothing is; for all else serde knows whether there is a default.
            Err(_) if absent => Ok(None),
            read => read.map(Some),
        }
    }
}

impl Fields {
    fn next(&mut self) -> Option<JsValue> {
        let (field, rest) = self.fields.split_first()?;
        self.fields = rest;
        Reflect::get(&self.of, &(*field).into()).ok()
    }
}

/// Where a code stands in the list of an enum's codes.
fn place(codes: &[&str], text: &str) -> Option<u32> {
    (0..).zip(codes).find(|(_, code)| **code == text).map(|(place, _)| place)
}

/// An enum's value, by its place in the list.
struct Code(u32);

impl<'de> EnumAccess<'de> for Code {
    type Error = NotIt;
    type Variant = Nothing;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Nothing), NotIt> {
        let place: U32Deserializer<NotIt> = self.0.into_deserializer();
        Ok((seed.deserialize(place)?, Nothing))
    }
}

/// The content of an enum's value: there is none.
struct Nothing;

impl<'de> serde::de::VariantAccess<'de> for Nothing {
    type Error = NotIt;

    fn unit_variant(self) -> Result<(), NotIt> {
        Ok(())
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, NotIt> {
        Err(NotIt)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, NotIt> {
        Err(NotIt)
    }
    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, NotIt> {
        Err(NotIt)
    }
}
