//! `GET /api/v1/session`

use crate::edge::{ApiResult, Visitor};
use axum::Json;
use woodlark_wire::SessionView;

/// Who is asking; nobody yet before the first write.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses((status = 200, body = SessionView)))]
pub async fn read(visitor: Visitor) -> ApiResult<Json<SessionView>> {
    Ok(Json(SessionView { user_id: visitor.user, phone: visitor.phone }))
}
