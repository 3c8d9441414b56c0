//! Backup of a running system, and restore into an empty place. SQLite copies itself; for PostgreSQL its own tools do.

use crate::check::{Checked, check};
use crate::config::{Config, Place};
use crate::conn::{Conn, Engine};
use crate::{Fault, Store};
use diesel::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a backup or a restore came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something at the destination already.
    #[error("{0} is there already; nothing was overwritten")]
    Exists(String),
    /// The copy is not sound; it was removed.
    #[error("the copy is not sound: {0}")]
    Unsound(String),
    /// PostgreSQL's tools are not installed.
    #[error(
        "{0} is not installed: install PostgreSQL's client programs (Debian and Ubuntu: postgresql-client)"
    )]
    NoTool(&'static str),
    /// One of PostgreSQL's tools failed.
    #[error("{tool} failed: {said}")]
    Tool {
        /// Which.
        tool: &'static str,
        /// What it said.
        said: String,
    },
    /// A file could not be read or written.
    #[error("{place}: {error}")]
    Io {
        /// Which.
        place: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl Store {
    /// Copies the database to a new file while it runs; on SQLite the copy is checked. It takes this thread for as long
    /// as it lasts.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn backup(&self, destination: &Path) -> Result<(), BackupError> {
        refuse_existing(destination)?;
        let part = beside(destination);
        let copied = match self.config().place() {
            Place::Sqlite(_) => copy_sqlite(self.config(), &part),
            Place::Postgres(url) => dump(&url, &part),
        };
        let done = copied.and_then(|()| put_in_place(&part, destination));
        if done.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        done
    }

    /// Looks at everything, as [`check`] does. It takes this thread for as long as it lasts.
    ///
    /// # Errors
    /// [`Fault`] where even looking fails.
    pub fn check(&self) -> Result<Checked, Fault> {
        self.read_blocking(check)
    }
}

/// Puts a backup where no database is yet.
///
/// # Errors
/// [`BackupError`]; what is there already is left alone.
pub fn restore(config: &Config, source: &Path) -> Result<(), BackupError> {
    match config.place() {
        Place::Sqlite(path) => {
            refuse_existing(&path)?;
            verify(source)?;
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(|error| io(folder, error))?;
            }
            let part = beside(&path);
            std::fs::copy(source, &part).map_err(|error| io(&part, error))?;
            put_in_place(&part, &path)
        }
        Place::Postgres(url) => {
            let mut conn = Conn::open(config).map_err(|error| Fault::Connection(error.to_string()))?;
            if crate::migrate::version(&mut conn).is_ok() {
                return Err(BackupError::Exists(config.shown()));
            }
            let mut tool = Command::new("pg_restore");
            tool.args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]);
            run(tool.arg("--dbname").arg(without_password(&url, &mut None)).arg(source), "pg_restore", &url)
        }
    }
}

/// One consistent copy, made beside the writer.
fn copy_sqlite(config: &Config, part: &Path) -> Result<(), BackupError> {
    let mut conn = Conn::open(config).map_err(|error| Fault::Connection(error.to_string()))?;
    let name = part.to_string_lossy().into_owned();
    diesel::sql_query("VACUUM INTO ?")
        .bind::<diesel::sql_types::Text, _>(name)
        .execute(sqlite(&mut conn)?)?;
    verify(part)
}

fn sqlite(conn: &mut Conn) -> Result<&mut diesel::SqliteConnection, Fault> {
    match &mut conn.engine {
        Engine::Sqlite(conn) => Ok(conn),
        Engine::Postgres(_) => Err(Fault::Connection("not a file".to_owned())),
    }
}

#[derive(diesel::QueryableByName)]
struct Said {
    #[diesel(sql_type = diesel::sql_types::Text)]
    integrity_check: String,
}

/// Whether a file is a sound database.
fn verify(path: &Path) -> Result<(), BackupError> {
    if !path.is_file() {
        return Err(io(path, std::io::ErrorKind::NotFound.into()));
    }
    let mut conn = diesel::SqliteConnection::establish(&path.to_string_lossy())
        .map_err(|error| Fault::Connection(error.to_string()))?;
    let unsound = |error: diesel::result::Error| BackupError::Unsound(error.to_string());
    let said = diesel::sql_query("PRAGMA integrity_check").load::<Said>(&mut conn).map_err(unsound)?;
    let wrong: Vec<&str> =
        said.iter().map(|one| one.integrity_check.as_str()).filter(|text| *text != "ok").collect();
    if wrong.is_empty() { Ok(()) } else { Err(BackupError::Unsound(wrong.join("; "))) }
}

/// The password goes by the environment, where other people of the machine cannot read it.
fn dump(url: &str, part: &Path) -> Result<(), BackupError> {
    let mut tool = Command::new("pg_dump");
    tool.args(["--format=custom", "--no-owner", "--no-privileges"]);
    run(tool.arg("--file").arg(part).arg("--dbname").arg(without_password(url, &mut None)), "pg_dump", url)
}

fn run(tool: &mut Command, name: &'static str, url: &str) -> Result<(), BackupError> {
    let mut password = None;
    without_password(url, &mut password);
    if let Some(password) = password {
        tool.env("PGPASSWORD", password);
    }
    match tool.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(BackupError::Tool {
            tool: name,
            said: String::from_utf8_lossy(&output.stderr).trim().chars().take(2_000).collect(),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(BackupError::NoTool(name)),
        Err(error) => Err(io(Path::new(name), error)),
    }
}

/// The URL without its password, and the password.
fn without_password(url: &str, password: &mut Option<String>) -> String {
    let parts = url.split_once("://").and_then(|(scheme, rest)| {
        let (who, place) = rest.split_once('@')?;
        let (user, secret) = who.split_once(':')?;
        Some((scheme, user, secret, place))
    });
    let Some((scheme, user, secret, place)) = parts else { return url.to_owned() };
    *password = Some(percent_decoded(secret));
    format!("{scheme}://{user}@{place}")
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, coded)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        match coded.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = coded.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(b'%');
                rest = coded;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where a copy is made before it gets its name; nobody else's.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    name.into()
}

fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    if path.exists() { Err(BackupError::Exists(path.display().to_string())) } else { Ok(()) }
}

/// On the disk first, under its name then.
fn put_in_place(part: &Path, destination: &Path) -> Result<(), BackupError> {
    File::open(part).and_then(|file| file.sync_all()).map_err(|error| io(part, error))?;
    // Unlike a rename, a link refuses where something has appeared meanwhile.
    std::fs::hard_link(part, destination).map_err(|error| io(destination, error))?;
    std::fs::remove_file(part).map_err(|error| io(part, error))?;
    let folder =
        destination.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| io(destination, error))
}

fn io(place: &Path, error: std::io::Error) -> BackupError {
    BackupError::Io { place: place.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_the_url_and_read_as_it_was_meant() {
        let mut password = None;
        let bare = without_password("postgres://wood:p%40ss%25@db.local:5432/lark", &mut password);
        assert_eq!(
            (bare.as_str(), password.as_deref()),
            ("postgres://wood@db.local:5432/lark", Some("p@ss%"))
        );
    }
}
