//! The record: what newsmill publishes about an article.
