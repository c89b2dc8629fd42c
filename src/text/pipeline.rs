//! From an article to its analyses: the order of the stages.
