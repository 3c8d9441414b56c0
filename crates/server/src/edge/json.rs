//! JSON bodies and answers, and queries: refused field by field: which field, and what is wrong with it.

use super::problem::ApiError;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use woodlark_wire::ProblemCode;

/// The most that a JSON body may hold, in bytes. A manifest of nine photos has about 3 KB.
const JSON_BYTES: u64 = 64 * 1024;

/// A JSON body and its own bytes.
pub struct ReadJson<T> {
    /// What it says.
    pub value: T,
    /// The bytes it was read from.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> ReadJson<T> {
    /// The body of a request that may be larger than others.
    ///
    /// # Errors
    /// `unsupported_media_type`, `too_large`, `unreadable`, or the field that is wrong.
    pub async fn at_most(request: Request, limit: u64) -> Result<Self, ApiError> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
        if !json {
            return Err(ProblemCode::UnsupportedMediaType.into());
        }
        let bytes = read_body(request, usize::try_from(limit).unwrap_or(usize::MAX)).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let (path, cause) = (error.path().to_string(), error.into_inner());
            if cause.is_data() {
                ApiError::field_text(path, plain(&cause))
            } else {
                ProblemCode::Unreadable.into()
            }
        })?;
        reader.end().map_err(|_| ApiError::from(ProblemCode::Unreadable))?;
        Ok(Self { value, bytes })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ReadJson<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        Self::at_most(request, JSON_BYTES).await
    }
}

/// A JSON body, or none at all.
pub struct MayReadJson<T>(pub Option<T>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for MayReadJson<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(Request::new(body), usize::try_from(JSON_BYTES).unwrap_or(usize::MAX)).await?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        let request = Request::from_parts(parts, axum::body::Body::from(bytes));
        Ok(Self(Some(ReadJson::at_most(request, JSON_BYTES).await?.value)))
    }
}

/// Bytes that an answer has room for before it grows: a case with its steps, or most of a page of a list.
const ANSWER_BYTES: usize = 4 * 1024;

/// A JSON answer. axum's own begins with 128 bytes and asks at each comma whether there is room; of a case's whole answer
/// that was a tenth.
pub struct SendJson<T>(pub T);

impl<T: Serialize> IntoResponse for SendJson<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(ANSWER_BYTES);
        match serde_json::to_writer(&mut body, &self.0) {
            Ok(()) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => ApiError::internal(&error).into_response(),
        }
    }
}

/// A query string.
pub struct ReadQuery<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for ReadQuery<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error| ApiError::field_text("query", error.body_text()))
    }
}

/// A whole body of at most so many bytes.
///
/// # Errors
/// `too_large` with the limit.
pub async fn read_body(request: Request, limit: usize) -> Result<Bytes, ApiError> {
    // Collected by ourselves: axum's own extractor holds to two megabytes whatever the caller allows.
    let body = Limited::new(request.into_body(), limit);
    let whole = body.collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            ApiError::over(ProblemCode::TooLarge, limit as u64)
        } else {
            ProblemCode::Unreadable.into()
        }
    })?;
    Ok(whole.to_bytes())
}

/// What serde says, without the position that it appends.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(text, _)| text.to_owned())
}
