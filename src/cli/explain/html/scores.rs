//! Topics and sections: each score, and the sum that it comes from.

use super::Html;
use crate::cli::explain::sheet::{Sheet, ShownSection, ShownTopic};
use crate::cli::explain::sums::{
    BIAS, SECTION_BIAS, WORDS, product, section_score, share_sum, topic_score,
};
use crate::text::topics::account::{Share, Term};

/// CSS by which a radio button marks the evidence of its topic.
pub fn choice_rules(html: &mut Html, sheet: &Sheet) {
    html.raw("body:has(#show-all:checked) :is(mark,sup).r");
    for number in 1..=sheet.topics.len() {
        html.raw(",body:has(#show-").number(number);
        html.raw(":checked) :is(mark,sup).t").number(number);
    }
    html.raw("{--on:1;--number:inline}\n");
}

/// Every topic that is shown in full, then the names of the rest.
pub fn topics(html: &mut Html, sheet: &Sheet) {
    if sheet.explanation.findings.is_none() {
        return;
    }
    html.raw("<section>\n<h2>Topics</h2>\n");
    if sheet.topics.is_empty() {
        html.raw("<p class=\"quiet\">");
        match sheet.asked {
            Some(asked) => html
                .text(&asked.name)
                .raw(": no rule of it holds anywhere in this text."),
            None => html.raw("None, and none comes near."),
        };
        html.raw("</p>\n");
    }
    let any_reported = sheet.topics.iter().any(|topic| topic.score.reported);
    if any_reported {
        html.raw(
            "<label class=\"pick\"><input type=\"radio\" name=\"show\" id=\"show-all\" checked> ",
        )
        .raw("<span>Evidence for all that are reported</span></label>\n");
    }
    for (index, topic) in sheet.topics.iter().enumerate() {
        write_topic(html, sheet, index, topic, !any_reported && index == 0);
    }
    if !sheet.rest.is_empty() {
        html.raw("<p class=\"quiet\">Far below: ");
        let rest = sheet.rest.iter();
        let rest: Vec<String> = rest
            .map(|(topic, score)| format!("{} {score:.3}", topic.id))
            .collect();
        html.text(rest.join(" · ")).raw("</p>\n");
    }
    html.raw("</section>\n");
}

fn write_topic(html: &mut Html, sheet: &Sheet, index: usize, topic: &ShownTopic, checked: bool) {
    let ShownTopic {
        topic: about,
        score,
        account,
    } = topic;
    html.raw("<div class=\"topic")
        .raw(if score.reported { "" } else { " below" })
        .raw("\">\n<label class=\"pick\"><input type=\"radio\" name=\"show\" id=\"show-")
        .number(index + 1)
        .raw(if checked { "\" checked> " } else { "\"> " })
        .raw("<span class=\"name\">")
        .number(index + 1)
        .raw(" ")
        .text(&about.name)
        .raw("</span><b>")
        .text(format!("{:.3}", score.score))
        .raw("</b></label>\n");
    write_bar(html, score.score.into(), Some(score.threshold.into()));
    html.raw("<details><summary>")
        .text(topic.verdict())
        .raw("</summary>\n<p class=\"quiet\">")
        .text(&about.definition)
        .raw("</p>\n<table>\n");
    for share in &account.shares {
        write_share(html, sheet, share);
    }
    for term in &account.terms {
        write_term(html, term);
    }
    write_row(html, "bias", account.bias, BIAS);
    write_sum(html, account.sum, &topic_score(topic));
    html.raw("</table></details>\n</div>\n");
}

fn write_bar(html: &mut Html, score: f64, threshold: Option<f64>) {
    html.raw("<div class=\"bar\"><i style=\"width:")
        .percent(score)
        .raw("\"></i>");
    if let Some(threshold) = threshold {
        html.raw("<b style=\"left:")
            .percent(threshold)
            .raw("\"></b>");
    }
    html.raw("</div>\n");
}

fn write_share(html: &mut Html, sheet: &Sheet, share: &Share) {
    html.raw("<tr class=\"share\"><th>")
        .text(sheet.place_of(share))
        .raw("</th><td class=\"number\">")
        .text(format!("{:+.3}", share.worth()))
        .raw("</td><td>")
        .text(share_sum(share));
    html.raw("</td></tr>\n");
    for contribution in share.contributions {
        let (source, written) = sheet.pattern(contribution);
        html.raw("<tr class=\"part\"><th></th><td class=\"number\">")
            .text(format!("{:+.3}", contribution.weight))
            .raw("</td><td>“")
            .text(sheet.words(contribution))
            .raw("”");
        if let Some(cues) = sheet.cues(contribution) {
            html.raw(" <em>rule ").text(cues).raw("</em>");
        }
        html.raw("<br><code>")
            .text(source)
            .raw("</code> <small>")
            .text(written)
            .raw("</small></td></tr>\n");
    }
}

fn write_term(html: &mut Html, term: &Term) {
    html.raw("<tr class=\"term\"><th>")
        .text(term.name)
        .raw("</th><td class=\"number\">")
        .text(format!("{:+.3}", term.product()))
        .raw("</td><td>")
        .text(product(term))
        .raw("<br><small>")
        .text(term.meaning)
        .raw("</small></td></tr>\n");
}

fn write_row(html: &mut Html, label: &'static str, number: f32, how: &str) {
    html.raw("<tr class=\"term\"><th>")
        .raw(label)
        .raw("</th><td class=\"number\">")
        .text(format!("{number:+.3}"))
        .raw("</td><td>")
        .text(how)
        .raw("</td></tr>\n");
}

fn write_sum(html: &mut Html, sum: f32, how: &str) {
    html.raw("<tr class=\"sum\"><th>sum</th><td class=\"number\">")
        .text(format!("{sum:+.3}"))
        .raw("</td><td>")
        .text(how)
        .raw("</td></tr>\n");
}

/// The best sections.
pub fn sections(html: &mut Html, sheet: &Sheet) {
    if sheet.sections.is_empty() {
        return;
    }
    html.raw("<section>\n<h2>Sections</h2>\n");
    for section in &sheet.sections {
        write_section(html, section);
    }
    html.raw("</section>\n");
}

fn write_section(html: &mut Html, section: &ShownSection) {
    let ShownSection {
        section: about,
        score,
        account,
        reported,
    } = section;
    html.raw("<div class=\"topic")
        .raw(if *reported { "" } else { " below" })
        .raw("\">\n<p class=\"pick\"><span class=\"name\">")
        .text(&about.name)
        .raw("</span><b>")
        .text(format!("{:.3}", score.score))
        .raw("</b></p>\n");
    write_bar(html, score.score.into(), None);
    html.raw("<details><summary>")
        .raw(if *reported {
            "reported"
        } else {
            "not reported"
        })
        .raw("</summary>\n<table>\n");
    write_row(html, "words", account.words, WORDS);
    for term in &account.terms {
        write_term(html, term);
    }
    write_row(html, "bias", account.bias, SECTION_BIAS);
    write_sum(html, account.sum, &section_score(section));
    html.raw("</table></details>\n</div>\n");
}
