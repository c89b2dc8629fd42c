//! What the admin port answers.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use super::status::Sources;

/// Nothing but the page's own files, and nobody may frame it: what it shows comes from messages of strangers.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                                       img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn router(sources: Sources) -> Router {
    Router::new()
        .route("/", get(|| file("text/html", include_str!("status.html"))))
        .route(
            "/status.css",
            get(|| file("text/css", include_str!("status.css"))),
        )
        .route(
            "/status.js",
            get(|| file("text/javascript", include_str!("status.js"))),
        )
        .route("/status.json", get(status))
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics_text))
        .fallback(nothing_here)
        .with_state(sources)
}

/// A file of the status page.
async fn file(kind: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format!("{kind}; charset=utf-8")),
        (
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY.to_owned(),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        // A new version of the program brings new files under the same names.
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, content).into_response()
}

async fn status(State(sources): State<Sources>) -> Response {
    (
        [(header::CACHE_CONTROL, "no-store")],
        Json(sources.status()),
    )
        .into_response()
}

/// 503 only when a thread of ours is stuck, so that only then a restart is asked for.
async fn livez(State(sources): State<Sources>) -> Response {
    match sources.health.live() {
        Ok(()) => Json(json!({"live": true})).into_response(),
        Err(stuck) => {
            let body = json!({"live": false, "reason": stuck.to_string()});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}

async fn readyz(State(sources): State<Sources>) -> Response {
    let reasons: Vec<_> = sources
        .health
        .not_ready()
        .into_iter()
        .map(|(reason, detail)| json!({"reason": reason.as_str(), "detail": detail}))
        .collect();
    let ready = reasons.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let taxonomy = sources.metrics.taxonomy();
    let body = json!({"ready": ready, "reasons": reasons, "taxonomy": taxonomy});
    (status, Json(body)).into_response()
}

async fn metrics_text(State(sources): State<Sources>) -> Response {
    let reasons = sources.health.not_ready();
    let reasons: Vec<_> = reasons.into_iter().map(|(reason, _)| reason).collect();
    sources.metrics.set_not_ready(&reasons);
    match sources.metrics.render() {
        Ok(text) => ([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn nothing_here() -> Response {
    let hint = "nothing here; try /, /livez, /readyz or /metrics\n";
    (StatusCode::NOT_FOUND, hint).into_response()
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, SocketAddr, TcpStream};

    use crate::admin::{AdminConfig, Server};
    use crate::metrics::Metrics;
    use crate::stream::Health;
    use crate::stream::health::NotReady;

    fn get(server: &Server, path: &str) -> String {
        let mut stream = TcpStream::connect(server.local_addr()).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn probes_and_scrapers_are_answered() {
        let health = Health::new(1);
        let config = AdminConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        };
        let metrics = Metrics::new();
        metrics.set_taxonomy("newsmill@3f9c1a2b");
        let server = Server::start(&config, health.clone(), metrics).unwrap();

        health.set(NotReady::BrokerUnreachable, "1/1 brokers are down");
        for (path, told) in [
            ("/livez", "200 OK"),
            ("/readyz", "503 Service Unavailable"),
            (
                "/readyz",
                r#"{"detail":"1/1 brokers are down","reason":"broker_unreachable"}"#,
            ),
            ("/readyz", r#""taxonomy":"newsmill@3f9c1a2b""#),
            ("/metrics", "content-type: text/plain; version=0.0.4"),
            (
                "/metrics",
                r#"newsmill_not_ready{reason="broker_unreachable"} 1"#,
            ),
            ("/", "content-type: text/html; charset=utf-8"),
            (
                "/",
                "content-security-policy: default-src 'none'; script-src 'self';",
            ),
            ("/status.css", "content-type: text/css; charset=utf-8"),
            ("/status.js", "content-type: text/javascript; charset=utf-8"),
            ("/status.json", "cache-control: no-store"),
            (
                "/status.json",
                r#""reason":"broker_unreachable","meaning":"No broker answers."#,
            ),
            ("/nowhere", "404 Not Found"),
            ("/nowhere", "try /, /livez"),
        ] {
            let answer = get(&server, path);
            assert!(answer.contains(told), "{path}: {answer}");
        }

        health.clear(NotReady::BrokerUnreachable);
        health.clear(NotReady::NotJoined);
        assert!(get(&server, "/readyz").starts_with("HTTP/1.1 200 OK"));
        let text = get(&server, "/metrics");
        assert!(text.contains(r#"newsmill_not_ready{reason="broker_unreachable"} 0"#));
    }
}
