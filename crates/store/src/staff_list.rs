//! The list of staff as a whole: what stands of it, what names a change of it, and carrying one out.

use crate::Fault;
use crate::column::{At, bytes, digest, to_json};
use crate::conn::{Conn, Tx};
use crate::schema::staff;
use crate::staff::{Member, Standing, list, put_posts};
use diesel::prelude::*;
use woodlark_domain::staff::{Listed, Person};
use woodlark_domain::{ContentHash, UserId};

/// Everybody who has an account, by login.
///
/// # Errors
/// [`Fault`].
pub fn listed(conn: &mut Conn) -> Result<Vec<Listed>, Fault> {
    let listed = |member: Member| Listed {
        person: Person { login: member.login, name: member.name, posts: member.posts },
        standing: member.standing,
    };
    Ok(list(conn)?.into_iter().map(listed).collect())
}

/// What names a change of the list: it is another as soon as anything of the list, or of what is to come, is another.
///
/// # Errors
/// [`Fault`] where it can't be written as JSON.
pub fn hash_of(stands: &[Listed], new: &[Person], changed: &[Person]) -> Result<ContentHash, Fault> {
    let (stands, new, changed) =
        (to_json("staff", stands)?, to_json("staff", new)?, to_json("staff", changed)?);
    Ok(ContentHash::from_bytes(digest(&[stands.as_bytes(), new.as_bytes(), changed.as_bytes()])))
}

/// Gives whoever has this login the name and the roles of the list, from the next thing on that they do; none where nobody
/// has it, or their account has ended.
///
/// # Errors
/// [`Fault`].
pub fn change(tx: &mut Tx, person: &Person) -> Result<Option<UserId>, Fault> {
    let conn: &mut Conn = tx;
    let theirs = staff::table
        .filter(staff::adcode.eq(&*conn.adcode))
        .filter(staff::login.eq(&person.login))
        .filter(staff::state.ne(Standing::Ended.code()));
    let found = theirs.select(staff::user_id).first::<Vec<u8>>(&mut conn.engine).optional()?;
    let Some(user) = found else { return Ok(None) };
    let user = At("staff", "user_id").user(&user)?;
    let row = staff::table.find((&*conn.adcode, bytes(user.as_bytes())));
    diesel::update(row).set(staff::name.eq(&person.name)).execute(&mut conn.engine)?;
    put_posts(tx, user, &person.posts)?;
    Ok(Some(user))
}
