//! Refusals as problem documents (RFC 9457). A handler says which; the outermost layer writes it in the reader's
//! language with the request's id, so that no handler deals in sentences.

use super::reader::Reader;
use crate::messages::say;
use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::request_id::RequestId;
use woodlark_store::{Fault, WriteError};
use woodlark_wire::problem::MEDIA_TYPE;
use woodlark_wire::{FieldProblem, Problem, ProblemCode};

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// A refusal on its way to the reader; what the log keeps was logged where it happened.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    code: ProblemCode,
    /// Field and message key: the key's sentence is in `locales`, section `field`.
    fields: Vec<(String, FieldNote)>,
    limit: Option<u64>,
    received_bytes: Option<u64>,
    refusal: Option<&'static str>,
    retry_after_s: Option<u32>,
}

#[derive(Debug, Clone, PartialEq)]
enum FieldNote {
    Key(&'static str),
    Text(String),
}

impl From<ProblemCode> for ApiError {
    fn from(code: ProblemCode) -> Self {
        Self {
            code,
            fields: Vec::new(),
            limit: None,
            received_bytes: None,
            refusal: None,
            retry_after_s: None,
        }
    }
}

impl ApiError {
    /// There is no such thing, or not for this reader.
    #[must_use]
    pub fn not_found() -> Self {
        ProblemCode::NotFound.into()
    }

    /// A field that is wrong, with the key of its sentence.
    #[must_use]
    pub fn field(field: impl Into<String>, key: &'static str) -> Self {
        let mut error = Self::from(ProblemCode::Invalid);
        error.fields.push((field.into(), FieldNote::Key(key)));
        error
    }

    /// A field that is wrong, with what the parser said of it.
    #[must_use]
    pub fn field_text(field: impl Into<String>, text: impl Into<String>) -> Self {
        let mut error = Self::from(ProblemCode::Invalid);
        error.fields.push((field.into(), FieldNote::Text(text.into())));
        error
    }

    /// More than allowed.
    #[must_use]
    pub fn over(code: ProblemCode, limit: u64) -> Self {
        Self { limit: Some(limit), ..code.into() }
    }

    /// The next chunk must begin here.
    #[must_use]
    pub fn offset(received_bytes: u64) -> Self {
        Self { received_bytes: Some(received_bytes), ..ProblemCode::OffsetMismatch.into() }
    }

    /// A rule of the domain refused.
    #[must_use]
    pub fn refused(refusal: &'static str) -> Self {
        Self { refusal: Some(refusal), ..ProblemCode::Refused.into() }
    }

    /// Wait before trying again.
    #[must_use]
    pub fn wait(code: ProblemCode, seconds: u32) -> Self {
        Self { retry_after_s: Some(seconds.max(1)), ..code.into() }
    }

    /// Our own fault: logged here, told without its cause.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        ProblemCode::Internal.into()
    }

    /// Which problem it is.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        self.code
    }

    /// The sentences of it, for a page without the program.
    #[must_use]
    pub fn sentences(&self, language: woodlark_domain::Language) -> Vec<String> {
        let problem = self.document(language, None);
        let fields = problem.fields.into_iter().map(|field| field.detail);
        std::iter::once(problem.title).chain(fields).collect()
    }

    fn document(&self, language: woodlark_domain::Language, request_id: Option<String>) -> Problem {
        let fields = self.fields.iter().map(|(field, note)| FieldProblem {
            field: field.clone(),
            detail: match note {
                FieldNote::Key(key) => say(language, "field", key).to_owned(),
                FieldNote::Text(text) => text.clone(),
            },
        });
        Problem {
            kind: format!("urn:woodlark:problem:{}", self.code.code()),
            code: self.code,
            status: self.code.status(),
            title: say(language, "problem", self.code.code()).to_owned(),
            detail: self.refusal.map(|refusal| say(language, "refusal", refusal).to_owned()),
            fields: fields.collect(),
            limit: self.limit,
            received_bytes: self.received_bytes,
            refusal: self.refusal.map(str::to_owned),
            retry_after_s: self.retry_after_s,
            request_id,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Fault> for ApiError {
    fn from(error: Fault) -> Self {
        Self::internal(&error)
    }
}

impl<E: Into<Self>> From<WriteError<E>> for ApiError {
    fn from(error: WriteError<E>) -> Self {
        match error {
            WriteError::Refused(refusal) => refusal.into(),
            WriteError::Busy { retry_after } => {
                Self::wait(ProblemCode::Busy, u32::try_from(retry_after.as_secs()).unwrap_or(u32::MAX))
            }
            WriteError::ReadOnly => Self::wait(ProblemCode::ReadOnly, 5),
            WriteError::Failed(cause) => Self::internal(&cause),
        }
    }
}

impl From<crate::media::BlobError> for ApiError {
    fn from(error: crate::media::BlobError) -> Self {
        Self::internal(&error)
    }
}

/// The outermost layer: writes every refusal as a document in the reader's language.
pub async fn render_problems(request: Request, next: Next) -> Response {
    let reader = Reader::of(request.headers());
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .map(str::to_owned);
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<ApiError>() else { return response };
    let (mut parts, _) = response.into_parts();
    let (typed, body) = Json(error.document(reader.language, request_id)).into_response().into_parts();
    // The router has measured the empty body already.
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(typed.headers);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    parts.headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(match reader.language {
            woodlark_domain::Language::Zh => "zh-CN",
            woodlark_domain::Language::En => "en",
        }),
    );
    Response::from_parts(parts, Body::new(body))
}
