//! `GET` and `POST /api/v1/desk/staff`, `DELETE /api/v1/desk/staff/{user}`

use super::proof::SECRET_BYTES;
use super::session::show_post;
use crate::app::App;
use crate::clock::{new_user_id, random};
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Staff, new_token};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::limits::NAME_CHARS;
use woodlark_domain::policy::Action;
use woodlark_domain::staff::{POSTS, Person, ROLES, is_login};
use woodlark_domain::{Role, Timestamp, UserId};
use woodlark_store::city::City;
use woodlark_store::staff::{self, Invite, Post, Standing};
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Halt, Tx};
use woodlark_wire::{InvitationLink, NewStaff, ProblemCode, StaffRole, StaffState, StaffView};

/// Everybody who works here, was invited, or did.
#[utoipa::path(get, path = "/api/v1/desk/staff", tag = "desk", responses((status = 200, body = [StaffView])))]
pub async fn list_staff(State(app): State<App>, staff: Staff) -> ApiResult<Json<Vec<StaffView>>> {
    staff.must(Action::ReadStaff)?;
    let members = app.store.read(staff::list).await?;
    let show = |member: staff::Member| StaffView {
        user_id: member.user,
        name: member.name,
        login: member.login,
        roles: member.posts.iter().map(show_post).collect(),
        state: match member.standing {
            Standing::Invited => StaffState::Invited,
            Standing::Active => StaffState::Active,
            Standing::Ended => StaffState::Ended,
        },
        created_at: member.created_at,
    };
    Ok(Json(members.into_iter().map(show).collect()))
}

/// Invites somebody. The answer's link is shown this once: the database knows its token's hash alone.
#[utoipa::path(post, path = "/api/v1/desk/staff", tag = "desk", request_body = NewStaff,
    responses((status = 201, body = InvitationLink)))]
pub async fn invite_staff(
    State(app): State<App>,
    staff: Staff,
    body: ReadJson<NewStaff>,
) -> ApiResult<impl IntoResponse> {
    let by = staff.must(Action::EditStaff)?;
    let (now, new) = (app.clock.now(), body.value);
    let (name, login) = (new.name.trim().to_owned(), new.login.trim().to_owned());
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(ApiError::field("name", "name"));
    }
    if !is_login(&login) {
        return Err(ApiError::field("login", "login"));
    }
    let posts = check_posts(new.roles, &app.city())?;
    let person = Person { login, name, posts };
    let link = app.store.write(move |tx| {
        let made = invite(tx, &person, by, "{}", now)?;
        made.ok_or_else(|| Halt::Refused(ApiError::from(ProblemCode::LoginTaken)))
    });
    Ok((StatusCode::CREATED, Json(link.await?)))
}

/// Invites somebody, and writes down who did; none where the login is taken.
pub(in crate::api) fn invite(
    tx: &mut Tx,
    person: &Person,
    by: UserId,
    detail: &str,
    now: Timestamp,
) -> Result<Option<InvitationLink>, Halt<ApiError>> {
    let Person { login, name, posts } = person;
    let (user, secret) = (new_user_id(now), random::<SECRET_BYTES>());
    let (token, token_hash) = new_token(random());
    let new = Invite { user, login, name, posts, token_hash, totp_secret: &secret, now };
    if !staff::invite(tx, &new)? {
        return Ok(None);
    }
    let (role, action, subject) = (Role::Admin, AuditAction::InviteStaff, user.to_string());
    record(tx, &Deed { at: now, user: Some(by), role, action, subject: &subject, detail })?;
    // What follows the number sign stays in the browser: no server and no log is told.
    let path = format!("/desk/invitation#{token}");
    Ok(Some(InvitationLink { user_id: user, path, expires_at: now.plus(staff::INVITED) }))
}

/// Roles that can be: a person's, of departments and areas that there are; a handler is of a department.
fn check_posts(roles: Vec<StaffRole>, city: &City) -> ApiResult<Vec<Post>> {
    let good = |role: &StaffRole| {
        ROLES.contains(&role.role)
            && role.department.as_ref().is_none_or(|code| city.department(code).is_some())
            && role.area.as_ref().is_none_or(|code| city.areas().get(code).is_some())
            && (role.role != Role::Handler || role.department.is_some())
    };
    if roles.is_empty() || roles.len() > POSTS || !roles.iter().all(good) {
        return Err(ApiError::field("roles", "roles"));
    }
    let post = |role: StaffRole| Post { role: role.role, department: role.department, area: role.area };
    Ok(roles.into_iter().map(post).collect())
}

/// Ends somebody's account: every browser of theirs is signed out at once. One's own can't be ended, so that somebody is
/// always left who can invite.
#[utoipa::path(delete, path = "/api/v1/desk/staff/{user}", tag = "desk", params(("user" = UserId, Path)),
    responses((status = 204)))]
pub async fn end_staff(
    State(app): State<App>,
    staff: Staff,
    ReadPath(user): ReadPath<UserId>,
) -> ApiResult<StatusCode> {
    let by = staff.must(Action::EditStaff)?;
    if by == user {
        return Err(ApiError::not_found());
    }
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            if !staff::end(tx, user)? {
                return Err(Halt::Refused(ApiError::not_found()));
            }
            let subject = user.to_string();
            let (role, action) = (Role::Admin, AuditAction::EndStaff);
            Ok(record(tx, &Deed { at: now, user: Some(by), role, action, subject: &subject, detail: "{}" })?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
