//! The lark wall: praise that was published, newest first.

use super::file::CaseFile;
use super::history::History;
use super::list::Cursor;
use crate::Fault;
use crate::column::count;
use crate::conn::Conn;
use crate::schema::case_file;
use diesel::prelude::*;
use woodlark_domain::case::Command;
use woodlark_domain::{AreaCode, CaseId, ContentHash, State, Timestamp, Visibility};

/// Praise on the wall.
#[derive(Debug, Clone, PartialEq)]
pub struct Praise {
    /// The case.
    pub id: CaseId,
    /// What was written.
    pub words: String,
    /// Where.
    pub area: Option<AreaCode>,
    /// Photos of the report that were approved when it was published.
    pub photos: Vec<ContentHash>,
    /// When it went on the wall.
    pub published_at: Timestamp,
    /// When those praised were told, and the words with it.
    pub thanked: Option<(Timestamp, Option<String>)>,
    /// When anything last happened.
    pub changed_at: Timestamp,
}

/// Published praise, newest change first; what its reporter keeps private is not on the wall.
///
/// # Errors
/// [`Fault`].
pub fn wall(conn: &mut Conn, after: Option<Cursor>, most: usize) -> Result<Vec<Praise>, Fault> {
    let mut files: Vec<CaseFile> = Vec::new();
    for state in [State::Published, State::Thanked] {
        let rows = case_file::table
            .filter(case_file::adcode.eq(&*conn.adcode))
            .filter(case_file::state.eq(state.code()))
            .filter(case_file::visibility.eq(Visibility::Public.code()))
            .order((case_file::changed_at.desc(), case_file::id.desc()))
            .limit(count(most))
            .select(CaseFile::as_select())
            .into_boxed();
        let rows = match after {
            Some(after) => {
                let (at, id) = (after.changed_at.0, after.id.as_bytes().to_vec());
                rows.filter(
                    case_file::changed_at.lt(at).or(case_file::changed_at.eq(at).and(case_file::id.lt(id))),
                )
            }
            None => rows,
        };
        files.extend(rows.load::<CaseFile>(&mut conn.engine)?);
    }
    files.sort_by(|a, b| (b.changed_at, &b.id).cmp(&(a.changed_at, &a.id)));
    files.truncate(most);
    let mut wall = Vec::with_capacity(files.len());
    for file in &files {
        let row = file.read()?;
        if let Some(history) = History::load(conn, row.id)? {
            wall.extend(praise(&history, row.area, row.changed_at));
        }
    }
    Ok(wall)
}

fn praise(history: &History, area: Option<AreaCode>, changed_at: Timestamp) -> Option<Praise> {
    let mut published = None;
    let mut thanked = None;
    for event in &history.events {
        if let Command::Publish { photos } = &event.what {
            published = Some((event.at, photos.clone()));
        } else if let Command::Thank { note } = &event.what {
            thanked = Some((event.at, note.as_ref().map(ToString::to_string)));
        }
    }
    let (published_at, photos) = published?;
    let words = history.events.first().and_then(|event| event.what.words()).unwrap_or_default().to_owned();
    Some(Praise { id: history.case.id, words, area, photos, published_at, thanked, changed_at })
}
