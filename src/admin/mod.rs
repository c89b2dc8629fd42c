//! The admin port: liveness, readiness, metrics.
