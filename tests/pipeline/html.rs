//! HTML bodies: what a reader of the page would read, line by line.

use newsmill::text::article::{self, Format, Input};
use newsmill::text::document::Document;
use proptest::prelude::*;
use serde_json::json;

/// The text of an article with this HTML body, as its document has it; `None` where it is rejected.
fn text(html: &str) -> Option<String> {
    let value = json!({"body": html, "content_type": "text/html"}).to_string();
    let input = Input {
        value: value.as_bytes(),
        headers: &[],
        source: None,
    };
    let article = article::decode(&input, Format::Auto).ok()?;
    Some(Document::new(None, &article.text).text().to_owned())
}

fn check(html: &str, expected: &str) {
    assert_eq!(text(html).as_deref(), Some(expected), "{html}");
}

#[test]
fn blocks_are_paragraphs() {
    check("<p>One.</p><p>Two.</p>", "One.\nTwo.");
    check("<p>One.<p>Two.", "One.\nTwo.");
    check(
        "One.<br>Two.<br/>Three.<br />Four.",
        "One.\nTwo.\nThree.\nFour.",
    );
    check("<div>One.<div>Two.</div>Three.</div>", "One.\nTwo.\nThree.");
    check("<h2>Head</h2>Text<ul><li>a<li>b</ul>", "Head\nText\na\nb");
    check("<blockquote>One</blockquote><hr>Two", "One\nTwo");
    check("<pre>One\n  Two</pre>", "One\nTwo");
    check(
        "<table><tr><td>a</td><td>b</td></tr><tr><th>c<th>d</table>",
        "a b\nc d",
    );
}

#[test]
fn inline_markup_leaves_no_trace() {
    check(
        "<p>One <b>t<i>w</i>o</b> <a href='x'>three</a>.</p>",
        "One two three.",
    );
    check(
        "<p>F<sub>2</sub> <span>is</span>\n\n\t a <custom-tag>gas</custom-tag></p>",
        "F2 is a gas",
    );
    check("He said <q>no</q>.", "He said \u{201c}no\u{201d}.");
    check("a<wbr>b<!-- c -->d<img alt=e src=f>", "abd");
}

#[test]
fn character_references_are_decoded() {
    check(
        "<p>AT&amp;T &lt;b&gt; &#233;&#x1F6A2;&nbsp;&euro;5 &notin; &copy</p>",
        "AT&T <b> é🚢 €5 ∉ ©",
    );
    check(
        "<p>Tom &amp; Jerry & co &unknown;</p>",
        "Tom & Jerry & co &unknown;",
    );
    check(
        "<p>soft&shy;hyphen &#0;&#x110000;x</p>",
        "softhyphen \u{fffd}\u{fffd}x",
    );
}

#[test]
fn what_is_no_article_text_is_dropped() {
    check(
        "<p>One.</p><script>if (a < b) { x('</p>'); }</script><style>p > a {}</style><p>Two.</p>",
        "One.\nTwo.",
    );
    check(
        "<nav><ul><li>Home</ul></nav>One.<form>Mail: <input><button>Go</button></form>Two.",
        "One.\nTwo.",
    );
    check(
        "One.<aside><p>Read also</p></aside><footer>Imprint</footer>Two.",
        "One.\nTwo.",
    );
    check(
        "One.<iframe src=x><p>no frames</p></iframe><noscript>on</noscript><template>t</template>Two.",
        "One.\nTwo.",
    );
    check(
        "One.<svg><title>t</title><style/><text>x</text></svg><textarea><p></textarea>Two.",
        "One.\nTwo.",
    );
    check(
        "<div hidden>no</div><div style='color:red; display: none'>no</div><div>yes</div>",
        "yes",
    );
    check("One.<script src='x'/><div/>Two.", "One.\nTwo.");
}

#[test]
fn captions_stay_without_their_credits() {
    check(
        "<figure><img class=credit src=x><figcaption>A bridge. <span class='photo-credit'>Photo: <span>A. Mason</span></span></figcaption></figure>Text.",
        "A bridge.\nText.",
    );
    check(
        "<figure><figcaption>A bridge.<p class=imgCredit>A. Mason</figcaption></figure>Text.",
        "A bridge.\nText.",
    );
    check(
        "<figure><div itemprop=copyrightHolder>no</div><div class=resource>A.</div></figure>Text.",
        "A.\nText.",
    );
    check(
        "<p class=credits>Out of a figure it may be anything.</p>",
        "Out of a figure it may be anything.",
    );
}

#[test]
fn a_whole_page_is_its_article() {
    let page = |inner: &str| {
        format!(
            "<!DOCTYPE html><html><head><title>T</title></head><body><div>Menu</div>{inner}<div>End</div></body></html>"
        )
    };
    check(&page("<p>Text.</p>"), "Menu\nText.\nEnd");
    check(&page("<main>Tags<p>Text.</p></main>"), "Tags\nText.");
    check(
        &page("<div role=main>Tags<p>Text.</p></div>"),
        "Tags\nText.",
    );
    check(
        &page("<main>Tags<article>Text of it.</article></main>"),
        "Text of it.",
    );
    check(
        &page("<article>Text <article>and a quoted one</article> of it.</article>"),
        "Text\nand a quoted one\nof it.",
    );
    check(
        &page(
            "<main>The text itself is here.<article>Card</article><article>Card 2</article></main>",
        ),
        "The text itself is here.\nCard\nCard 2",
    );
    check(
        &page("<article>By A<div itemprop='articleBody'>Text.</div>Share</article>"),
        "Text.",
    );
    check(&page("<main></main><p>Text.</p>"), "Menu\nText.\nEnd");
    // Found by fuzzing: signs alone are no text.
    check(&page("<main>|</main><p>Text.</p>"), "Menu\n|\nText.\nEnd");
    check(
        "One.<article>A fragment keeps all.</article>",
        "One.\nA fragment keeps all.",
    );
}

#[test]
fn broken_markup_loses_no_text() {
    check("<div><nav>Menu</div>Text.", "Text.");
    check("</div></p></nav>Text.</body>", "Text.");
    check("<p>One <b>two <p>three</b> four", "One two\nthree four");
    check("<p class='a>One.</p>Two.' id=x>Three.", "Three.");
    check("a < b and b > c <3", "a < b and b > c <3");
    check("<p>Cut off <a hr", "Cut off");
    check("<P>One.</P><DIV>Two.</DIV><SCRIPT>x</SCRIPT>", "One.\nTwo.");
    check("<figure><figcaption class=credit>no</figure>Text.", "Text.");
}

#[test]
fn html_without_text_is_rejected() {
    for html in [
        "<p></p>",
        "<script>x</script>",
        "<img alt='A bridge'>",
        "<!-- x -->",
        "<nav>Home</nav>",
        "<p>&nbsp;</p>",
    ] {
        assert_eq!(text(html), None, "{html}");
    }
}

#[test]
fn unmarked_bodies_are_html_where_lines_end_by_tags() {
    let body = |body: &str| {
        let value = json!({"body": body}).to_string();
        let input = Input {
            value: value.as_bytes(),
            headers: &[],
            source: None,
        };
        article::decode(&input, Format::Auto)
            .expect("it is an article")
            .text
    };
    for html in [
        "<p>One &amp; two",
        "One &amp; two<br/>",
        "<DIV class=x>One &amp; two</DIV>",
        "<!DOCTYPE html><html>One &amp; two</html>",
    ] {
        assert!(body(html).contains("One & two"), "{html}");
    }
    for plain in [
        "One <b> two &amp;",
        "if a<p and p>b",
        "x </",
        "<",
        "< p>",
        "<person>",
        "i <3 u",
    ] {
        assert_eq!(body(&format!("{plain} text")), format!("{plain} text"));
    }
}

#[test]
fn nesting_and_length_are_bounded_by_the_text_alone() {
    let n = 100_000;
    for html in [
        "<div>".repeat(n) + "x" + &"</div>".repeat(n),
        "<ul><li>".repeat(n) + "x",
        "<b>".repeat(n) + "x",
        "<p>".repeat(n) + "x" + &"</b>".repeat(n),
        "<figure><span class=credit>".repeat(n) + &"</figure>".repeat(n) + "x",
        "<article><div>".repeat(n) + "x" + &"</section>".repeat(n),
        "<div>".repeat(n) + "x" + &"</nav></figure>".repeat(n),
        "<a ".to_owned() + &"b='c' ".repeat(n) + ">x",
        "<".repeat(1_000_000) + " x",
        "&".repeat(1_000_000) + "x",
        "x".repeat(1_000_000),
        "<!--".repeat(n) + "-->x",
        "x".to_owned() + &"<![CDATA[".repeat(n),
    ] {
        let text = text(&html).expect("there is an x in the text");
        assert!(text.contains('x'));
    }
}

proptest! {
    #[test]
    fn any_markup_is_text_or_rejected(html in "(<(/?(p|div|nav|b|figure|script|pre|q|article|main|body|td)( class=\"?credit\"?| hidden)?/?>)?|&[a-z#0-9]{0,6};?|[a-z\u{e9}\u{1f6a2} \n<]{0,6}){0,60}") {
        if let Some(text) = text(&html) {
            prop_assert!(text.chars().any(char::is_alphanumeric));
        }
    }
}
