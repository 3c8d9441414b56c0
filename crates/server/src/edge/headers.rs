//! The headers that every answer carries.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// The content security policies and whether the site is served over TLS, fixed when the server starts.
#[derive(Debug, Clone)]
pub struct SecurityHeaders {
    policy: HeaderValue,
    /// Of the residents' pages: they may fetch WeChat's page script, if the site has an account there.
    residents: HeaderValue,
    tls: bool,
}

/// Where the residents' app does not live.
const OTHERS: [&str; 4] = ["/api/", "/desk", "/kiosk", "/ledger"];

/// The policy for pages whose inline scripts have these hashes (`sha256-…`, base64); `wechat` is the address of WeChat's page
/// script where the site has an account there.
#[must_use]
pub fn security_headers(script_hashes: &[String], wechat: Option<&str>, tls: bool) -> Arc<SecurityHeaders> {
    let hashes: String = script_hashes.iter().map(|hash| format!(" '{hash}'")).collect();
    let script = wechat.map_or_else(String::new, |address| format!(" {address}"));
    Arc::new(SecurityHeaders { policy: policy(&hashes, ""), residents: policy(&hashes, &script), tls })
}

fn policy(hashes: &str, script: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}{script}; style-src 'self'; img-src 'self' blob: data:; \
         media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Puts them on every answer that has not its own.
pub async fn set(State(own): State<Arc<SecurityHeaders>>, request: Request, next: Next) -> Response {
    let residents = !OTHERS.iter().any(|begin| request.uri().path().starts_with(begin));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = if residents { &own.residents } else { &own.policy };
    put(headers, header::CONTENT_SECURITY_POLICY, policy.clone());
    put(headers, header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    put(headers, header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    put(
        headers,
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    put(
        headers,
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    put(
        headers,
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), microphone=(self), geolocation=(self)"),
    );
    if own.tls {
        put(headers, header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
