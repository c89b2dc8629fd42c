//! The admin port of a worker at work, seen by those who ask it: a scraper's own checker, a browser.

mod page;
mod scrape;
mod tool;
mod worker;
