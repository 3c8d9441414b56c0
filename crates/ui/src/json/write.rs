//! Writes a value as JSON: structs, options, lists, texts, numbers, and enums without content.

use super::NotIt;
use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};

/// Writes a value.
///
/// # Errors
/// [`NotIt`] for what JSON or the wire has no form for.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, NotIt> {
    let mut text = String::new();
    value.serialize(Writer(&mut text))?;
    Ok(text)
}

impl serde::ser::Error for NotIt {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Writer<'a>(&'a mut String);

impl Writer<'_> {
    fn push(self, text: &str) {
        self.0.push_str(text);
    }

    fn quoted(self, text: &str) {
        self.0.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                // Other control characters are refused by the domain; as spaces they harm nobody.
                '\0'..' ' => self.0.push(' '),
                _ => self.0.push(letter),
            }
        }
        self.0.push('"');
    }
}

/// A list or a struct under way.
struct Open<'a> {
    text: &'a mut String,
    end: char,
    first: bool,
}

impl Open<'_> {
    fn next(&mut self) {
        if !core::mem::take(&mut self.first) {
            self.text.push(',');
        }
    }

    fn shut(self) {
        self.text.push(self.end);
    }
}

type No = Impossible<(), NotIt>;

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = NotIt;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStructVariant = No;

    fn serialize_bool(self, value: bool) -> Result<(), NotIt> {
        self.push(if value { "true" } else { "false" });
        Ok(())
    }
    fn serialize_i64(self, value: i64) -> Result<(), NotIt> {
        self.push(&value.to_string());
        Ok(())
    }
    fn serialize_u64(self, value: u64) -> Result<(), NotIt> {
        self.push(&value.to_string());
        Ok(())
    }
    fn serialize_u32(self, value: u32) -> Result<(), NotIt> {
        self.serialize_u64(value.into())
    }
    fn serialize_u16(self, value: u16) -> Result<(), NotIt> {
        self.serialize_u64(value.into())
    }
    fn serialize_u8(self, value: u8) -> Result<(), NotIt> {
        self.serialize_u64(value.into())
    }
    fn serialize_f64(self, value: f64) -> Result<(), NotIt> {
        self.push(&super::number(value));
        Ok(())
    }
    fn serialize_str(self, value: &str) -> Result<(), NotIt> {
        self.quoted(value);
        Ok(())
    }
    fn serialize_none(self) -> Result<(), NotIt> {
        self.push("null");
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotIt> {
        value.serialize(self)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, code: &'static str) -> Result<(), NotIt> {
        self.quoted(code);
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotIt> {
        value.serialize(self)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, NotIt> {
        self.0.push('[');
        Ok(Open { text: self.0, end: ']', first: true })
    }
    fn serialize_tuple(self, _: usize) -> Result<Open<'a>, NotIt> {
        self.serialize_seq(None)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, NotIt> {
        self.0.push('{');
        Ok(Open { text: self.0, end: '}', first: true })
    }

    fn serialize_i8(self, _: i8) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_i16(self, _: i16) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_i32(self, _: i32) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_f32(self, _: f32) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_char(self, _: char) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_unit(self) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NotIt> {
        Err(NotIt)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<No, NotIt> {
        Err(NotIt)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, NotIt> {
        Err(NotIt)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<No, NotIt> {
        Err(NotIt)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, NotIt> {
        Err(NotIt)
    }
    fn collect_str<T: core::fmt::Display + ?Sized>(self, value: &T) -> Result<(), NotIt> {
        self.quoted(&value.to_string());
        Ok(())
    }
}

impl SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = NotIt;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotIt> {
        self.next();
        value.serialize(Writer(self.text))
    }
    fn end(self) -> Result<(), NotIt> {
        self.shut();
        Ok(())
    }
}

impl SerializeTuple for Open<'_> {
    type Ok = ();
    type Error = NotIt;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotIt> {
        SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Result<(), NotIt> {
        self.shut();
        Ok(())
    }
}

impl SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = NotIt;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), NotIt> {
        self.next();
        Writer(self.text).quoted(name);
        self.text.push(':');
        value.serialize(Writer(self.text))
    }
    fn end(self) -> Result<(), NotIt> {
        self.shut();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::{Kind, Language, Timestamp};
    use woodlark_wire::{Label, SessionView};

    #[test]
    fn what_is_written_is_what_serde_json_would_write() {
        let label = Label { zh: "路灯 \"亮\"\\\n".into(), en: "lamp".into() };
        assert_eq!(write(&label).unwrap(), serde_json::to_string(&label).unwrap());
        let list = (Some(Kind::Praise), vec![Language::En, Language::Zh], Timestamp(-5), None::<u32>);
        assert_eq!(write(&list).unwrap(), serde_json::to_string(&list).unwrap());
        let session = SessionView { user_id: None, phone: Some("138****1234".into()) };
        assert_eq!(write(&session).unwrap(), serde_json::to_string(&session).unwrap());
    }
}
