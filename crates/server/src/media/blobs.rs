//! Where bytes are kept: a folder by default, S3 by address. Content-addressed; chunks of an upload beside it until
//! the file is whole.

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::sync::Arc;
use woodlark_domain::{CaseId, ContentHash};

/// The store of bytes failed: not the caller's fault.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The bytes that should be there are not.
    #[error("the file is not there")]
    Missing,
    /// The folder or bucket does not answer.
    #[error("the media store failed: {0}")]
    Store(#[source] object_store::Error),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) { Self::Missing } else { Self::Store(error) }
    }
}

/// The media store.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
}

impl Blobs {
    /// A folder of this machine; every write is on the disk before it is answered.
    ///
    /// # Errors
    /// [`BlobError`] when the folder cannot be made.
    pub fn in_folder(folder: &std::path::Path) -> Result<Self, BlobError> {
        std::fs::create_dir_all(folder)
            .map_err(|error| object_store::Error::Generic { store: "folder", source: Box::new(error) })?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Keeps bytes under their hash. Keeping them twice is nothing.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn keep(&self, hash: ContentHash, bytes: Vec<u8>) -> Result<(), BlobError> {
        self.store.put(&kept(hash), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// The bytes of this hash.
    ///
    /// # Errors
    /// [`BlobError::Missing`] or [`BlobError::Store`].
    pub async fn read(&self, hash: ContentHash) -> Result<Bytes, BlobError> {
        Ok(self.store.get(&kept(hash)).await?.bytes().await?)
    }

    /// Every hash that is kept, for the sweep.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn all_kept(&self) -> Result<Vec<(ContentHash, std::time::SystemTime)>, BlobError> {
        let prefix = Path::from("kept");
        let listed: Vec<_> = self.store.list(Some(&prefix)).try_collect().await?;
        Ok(listed
            .into_iter()
            .filter_map(|meta| Some((meta.location.filename()?.parse().ok()?, meta.last_modified.into())))
            .collect())
    }

    /// Forgets bytes that no row names.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn forget(&self, hash: ContentHash) -> Result<(), BlobError> {
        match self.store.delete(&kept(hash)).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a chunk of a file on its way in.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn keep_chunk(
        &self,
        case: CaseId,
        file: ContentHash,
        offset: u64,
        bytes: Bytes,
    ) -> Result<(), BlobError> {
        self.store
            .put(&incoming(case, file).join(format!("{offset:012}")), PutPayload::from_bytes(bytes))
            .await?;
        Ok(())
    }

    /// The first `length` bytes of a file on its way in, put together from its chunks.
    ///
    /// # Errors
    /// [`BlobError::Missing`] when a chunk is gone.
    pub async fn assemble(&self, case: CaseId, file: ContentHash, length: u64) -> Result<Vec<u8>, BlobError> {
        let mut whole: Vec<u8> = Vec::new();
        while (whole.len() as u64) < length {
            let chunk = self
                .store
                .get(&incoming(case, file).join(format!("{:012}", whole.len())))
                .await?
                .bytes()
                .await?;
            if chunk.is_empty() {
                return Err(BlobError::Missing);
            }
            whole.extend_from_slice(&chunk);
        }
        whole.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(whole)
    }

    /// Forgets the chunks of a file.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn forget_chunks(&self, case: CaseId, file: Option<ContentHash>) -> Result<(), BlobError> {
        let prefix = file.map_or_else(|| incoming_case(case), |file| incoming(case, file));
        let mut listed = self.store.list(Some(&prefix));
        while let Some(meta) = listed.next().await {
            match self.store.delete(&meta?.location).await {
                Err(object_store::Error::NotFound { .. }) | Ok(()) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn kept(hash: ContentHash) -> Path {
    let name = hash.to_string();
    Path::from("kept").join(name.get(..2).unwrap_or("00").to_owned()).join(name)
}

fn incoming_case(case: CaseId) -> Path {
    Path::from("incoming").join(case.to_string())
}

fn incoming(case: CaseId, file: ContentHash) -> Path {
    incoming_case(case).join(file.to_string())
}
