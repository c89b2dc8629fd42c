//! The only module that knows both sides: a message goes through the text pipeline and becomes an outcome.
