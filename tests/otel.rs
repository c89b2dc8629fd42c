//! With the feature `otel`: a span a message, sent over OTLP to a receiver on loopback.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use newsmill::stream::{DeadLetter, Handled, Handler, Header, Message, Output, Position};
use newsmill::telemetry::TelemetryConfig;
use newsmill::telemetry::traces::Traces;

const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT_ID: &str = "00f067aa0ba902b7";

/// Takes what has a value for an article.
struct Stub;

impl Handler for Stub {
    fn handle(&self, message: &Message) -> Handled {
        match &message.value {
            Some(value) => Handled::Record(Output {
                key: None,
                value: Some(value.clone()),
                headers: Vec::new(),
            }),
            None => Handled::DeadLetter(DeadLetter {
                code: "no_value",
                message: String::new(),
                stage: "decode",
            }),
        }
    }
}

fn message(value: Option<&str>, traceparent: Option<String>) -> Message {
    let headers = traceparent.map(|value| Header::text("traceparent", value));
    Message {
        position: Position {
            input_topic: "articles.raw".into(),
            partition: 3,
            offset: 42,
        },
        timestamp_ms: None,
        key: Some(b"somebody".to_vec()),
        value: value.map(|value| value.as_bytes().to_vec()),
        headers: headers.into_iter().collect(),
    }
}

/// Handles the messages with spans, and returns those that arrive.
fn spans(sampled_share: f64, messages: &[Message]) -> Vec<Span> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = TelemetryConfig {
        otlp_endpoint: format!("http://{}", listener.local_addr().unwrap()),
        sampled_share,
    };
    let receiver = receive(listener);
    let traces = Traces::start(&config, "desk").unwrap().unwrap();
    let handler = traces.around(Arc::new(Stub));
    for message in messages {
        handler.handle(message);
    }
    drop(handler);
    // Sends what is left.
    drop(traces);
    // Whether spans came or not, a last caller ends the receiver.
    let address = config.otlp_endpoint.trim_start_matches("http://");
    TcpStream::connect(address).unwrap();
    receiver.join().unwrap()
}

#[test]
fn a_span_is_in_the_trace_that_its_message_came_with() {
    let traceparent = format!("00-{TRACE_ID}-{PARENT_ID}-01");
    // No share of its own: the sender has decided.
    let spans = spans(0.0, &[message(Some("{}"), Some(traceparent))]);
    let [span] = spans.as_slice() else {
        panic!("expected one span, found {spans:?}");
    };
    assert_eq!(span.trace_id, TRACE_ID);
    assert_eq!(span.parent_id, PARENT_ID);
    assert_eq!(span.name, "process articles.raw");
    // CONSUMER in OTLP's enumeration of kinds.
    assert_eq!(span.kind, 5);
    for told in [
        "messaging.system=kafka",
        "messaging.operation.type=process",
        "messaging.consumer.group.name=desk",
        "messaging.destination.name=articles.raw",
        "messaging.destination.partition.id=3",
        "messaging.kafka.offset=42",
        "messaging.message.body.size=2",
        "newsmill.outcome=record",
    ] {
        assert!(
            span.attributes.iter().any(|one| one == told),
            "{told} is missing in {span:?}"
        );
    }
    assert!(
        !format!("{span:?}").contains("somebody"),
        "a key may name a person"
    );
}

#[test]
fn a_dead_letter_is_an_error() {
    let spans = spans(1.0, &[message(None, None)]);
    assert_eq!(spans.len(), 1);
    assert!(
        spans[0]
            .attributes
            .contains(&"error.type=no_value".to_owned())
    );
    assert!(
        spans[0]
            .attributes
            .contains(&"newsmill.outcome=dead_letter".to_owned())
    );
}

#[test]
fn what_is_not_sampled_is_not_sent() {
    let unsampled = format!("00-{TRACE_ID}-{PARENT_ID}-00");
    assert!(spans(0.0, &[message(Some("{}"), None)]).is_empty());
    assert!(spans(1.0, &[message(Some("{}"), Some(unsampled))]).is_empty());
}

#[test]
fn a_traceparent_that_is_none_begins_a_trace() {
    let spans = spans(1.0, &[message(Some("{}"), Some("nonsense".to_owned()))]);
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].parent_id, "");
}

/// What a test asks of a span.
#[derive(Debug)]
struct Span {
    trace_id: String,
    parent_id: String,
    name: String,
    kind: u64,
    /// As `key=value`.
    attributes: Vec<String>,
}

/// Answers POSTs of spans until a caller says nothing.
fn receive(listener: TcpListener) -> JoinHandle<Vec<Span>> {
    thread::spawn(move || {
        let mut spans = Vec::new();
        loop {
            let (mut caller, _) = listener.accept().unwrap();
            let Some((head, body)) = request(&mut caller) else {
                return spans;
            };
            assert!(head.starts_with("POST /v1/traces "), "{head}");
            write!(
                caller,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            )
            .unwrap();
            spans.extend(decode(&body));
        }
    })
}

fn request(caller: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            });
            let begin = head.len() + 4;
            let end: usize = begin + length.unwrap_or(0);
            if bytes.len() >= end {
                return Some((head.to_owned(), bytes[begin..end].to_vec()));
            }
        }
        let read = caller.read(&mut buffer).unwrap();
        if read == 0 {
            return None;
        }
        bytes.extend(&buffer[..read]);
    }
}

/// The spans of an ExportTraceServiceRequest; field numbers are those of opentelemetry/proto/trace/v1/trace.proto.
fn decode(request: &[u8]) -> Vec<Span> {
    let within = |messages: Vec<Field>, number| -> Vec<Field> {
        let inner = messages.into_iter().filter(|field| field.number == number);
        inner.flat_map(|field| fields(&field.bytes)).collect()
    };
    let scopes = within(fields(request), 1);
    let spans: Vec<Field> = within(scopes, 2);
    let spans = spans.into_iter().filter(|field| field.number == 2);
    spans.map(|span| span_of(&fields(&span.bytes))).collect()
}

fn span_of(fields: &[Field]) -> Span {
    let find = |number| fields.iter().find(|field| field.number == number);
    let bytes = |number| find(number).map_or_else(Vec::new, |field| field.bytes.clone());
    let hex = |number| -> String {
        let digits = bytes(number).into_iter().map(|byte| format!("{byte:02x}"));
        digits.collect()
    };
    let attributes = fields.iter().filter(|field| field.number == 9);
    Span {
        trace_id: hex(1),
        parent_id: hex(4),
        name: String::from_utf8(bytes(5)).unwrap(),
        kind: find(6).map_or(0, |field| field.varint),
        attributes: attributes.map(|field| attribute(&field.bytes)).collect(),
    }
}

fn attribute(bytes: &[u8]) -> String {
    let (mut key, mut value) = (String::new(), String::new());
    for field in fields(bytes) {
        match field.number {
            1 => key = String::from_utf8(field.bytes).unwrap(),
            _ => {
                for inner in fields(&field.bytes) {
                    value = match inner.number {
                        1 => String::from_utf8(inner.bytes).unwrap(),
                        _ => inner.varint.to_string(),
                    };
                }
            }
        }
    }
    format!("{key}={value}")
}

/// A field of a protobuf message on the wire; of the fixed sizes only the place is kept.
struct Field {
    number: u64,
    varint: u64,
    bytes: Vec<u8>,
}

fn fields(mut bytes: &[u8]) -> Vec<Field> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let mut field = Field {
            number: tag >> 3,
            varint: 0,
            bytes: Vec::new(),
        };
        match tag & 7 {
            0 => field.varint = varint(&mut bytes),
            1 => bytes = &bytes[8..],
            2 => {
                let length = usize::try_from(varint(&mut bytes)).unwrap();
                field.bytes = bytes[..length].to_vec();
                bytes = &bytes[length..];
            }
            5 => bytes = &bytes[4..],
            kind => panic!("no protobuf: wire type {kind}"),
        }
        fields.push(field);
    }
    fields
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}
