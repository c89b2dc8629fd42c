//! An explanation as a page of HTML: one file, no script, nothing fetched.
//!
//! Which topic's evidence is marked is chosen with radio buttons and CSS alone, so the page can forbid scripts
//! altogether: what it shows was written by strangers.

mod found;
mod scores;
mod text;
mod writer;

use self::writer::Html;
use super::sheet::Sheet;

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub fn page(sheet: &Sheet) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .raw("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
        .text(sheet.title())
        .raw(" · newsmill explain</title>\n<style>\n")
        .raw(STYLE);
    scores::choice_rules(&mut html, sheet);
    html.raw("</style>\n</head>\n<body>\n");
    head(&mut html, sheet);
    html.raw("<main>\n<div class=\"text\">\n");
    text::write(&mut html, sheet);
    html.raw("</div>\n<div class=\"scores\">\n");
    scores::topics(&mut html, sheet);
    scores::sections(&mut html, sheet);
    html.raw("</div>\n</main>\n");
    found::entities(&mut html, sheet);
    found::values(&mut html, sheet);
    html.raw("<footer>")
        .text(sheet.pipeline())
        .raw("</footer>\n</body>\n</html>\n");
    html.into_string()
}

fn head(html: &mut Html, sheet: &Sheet) {
    html.raw("<header>\n<p class=\"about\">")
        .text(sheet.about().join(" · "))
        .raw("</p>\n");
    let (shape, told_by) = sheet.shape();
    html.raw("<p class=\"about\">Shape <b>")
        .text(shape)
        .raw("</b>, told ")
        .text(told_by)
        .raw("</p>\n");
    let warnings = sheet.warnings();
    if !warnings.is_empty() {
        html.raw("<p class=\"about\">Warnings: ")
            .text(warnings.join(", "))
            .raw("</p>\n");
    }
    if let Some(why) = sheet.not_analysed() {
        html.raw("<p class=\"about\">").text(why).raw("</p>\n");
    }
    html.raw("</header>\n");
}
