//! The admin port: liveness, readiness, metrics.

use std::net::{Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[admin]`: where probes and scrapers ask.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdminConfig {
    /// Address and port of `/livez`, `/readyz` and `/metrics`. Default 127.0.0.1:9464: nobody outside the machine sees
    /// it unless someone says so; in a container, `0.0.0.0:9464`.
    pub listen: SocketAddr,
}

impl Default for AdminConfig {
    fn default() -> Self {
        AdminConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9464)),
        }
    }
}
