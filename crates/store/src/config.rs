//! Where the database is and how hard it may be worked.

use std::path::PathBuf;
use woodlark_domain::AreaCode;

/// How a [`crate::Store`] is opened.
#[derive(Debug, Clone)]
pub struct Config {
    /// A path, `sqlite:PATH`, or `postgres://…`. The path's folder is made if it isn't there.
    pub url: String,
    /// The district whose cases these are: six digits.
    pub adcode: AreaCode,
    /// Writes that may wait; one more is answered with [`crate::WriteError::Busy`].
    pub queue: usize,
    /// SQLite: writes that one commit may hold.
    pub batch: usize,
    /// PostgreSQL: connections for writing, and as many again for reading.
    pub connections: usize,
    /// SQLite: pages of 4 KiB that the file may grow to; none is the engine's own limit (17.5 TB).
    pub max_pages: Option<u32>,
}

impl Config {
    /// The usual numbers: a queue of 4,096, batches of 512, eight connections each way.
    #[must_use]
    pub fn new(url: impl Into<String>, adcode: AreaCode) -> Self {
        Self { url: url.into(), adcode, queue: 4_096, batch: 512, connections: 8, max_pages: None }
    }

    /// Which engine the URL names.
    #[must_use]
    pub fn place(&self) -> Place {
        if self.url.starts_with("postgres:") || self.url.starts_with("postgresql:") {
            return Place::Postgres(self.url.clone());
        }
        let path = self.url.strip_prefix("sqlite:").unwrap_or(&self.url);
        Place::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
    }

    /// The place as it may be logged: without a password.
    #[must_use]
    pub fn shown(&self) -> String {
        match (self.place(), self.url.split_once("://")) {
            (Place::Postgres(_), Some((scheme, rest))) => match rest.split_once('@') {
                Some((_, host)) => format!("{scheme}://…@{host}"),
                None => self.url.clone(),
            },
            _ => self.url.clone(),
        }
    }
}

/// Where a database lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
    Sqlite(PathBuf),
    /// A server, by its URL.
    Postgres(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_names_the_engine_and_its_password_is_never_shown() {
        let config = |url: &str| Config::new(url, AreaCode::new("310120").unwrap());
        assert_eq!(config("data/a.db").place(), Place::Sqlite("data/a.db".into()));
        assert_eq!(config("sqlite:///srv/a.db").place(), Place::Sqlite("/srv/a.db".into()));
        assert_eq!(config("postgres://u:secret@h/d").shown(), "postgres://…@h/d");
        assert!(!config("postgresql://u:p%40@h/d").shown().contains("p%40"));
    }
}
