//! What is named in the article: entities with their links, amounts, dates.

use super::Html;
use crate::cli::explain::entity::{forms, link, role};
use crate::cli::explain::sheet::Sheet;
use crate::cli::wire_name;
use crate::text::record::{Entity, Passage};

/// A card an entity.
pub fn entities(html: &mut Html, sheet: &Sheet) {
    let Some(entities) = &sheet.explanation.record.entities else {
        return;
    };
    html.raw("<section class=\"wide\">\n<h2>Entities</h2>\n");
    if entities.is_empty() {
        html.raw("<p class=\"quiet\">None.</p>\n");
    }
    html.raw("<ul class=\"cards\">\n");
    for entity in entities {
        write_entity(html, entity);
    }
    html.raw("</ul>\n</section>\n");
}

fn write_entity(html: &mut Html, entity: &Entity) {
    html.raw("<li id=\"").text(&entity.id).raw("\"><h3>");
    match link(entity) {
        Some(link) => html
            .raw("<a rel=\"noopener noreferrer\" href=\"")
            .text(link)
            .raw("\">")
            .text(&entity.name)
            .raw("</a>"),
        None => html.text(&entity.name),
    };
    html.raw("</h3>\n<p class=\"quiet\"><span class=\"entity ")
        .text(wire_name(&entity.kind))
        .raw("\">")
        .text(wire_name(&entity.kind))
        .raw("</span>");
    for fact in entity.iso.iter().chain(&entity.wikidata) {
        html.raw(" · ").text(fact);
    }
    html.raw(" · salience ")
        .text(format!("{:.2}", entity.salience));
    html.raw("</p>\n");
    for held in &entity.roles {
        html.raw("<p>").text(role(held)).raw("</p>\n");
    }
    html.raw("<p class=\"forms\">");
    for form in forms(entity) {
        html.raw("<span>“")
            .text(form.text)
            .raw("” <small>")
            .text(wire_name(&form.form));
        if form.count > 1 {
            html.text(format!(" ×{}", form.count));
        }
        html.raw("</small></span> ");
    }
    html.raw("</p></li>\n");
}

/// Amounts and dates, a row each.
pub fn values(html: &mut Html, sheet: &Sheet) {
    let record = &sheet.explanation.record;
    let amounts = record.amounts.iter().flatten().map(|amount| {
        let value = amount.value.as_deref().unwrap_or("not stated");
        let currency = amount.currency.as_deref().unwrap_or("currency unsure");
        let about = if amount.approx { "about " } else { "" };
        (&amount.passage, format!("{about}{value} {currency}"))
    });
    let dates = record.dates.iter().flatten();
    let dates = dates.map(|date| (&date.passage, date.value.clone()));
    let values: Vec<(&Passage, String)> = amounts.chain(dates).collect();
    if values.is_empty() {
        return;
    }
    html.raw("<section class=\"wide\">\n<h2>Amounts and dates</h2>\n<ul class=\"values\">\n");
    for (passage, value) in values {
        html.raw("<li>“")
            .text(&passage.text)
            .raw("” <b>")
            .text(value)
            .raw("</b></li>\n");
    }
    html.raw("</ul>\n</section>\n");
}
