//! The JSON Schema of a record, made from the types.

use schemars::generate::SchemaSettings;

use super::Record;

/// The published JSON Schema (2020-12). Fields that it does not name are allowed, since later versions of newsmill may
/// add some.
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Record>()
        .to_value()
}
