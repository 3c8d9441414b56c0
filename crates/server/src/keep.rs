//! Backup, restore and check: what an administrator does so that nothing is lost.
//!
//! A backup is a folder with the database's copy and the media. The database is copied first: photos are only ever
//! added, so every photo that the copy names is there when the media are copied after it.

use crate::config::Keep;
use crate::media::Blobs;
use crate::start::StartError;
use std::path::Path;
use std::process::ExitCode;
use woodlark_domain::ContentHash;
use woodlark_store::{Config, Store};

/// The database's copy in a backup.
const DATABASE: &str = "database.backup";
/// The key of the phone numbers' hashes, and those that open what kiosks have sealed.
const SECRETS: [&str; 2] = ["secret.key", crate::seal_keys::FILE];

/// Copies everything, while the server runs, into a folder that is not there yet.
///
/// # Errors
/// [`StartError`]; a folder half made says so by its name.
pub fn backup(store: &Store, keep: &Keep, into: &Path) -> Result<ExitCode, StartError> {
    if into.exists() {
        return Err(StartError::Said(format!("{} is there already; name a new folder", into.display())));
    }
    let part = into.with_extension("part");
    let _ = std::fs::remove_dir_all(&part);
    std::fs::create_dir_all(&part).map_err(|cause| io(&part, cause))?;
    store.backup(&part.join(DATABASE)).map_err(|error| StartError::Said(error.to_string()))?;
    let files = copy_folder(&keep.media_folder().join("kept"), &part.join("media/kept"))?;
    for name in SECRETS.into_iter().filter(|name| keep.data.join(name).exists()) {
        copy(&keep.data.join(name), &part.join(name))?;
    }
    std::fs::rename(&part, into).map_err(|cause| io(into, cause))?;
    println!("The database and {files} media files are in {}.", into.display());
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup where there is no data yet.
///
/// # Errors
/// [`StartError`]; what is there already is left alone.
pub fn restore(keep: &Keep, config: &Config, from: &Path) -> Result<ExitCode, StartError> {
    if !from.join(DATABASE).is_file() {
        return Err(StartError::Said(format!(
            "{} holds no {DATABASE}: name a folder that `backup` made",
            from.display()
        )));
    }
    std::fs::create_dir_all(&keep.data).map_err(|cause| io(&keep.data, cause))?;
    woodlark_store::restore(config, &from.join(DATABASE))
        .map_err(|error| StartError::Said(error.to_string()))?;
    let files = copy_folder(&from.join("media/kept"), &keep.media_folder().join("kept"))?;
    for name in SECRETS.into_iter().filter(|name| from.join(name).exists()) {
        copy(&from.join(name), &keep.data.join(name))?;
    }
    println!("The database and {files} media files are back in {}.", keep.data.display());
    Ok(ExitCode::SUCCESS)
}

/// Looks at everything that must hold, the media's bytes included.
///
/// # Errors
/// [`StartError`] when even looking fails.
pub async fn check(store: &Store, blobs: &Blobs) -> Result<ExitCode, StartError> {
    let looking = store.clone();
    let checked = tokio::task::spawn_blocking(move || looking.check())
        .await
        .map_err(|error| StartError::Said(error.to_string()))??;
    let mut problems = checked.problems.clone();
    let mut wrong = checked.wrong;
    let mut files = 0_u64;
    for hash in store.read(woodlark_store::media::all).await? {
        files += 1;
        if !is_sound(blobs, hash).await {
            wrong += 1;
            problems.push(format!("media {hash}: its bytes are missing or not those of its name"));
        }
    }
    for problem in &problems {
        println!("{problem}");
    }
    println!("{} cases, {} events, {files} media files; {wrong} wrong", checked.cases, checked.events);
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn is_sound(blobs: &Blobs, hash: ContentHash) -> bool {
    use sha2::{Digest, Sha256};
    blobs.read(hash).await.is_ok_and(|bytes| ContentHash::from_bytes(Sha256::digest(&bytes).into()) == hash)
}

/// Copies a folder of content-named files; one that is gone meanwhile was an orphan.
fn copy_folder(from: &Path, to: &Path) -> Result<u64, StartError> {
    std::fs::create_dir_all(to).map_err(|cause| io(to, cause))?;
    let mut files = 0;
    for entry in std::fs::read_dir(from).into_iter().flatten().flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            files += copy_folder(&path, &to)?;
        } else if path.exists() {
            copy(&path, &to)?;
            files += 1;
        }
    }
    Ok(files)
}

fn copy(from: &Path, to: &Path) -> Result<(), StartError> {
    std::fs::copy(from, to).map(drop).map_err(|cause| io(from, cause))
}

fn io(path: &Path, cause: std::io::Error) -> StartError {
    StartError::Io { what: path.display().to_string(), cause }
}
