//! Spans over OTLP: one for each message that is sampled, in the trace that the message came with.
//!
//! A span covers the time on a CPU thread and says the outcome; what comes after (the message's turn, the broker's
//! acknowledgement) is in the metrics. Attributes are those of OpenTelemetry's semantic conventions for Kafka
//! (version 1.30, in development), without the key, which may name a person. The header `traceparent` goes into the
//! record as it came: whoever reads the record is in the same trace.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{Span as _, SpanKind, Status, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use tokio::runtime::Runtime;

use super::TelemetryConfig;
use crate::stream::{Handled, Handler, Header, Message};

/// What a receiver may take for a batch of spans; later the batch is dropped, and no message waits for it.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// What the last spans may take at the end of the process, within its grace beyond the drain.
const LAST_EXPORT_TIMEOUT: Duration = Duration::from_secs(2);

/// Spans cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    #[error("cannot start a thread for spans")]
    Thread(#[from] std::io::Error),
    #[error("cannot send spans to {endpoint} (telemetry.otlp_endpoint)")]
    Exporter {
        endpoint: String,
        source: opentelemetry_otlp::ExporterBuildError,
    },
}

/// Sends spans until it is dropped, the last ones then.
pub struct Traces {
    provider: SdkTracerProvider,
    group_id: String,
}

impl Traces {
    /// `None` without an endpoint.
    pub fn start(config: &TelemetryConfig, group_id: &str) -> Result<Option<Traces>, TracesError> {
        if config.otlp_endpoint.is_empty() {
            return Ok(None);
        }
        let endpoint = config.otlp_endpoint.trim_end_matches('/');
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new()?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{endpoint}/v1/traces"))
            .with_timeout(EXPORT_TIMEOUT)
            .build()
            .map_err(|source| TracesError::Exporter {
                endpoint: endpoint.to_owned(),
                source,
            })?;
        // Whoever began the trace has decided whether it is recorded; the share is of the messages that begin one.
        let sampler =
            Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.sampled_share)));
        let resource = Resource::builder()
            .with_service_name("newsmill")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Some(Traces {
            provider: SdkTracerProvider::builder()
                .with_batch_exporter(exporter)
                .with_sampler(sampler)
                .with_resource(resource)
                .build(),
            group_id: group_id.to_owned(),
        }))
    }

    /// The same handler, with a span around each message.
    pub fn around(&self, handler: Arc<dyn Handler>) -> Arc<dyn Handler> {
        Arc::new(Traced {
            handler,
            tracer: self.provider.tracer("newsmill"),
            propagator: TraceContextPropagator::new(),
            group_id: self.group_id.clone(),
        })
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.provider.shutdown_with_timeout(LAST_EXPORT_TIMEOUT) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

struct Traced {
    handler: Arc<dyn Handler>,
    tracer: SdkTracer,
    propagator: TraceContextPropagator,
    group_id: String,
}

impl Handler for Traced {
    fn handle(&self, message: &Message) -> Handled {
        let headers = Headers(&message.headers);
        let parent = self
            .propagator
            .extract_with_context(&Context::new(), &headers);
        let position = &message.position;
        let attributes = [
            KeyValue::new("messaging.system", "kafka"),
            KeyValue::new("messaging.operation.name", "process"),
            KeyValue::new("messaging.operation.type", "process"),
            KeyValue::new("messaging.consumer.group.name", self.group_id.clone()),
            KeyValue::new(
                "messaging.destination.name",
                Arc::clone(&position.input_topic),
            ),
            KeyValue::new(
                "messaging.destination.partition.id",
                position.partition.to_string(),
            ),
            KeyValue::new("messaging.kafka.offset", position.offset),
        ];
        let mut span = self
            .tracer
            .span_builder(format!("process {}", position.input_topic))
            .with_kind(SpanKind::Consumer)
            .with_attributes(attributes)
            .start_with_context(&self.tracer, &parent);
        let handled = self.handler.handle(message);
        if span.is_recording() {
            say_outcome(&mut span, message, &handled);
        }
        handled
    }
}

/// The outcome, and for a dead letter its code; the span ends when it is dropped.
fn say_outcome(span: &mut opentelemetry_sdk::trace::Span, message: &Message, handled: &Handled) {
    let bytes = message.value.as_ref().map_or(0, Vec::len);
    span.set_attribute(KeyValue::new(
        "messaging.message.body.size",
        i64::try_from(bytes).unwrap_or(i64::MAX),
    ));
    let outcome = match handled {
        Handled::Record(_) => "record",
        Handled::Tombstone(_) => {
            span.set_attribute(KeyValue::new("messaging.kafka.message.tombstone", true));
            "tombstone"
        }
        Handled::DeadLetter(letter) => {
            span.set_attribute(KeyValue::new("error.type", letter.code));
            span.set_status(Status::error(letter.code));
            "dead_letter"
        }
    };
    span.set_attribute(KeyValue::new("newsmill.outcome", outcome));
}

/// A message's headers as the propagator reads them: those that hold text.
struct Headers<'a>(&'a [Header]);

impl Extractor for Headers<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let header = self
            .0
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value.as_deref()?).ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|header| header.name.as_str()).collect()
    }
}

/// The exporter's HTTP client on a runtime of its own: the thread that sends batches has none.
#[derive(Debug)]
struct Client {
    runtime: Runtime,
    inner: Arc<HyperClient>,
}

impl Client {
    fn new() -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("spans")
            .enable_all()
            .build()?;
        Ok(Client {
            runtime,
            inner: Arc::new(HyperClient::with_default_connector(EXPORT_TIMEOUT, None)),
        })
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = Arc::clone(&self.inner);
        let sending = self
            .runtime
            .spawn(async move { client.send_bytes(request).await });
        let answer = sending.await?;
        // The exporter itself tells nobody.
        match &answer {
            Ok(response) if response.status().is_success() => {}
            Ok(response) => {
                tracing::warn!(status = %response.status(), "the receiver refused spans");
            }
            Err(error) => tracing::warn!(%error, "spans were not sent"),
        }
        answer
    }
}
