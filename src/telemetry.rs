//! Logs: where they go and what they look like.
