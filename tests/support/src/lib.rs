//! What the tests against a real Kafka share.
//!
//! The way of a test: [`suite`] decides whether there can be a broker and runs the tests; [`cluster`] starts brokers
//! from jars that [`jars`] fetched; [`scenario`] makes topics, sends what [`generator`] makes up, starts
//! [`worker`] processes, and hands what comes out to [`checker`].

pub mod suite;

pub mod broker;
pub mod cluster;
pub mod jars;
pub mod proxy;

pub mod certificate;
pub mod security;

pub mod scenario;

pub mod expectation;
pub mod feeder;
pub mod generator;
pub mod samples;

pub mod observer;
pub mod reader;

pub mod checker;

pub mod scrape;
pub mod worker;

pub mod ports;
pub mod process;
pub mod random;
pub mod wait;
