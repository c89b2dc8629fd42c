//! The configuration: file, environment, secrets, and hints for what is wrong.
