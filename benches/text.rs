//! How fast the text side is, on one core: decoding and document alone, of plain text and of HTML, and everything.
//!
//! `cargo bench --bench text [ARTICLES.jsonl]`; without a file the project's own samples. Figures are medians of rounds
//! in which the three take turns, since a shared machine's speed changes by the minute.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use newsmill::text::Settings;
use newsmill::text::article::{self, Format, Input};
use newsmill::text::document::Document;
use newsmill::text::pipeline::Pipeline;
use newsmill::text::topics::Taxonomy;
use serde_json::{Value, json};

const ROUNDS: usize = 9;

/// Bytes of text that a round works through at least; a smaller set of articles is repeated.
const ROUND_BYTES: usize = 10_000_000;

/// The same articles as plain text and as HTML, and what they hold.
struct Articles {
    plain: Vec<Vec<u8>>,
    html: Vec<Vec<u8>>,
    text_bytes: usize,
    words: usize,
}

impl Articles {
    fn new(texts: &[String]) -> Self {
        let as_html = |text: &String| {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
            let lines = escaped
                .lines()
                .map(|line| format!("<p class=\"text\">{line}</p>\n"));
            format!("<div><nav>Menu</nav>{}</div>", lines.collect::<String>())
        };
        let message = |text: &str, media_type: &str| {
            json!({"body": text, "content_type": media_type, "language": "en"})
                .to_string()
                .into_bytes()
        };
        Articles {
            plain: texts
                .iter()
                .map(|text| message(text, "text/plain"))
                .collect(),
            html: texts
                .iter()
                .map(|text| message(&as_html(text), "text/html"))
                .collect(),
            text_bytes: texts.iter().map(String::len).sum(),
            words: texts
                .iter()
                .map(|text| Document::new(None, text).words())
                .sum(),
        }
    }
}

fn texts() -> Vec<String> {
    let file = std::env::args()
        .nth(1)
        .filter(|argument| !argument.starts_with('-'));
    let articles: Vec<Vec<u8>> = match file {
        Some(file) => {
            let lines = fs::read_to_string(file).expect("the file is there");
            lines.lines().map(|line| line.as_bytes().to_vec()).collect()
        }
        None => {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples");
            let entries = fs::read_dir(folder).expect("the samples are there");
            let paths = entries.map(|entry| entry.expect("an entry").path());
            paths
                .map(|path| fs::read(path).expect("a sample"))
                .collect()
        }
    };
    let decoded = articles
        .iter()
        .filter_map(|value| article::decode(&input(value), Format::Auto).ok());
    decoded.map(|article| article.text).collect()
}

fn input(value: &[u8]) -> Input<'_> {
    Input {
        value,
        headers: &[],
        source: None,
    }
}

fn document(value: &[u8]) {
    let article = article::decode(&input(value), Format::Auto).expect("it is an article");
    black_box(Document::new(None, &article.text));
}

/// How long `work` takes for every article, `repeats` times over.
fn time(articles: &[Vec<u8>], repeats: usize, work: impl Fn(&[u8])) -> Duration {
    let start = Instant::now();
    for _ in 0..repeats {
        articles.iter().for_each(|article| work(article));
    }
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let articles = Articles::new(&texts());
    let repeats = ROUND_BYTES.div_ceil(articles.text_bytes);
    let pipeline = Pipeline::new(&Settings::default(), Taxonomy::built_in());
    let record = |value: &[u8]| {
        let record = pipeline.process(&input(value)).expect("it is an article");
        black_box(pipeline.encode(&record));
    };
    let (mut plain, mut html, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        plain.push(time(&articles.plain, repeats, document));
        html.push(time(&articles.html, repeats, document));
        whole.push(time(&articles.plain, repeats, record));
    }
    let megabytes = (articles.text_bytes * repeats) as f64 / 1e6;
    let words = (articles.words * repeats) as f64;
    let report: Value = json!({
        "articles": articles.plain.len(),
        "decode_document_plain_mb_per_s": (megabytes / median(plain)).round(),
        "decode_document_html_mb_per_s": (megabytes / median(html)).round(),
        "everything_words_per_s": (words / median(whole)).round(),
    });
    println!("{report:#}");
}
