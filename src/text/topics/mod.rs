//! News topics and sections: what an article is about, with the evidence for it.
