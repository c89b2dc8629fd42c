//! The lexicon: one automaton over every phrase that any stage asks for, run once over a text.
