//! Those who work at the desk.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::staff::{Listed, Person};
use woodlark_domain::{AreaCode, DepartmentCode, Role, Timestamp, UserId};
use woodlark_store::staff::{self, IDLE, INVITED, Invite, LONGEST, Post, REST, SignIn, Standing, TRIES};
use woodlark_store::{Hash, accounts, staff_list};

fn posts() -> Vec<Post> {
    let handler = Post {
        role: Role::Handler,
        department: DepartmentCode::new("shizheng").ok(),
        area: AreaCode::new("310120001").ok(),
    };
    vec![Post { role: Role::Acceptor, department: None, area: None }, handler]
}

async fn invite(ground: &Ground, login: &str, now: Timestamp) -> (bool, UserId, Hash) {
    let (user, token_hash, login) = (user_id(), hash(), login.to_owned());
    let done = write(ground, move |tx| {
        let posts = posts();
        let new = Invite {
            user,
            login: &login,
            name: "王芳",
            posts: &posts,
            token_hash,
            totp_secret: &[5; 20],
            now,
        };
        staff::invite(tx, &new)
    })
    .await;
    (done, user, token_hash)
}

/// Somebody who works here, with a login of their own.
async fn member(ground: &Ground) -> (UserId, String) {
    let login = format!("w{}", user_id());
    let (_, user, token_hash) = invite(ground, &login, NOON).await;
    assert!(write(ground, move |tx| staff::accept(tx, &token_hash, "$argon2id$x", 100, NOON)).await);
    (user, login)
}

async fn sign_in(ground: &Ground, user: UserId, totp_step: i64, now: Timestamp) -> Option<Hash> {
    let token_hash = hash();
    let done = write(ground, move |tx| {
        staff::sign_in(tx, &SignIn { user, totp_step, token_hash, address: "10.0.0.1", agent: "Test", now })
    })
    .await;
    done.then_some(token_hash)
}

async fn session(ground: &Ground, token: Hash, now: Timestamp) -> Option<staff::Session> {
    ground.store.read(move |conn| staff::session(conn, &token, now)).await.unwrap()
}

both!(an_invitation_is_taken_up_once_and_in_time, |ground: Arc<Ground>| async move {
    let login = format!("w{}", user_id());
    let (done, user, token_hash) = invite(&ground, &login, NOON).await;
    assert!(done);
    let read = |now| ground.store.read(move |conn| staff::invitation(conn, &token_hash, now));
    let found = read(NOON).await.unwrap().unwrap();
    assert_eq!((found.user, found.until, found.totp_secret), (user, NOON.plus(INVITED), vec![5; 20]));
    assert_eq!(read(NOON.plus(INVITED)).await.unwrap(), None);
    let name = login.clone();
    let proof = ground.store.read(move |conn| staff::proof(conn, &name)).await.unwrap();
    assert_eq!(proof, None, "nobody signs in before the link was taken up");
    let accept = |now| write(&ground, move |tx| staff::accept(tx, &token_hash, "$argon2id$x", 7, now));
    assert!(!accept(NOON.plus(INVITED)).await);
    assert!(accept(NOON).await);
    assert!(!accept(NOON).await, "the link holds once");
    assert_eq!(read(NOON).await.unwrap(), None);
    assert!(!invite(&ground, &login, NOON).await.0, "the login is taken");
});

both!(an_invitation_that_was_not_taken_up_can_be_made_anew, |ground: Arc<Ground>| async move {
    let login = format!("w{}", user_id());
    let (_, first, old) = invite(&ground, &login, NOON).await;
    let (done, second, new) = invite(&ground, &login, NOON).await;
    assert!(done && first != second);
    let read = |token: Hash| ground.store.read(move |conn| staff::invitation(conn, &token, NOON));
    assert_eq!(read(old).await.unwrap(), None);
    assert_eq!(read(new).await.unwrap().map(|found| found.user), Some(second));
});

both!(a_code_is_taken_once_and_never_an_older_one, |ground: Arc<Ground>| async move {
    let (user, login) = member(&ground).await;
    assert_eq!(sign_in(&ground, user, 100, NOON).await, None, "it proved the authenticator already");
    let token = sign_in(&ground, user, 101, NOON).await.unwrap();
    assert_eq!(sign_in(&ground, user, 101, NOON).await, None);
    assert_eq!(sign_in(&ground, user, 99, NOON).await, None);
    let found = session(&ground, token, NOON).await.unwrap();
    assert_eq!((found.user, found.name.as_str(), found.posts), (user, "王芳", posts()));
    let proof = ground.store.read(move |conn| staff::proof(conn, &login)).await.unwrap().unwrap();
    assert_eq!((proof.user, proof.password.as_str()), (user, "$argon2id$x"));
    let as_resident = ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap();
    assert_eq!(as_resident, None, "a session of the desk is none of the app");
});

both!(a_session_ends_by_rest_and_after_half_a_day, |ground: Arc<Ground>| async move {
    let (user, _) = member(&ground).await;
    let token = sign_in(&ground, user, 101, NOON).await.unwrap();
    assert!(session(&ground, token, NOON.plus(IDLE - 1)).await.is_some());
    assert!(session(&ground, token, NOON.plus(IDLE)).await.is_none());
    let mut now = NOON;
    while now < NOON.plus(LONGEST - IDLE) {
        now = now.plus(IDLE - 1);
        write(&ground, move |tx| staff::touch(tx, &token, now)).await;
        assert!(session(&ground, token, now).await.is_some());
    }
    write(&ground, move |tx| staff::touch(tx, &token, NOON.plus(LONGEST - 1))).await;
    assert!(session(&ground, token, NOON.plus(LONGEST - 1)).await.is_some());
    assert!(session(&ground, token, NOON.plus(LONGEST)).await.is_none(), "however busy it was");
});

both!(failures_in_a_row_put_an_account_to_rest, |ground: Arc<Ground>| async move {
    let (user, login) = member(&ground).await;
    for _ in 1..TRIES {
        write(&ground, move |tx| staff::failed(tx, user, NOON)).await;
    }
    assert!(sign_in(&ground, user, 101, NOON).await.is_some(), "a success begins the count anew");
    for _ in 0..TRIES {
        assert!(sign_in(&ground, user, 50, NOON).await.is_none());
        write(&ground, move |tx| staff::failed(tx, user, NOON)).await;
    }
    let proof = ground.store.read(move |conn| staff::proof(conn, &login)).await.unwrap().unwrap();
    assert_eq!(proof.locked_until, NOON.plus(REST));
    assert_eq!(sign_in(&ground, user, 102, NOON.plus(REST - 1)).await, None);
    assert!(sign_in(&ground, user, 103, NOON.plus(REST)).await.is_some());
});

both!(an_account_that_ends_signs_every_browser_out, |ground: Arc<Ground>| async move {
    let (user, _) = member(&ground).await;
    let (one, two) =
        (sign_in(&ground, user, 101, NOON).await.unwrap(), sign_in(&ground, user, 102, NOON).await.unwrap());
    let seats = ground.store.read(move |conn| staff::seats(conn, user, NOON)).await.unwrap();
    assert_eq!((seats.len(), seats[0].address.as_str(), seats[0].agent.as_str()), (2, "10.0.0.1", "Test"));
    assert!(write(&ground, move |tx| staff::sign_out(tx, user, &one)).await);
    assert!(session(&ground, one, NOON).await.is_none() && session(&ground, two, NOON).await.is_some());
    assert!(write(&ground, move |tx| staff::end(tx, user)).await);
    assert!(session(&ground, two, NOON).await.is_none());
    assert_eq!(sign_in(&ground, user, 103, NOON).await, None);
    let all = ground.store.read(staff::list).await.unwrap();
    assert!(all.iter().any(|member| member.user == user && member.standing == Standing::Ended));
});

both!(
    a_list_gives_names_and_roles_to_those_who_are_there_from_the_next_thing_on,
    |ground: Arc<Ground>| async move {
        let (user, login) = member(&ground).await;
        let token = sign_in(&ground, user, 101, NOON).await.unwrap();
        let stands = ground.store.read(staff_list::listed).await.unwrap();
        let one = stands.iter().find(|one| one.person.login == login).unwrap();
        assert_eq!((&one.person.posts, one.standing), (&posts(), Standing::Active));
        let verifier = Post { role: Role::Verifier, department: None, area: AreaCode::new("310120001").ok() };
        let person =
            Person { login: login.clone(), name: "王小芳".to_owned(), posts: vec![verifier.clone()] };
        let wanted = person.clone();
        assert_eq!(write(&ground, move |tx| staff_list::change(tx, &wanted)).await, Some(user));
        let found = session(&ground, token, NOON).await.unwrap();
        assert_eq!((found.name.as_str(), found.posts), ("王小芳", vec![verifier]), "without signing in anew");
        let changed = ground.store.read(staff_list::listed).await.unwrap();
        let hash =
            |stands: &[Listed]| staff_list::hash_of(stands, &[], std::slice::from_ref(&person)).unwrap();
        assert_ne!(hash(&stands), hash(&changed), "what was looked at holds no more");
        assert_eq!(hash(&changed), hash(&changed));
        assert_ne!(
            hash(&changed),
            staff_list::hash_of(&changed, std::slice::from_ref(&person), &[]).unwrap(),
            "new is not changed"
        );
        assert!(write(&ground, move |tx| staff::end(tx, user)).await);
        let again = person.clone();
        assert_eq!(write(&ground, move |tx| staff_list::change(tx, &again)).await, None, "it has ended");
        let nobody = Person { login: "nobody.at.all".to_owned(), ..person };
        assert_eq!(write(&ground, move |tx| staff_list::change(tx, &nobody)).await, None);
    }
);
