//! The Kafka side: bytes in, bytes out; knows no word of text processing.
