//! librdkafka properties as the user gives them: passed through, but for those that the worker owns, and never shown
//! where they hold a secret.

use std::collections::BTreeMap;
use std::fmt;

use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaConfRes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error as _, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands in place of a secret wherever something is shown.
pub const MASK: &str = "***";

/// librdkafka properties by name.
///
/// `Debug` and `Serialize` show [`MASK`] in place of every secret, so that no log line or page can leak one; only
/// [`iter`](Self::iter) and [`get`](Self::get) give values out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Properties(BTreeMap<String, Property>);

#[derive(Clone, PartialEq, Eq)]
struct Property {
    value: String,
    /// The value is never shown: its name says so, or it came from a file.
    secret: bool,
}

impl Properties {
    /// Sets a property; secret if its name says so.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let property = Property {
            value: value.into(),
            secret: is_secret(name),
        };
        self.0.insert(name.to_owned(), property);
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|property| property.value.as_str())
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, property)| (name.as_str(), property.value.as_str()))
    }

    /// Never shows the value of this property, whatever its name says.
    pub fn conceal(&mut self, name: &str) {
        if let Some(property) = self.0.get_mut(name) {
            property.secret = true;
        }
    }

    fn shown(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, property)| {
            let value = if property.secret {
                MASK
            } else {
                &property.value
            };
            (name.as_str(), value)
        })
    }
}

/// Whether a property of this name holds a secret. Rather one too many: `ssl.key.location` is masked with its kin.
pub fn is_secret(name: &str) -> bool {
    const WORDS: [&str; 6] = [
        "password",
        "passphrase",
        "secret",
        "token",
        "jaas",
        "credential",
    ];
    let name = name.to_ascii_lowercase();
    // `sasl.oauthbearer.config` is free text that may hold anything.
    WORDS.iter().any(|word| name.contains(word))
        || name.split(['.', '_']).any(|part| part == "key")
        || name == "sasl.oauthbearer.config"
}

/// Why the worker sets this property itself, if it does.
pub fn owned(name: &str) -> Option<&'static str> {
    OWNED.iter().find_map(|(pattern, reason)| {
        let owned = match pattern.strip_suffix('*') {
            Some(prefix) => name.starts_with(prefix),
            None => name == *pattern,
        };
        owned.then_some(*reason)
    })
}

/// Whether librdkafka itself takes this property; what it says never repeats a secret.
///
/// # Errors
/// No such property, or a value that it does not take.
pub fn check(name: &str, value: &str) -> Result<(), String> {
    match ClientConfig::new().set(name, value).create_native_config() {
        Ok(_) => Ok(()),
        Err(KafkaError::ClientConfig(RDKafkaConfRes::RD_KAFKA_CONF_UNKNOWN, ..)) => {
            Err("librdkafka knows no such property".to_owned())
        }
        Err(KafkaError::ClientConfig(_, reason, ..)) if !is_secret(name) => {
            Err(format!("librdkafka refuses it: {reason}"))
        }
        Err(_) => Err("librdkafka refuses its value".to_owned()),
    }
}

/// Properties that would break what the worker promises, or that a key of its own sets; aliases of librdkafka 2.12
/// included (its CONFIGURATION.md).
const OWNED: &[(&str, &str)] = &[
    ("bootstrap.servers", "it is `kafka.bootstrap_servers`"),
    ("metadata.broker.list", "it is `kafka.bootstrap_servers`"),
    ("group.id", "it is `kafka.group_id`"),
    (
        "group.instance.id",
        "it is made from `delivery.instance_id`",
    ),
    ("transactional.id", "it is made from `delivery.instance_id`"),
    (
        "enable.auto.*",
        "the worker says itself which messages are finished; anything else loses messages",
    ),
    (
        "auto.commit.enable",
        "the worker says itself which messages are finished; anything else loses messages",
    ),
    (
        "auto.offset.reset",
        "it is `delivery.start_from`; later, a position out of range is an incident and never a silent jump",
    ),
    (
        "isolation.level",
        "the worker reads committed data only; otherwise a new owner of a partition reads past a pending \
         transaction and doubles its records",
    ),
    (
        "enable.idempotence",
        "without it a retry doubles or reorders records",
    ),
    ("acks", "the worker commits only what all replicas have"),
    (
        "request.required.acks",
        "the worker commits only what all replicas have",
    ),
    (
        "partitioner",
        "the worker uses `murmur2_random`, which puts a key where every Java client expects it",
    ),
    (
        "delivery.report.only.error",
        "the worker commits only after each record's acknowledgement, so it needs them all",
    ),
];

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.shown()).finish()
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.shown())
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Properties;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of librdkafka properties")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Properties::default();
                while let Some((name, value)) = map.next_entry::<String, Text>()? {
                    properties.set(&name, value.0);
                }
                Ok(properties)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

/// A property's value: text, or a number or boolean as librdkafka writes them.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Text(text)),
            serde_json::Value::Bool(value) => Ok(Text(value.to_string())),
            serde_json::Value::Number(value) if !value.is_f64() => Ok(Text(value.to_string())),
            // The value is not repeated: it may be a secret in the wrong shape.
            _ => Err(D::Error::invalid_type(
                Unexpected::Other("something else"),
                &"a string, an integer or a boolean",
            )),
        }
    }
}

impl JsonSchema for Properties {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Properties".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "librdkafka properties by name.",
            "type": "object",
            "additionalProperties": {"type": ["string", "integer", "boolean"]},
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_given_out_only_when_asked_for() {
        let mut properties = Properties::default();
        for name in [
            "sasl.password",
            "ssl.key.password",
            "ssl.key.pem",
            "ssl.keystore.password",
            "sasl.oauthbearer.client.secret",
            "sasl.oauthbearer.assertion.private.key.passphrase",
            "sasl.jaas.config",
            "client.id",
        ] {
            properties.set(name, "hunter2");
        }
        properties.conceal("client.id");
        properties.set("linger.ms", "5");
        let shown = format!(
            "{properties:?} {}",
            serde_json::to_string(&properties).unwrap()
        );
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains(r#""linger.ms": "5""#), "{shown}");
        assert_eq!(properties.get("sasl.password"), Some("hunter2"));
    }

    #[test]
    fn librdkafka_is_asked_before_a_client_is_made() {
        assert_eq!(check("linger.ms", "5"), Ok(()));
        assert!(
            check("linger.sm", "5")
                .unwrap_err()
                .contains("no such property")
        );
        let reason = check("security.protocol", "carrier_pigeon").unwrap_err();
        assert!(reason.contains("security.protocol"), "{reason}");
    }

    #[test]
    fn the_worker_owns_what_its_promises_rest_on_and_nothing_more() {
        for name in [
            "group.id",
            "enable.auto.commit",
            "enable.auto.offset.store",
            "acks",
            "partitioner",
        ] {
            assert!(owned(name).is_some(), "{name} is passed through");
        }
        for name in [
            "linger.ms",
            "group.protocol",
            "auto.commit.interval.ms",
            "partition.assignment.strategy",
            "transaction.timeout.ms",
        ] {
            assert!(owned(name).is_none(), "{name} is refused");
        }
    }
}
