//! CloudEvents 1.0: an envelope around an article of any other shape.
//!
//! Structured, the envelope is the message's JSON; binary, it is the message's headers (`ce_id`, `ce_source`, ...).

use data_encoding::BASE64;
use serde_json::Value;

use super::fields::{Object, Root, type_name};
use super::{CloudEvent, Code, Rejection, json};

/// The envelope in the headers, if they hold one. The attributes that the standard requires must be there; a header
/// that is not UTF-8 is none.
pub fn of_headers(headers: &[(&str, Option<&[u8]>)]) -> Option<CloudEvent> {
    let attribute = |name: &str| {
        let (_, value) = headers.iter().find(|(header, _)| *header == name)?;
        let value = std::str::from_utf8((*value)?).ok()?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    attribute("ce_specversion")?;
    Some(CloudEvent {
        id: attribute("ce_id")?,
        source: attribute("ce_source")?,
        kind: attribute("ce_type")?,
        time: attribute("ce_time"),
    })
}

/// The envelope that the message is, if it is one.
pub fn of_message(root: &Root) -> Option<CloudEvent> {
    let event = root.object().ok()?;
    event.text(&["specversion"])?;
    Some(CloudEvent {
        id: event.identifier(&["id"])?,
        source: event.string(&["source"])?,
        kind: event.string(&["type"])?,
        time: event.string(&["time"]),
    })
}

/// Where an event has its data.
pub enum Data<'a> {
    /// In `data`, as JSON.
    Json(&'a Value),
    /// In a string that holds JSON.
    Text(Value),
    /// In `data_base64`, as JSON in bytes.
    Bytes(Value),
}

impl Data<'_> {
    pub fn root(&self) -> Root<'_> {
        match self {
            Data::Json(value) => Root::content("data", value),
            Data::Text(value) => Root::content("data", value),
            Data::Bytes(value) => Root::content("data_base64", value),
        }
    }
}

/// The data of an event.
pub fn data<'a>(root: &Root<'a>) -> Result<Data<'a>, Rejection> {
    let event: Object<'a> = root.object()?;
    let reject = |path, message: String| Err(Rejection::at(Code::NotAnArticle, path, message));
    match (event.get("data"), event.get("data_base64")) {
        (Some(Value::String(text)), _) => json::parse(text.as_bytes())
            .map(Data::Text)
            .map_err(|rejection| rejection.within("data")),
        (Some(value), _) => Ok(Data::Json(value)),
        (None, Some(Value::String(text))) => match BASE64.decode(text.as_bytes()) {
            Ok(bytes) => json::parse(&bytes)
                .map(Data::Bytes)
                .map_err(|rejection| rejection.within("data_base64")),
            Err(error) => reject("data_base64", format!("not base64: {error}")),
        },
        (None, Some(other)) => reject(
            "data_base64",
            format!("expected a string, found {}", type_name(other)),
        ),
        (None, None) => reject("data", "an event without data".to_owned()),
    }
}
