//! newsmill: article messages in, structured records out.
//!
//! # The way of a message
//!
//! The modules stand in the order in which a message meets them:
//!
//! 1. [`stream`] polls it from Kafka, gives it a place in its partition's ring and hands it to a CPU thread;
//! 2. [`enrich`] is what that thread runs: the only module that knows both sides;
//! 3. [`text`] turns the bytes into a record, or says why they are no article;
//! 4. [`stream`] emits the outcome in input order, waits for the broker's word, and commits.
//!
//! Around that way: [`taxonomy`] (exchanges the rules of [`text`] while messages pass), [`config`] (what was asked for),
//! [`cli`] (what a person sees), [`admin`] (what a probe or a scraper sees), [`metrics`] and [`telemetry`].

pub mod stream;

pub mod enrich;

pub mod text;

pub mod taxonomy;

pub mod admin;
pub mod cli;
pub mod config;
pub mod metrics;
pub mod telemetry;
