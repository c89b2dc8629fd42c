//! The article: what a message's bytes say, whichever shape they came in.
