//! What every handler can reach: the store, the media, the city, the clock, who listens.

use crate::assets::Assets;
use crate::clock::SharedClock;
use crate::edge::{ApiError, ApiResult};
use crate::jobs::DeskFeed;
use crate::live::LiveHub;
use crate::media::{BlobError, Blobs, CleanPhoto, PhotoError, amr_to_wav, clean_photo};
use crate::pay::Pay;
use crate::seal_keys::SealKeys;
use crate::sender::{LogSender, SharedSender};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use std::ops::Deref;
use std::sync::{Arc, RwLock};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use woodlark_domain::{ContentHash, Timestamp, UserId};
use woodlark_store::city::City;
use woodlark_store::quota::{self, Quota, Spent};
use woodlark_store::{Halt, Store};
use woodlark_wire::ProblemCode;

/// Shared by every request; a clone is the same one.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// Its parts.
pub struct Inner {
    /// The database.
    pub store: Store,
    /// Photos and voice.
    pub blobs: Blobs,
    /// The time.
    pub clock: SharedClock,
    /// Who listens.
    pub live: LiveHub,
    /// What those at the desk hear of.
    pub desk_feed: DeskFeed,
    /// Where one-time codes go.
    pub sender: SharedSender,
    /// What was sent, where the embedded sender is in use and its page is wanted.
    pub dev_codes: Option<Arc<LogSender>>,
    /// Who pays red packets, if anybody does.
    pub pay: Option<Arc<Pay>>,
    /// Our account at WeChat, if we have one.
    pub wechat: Option<Arc<woodlark_wechat::Client>>,
    /// The key under which phone numbers and codes are hashed, and what goes to WeChat and back.
    pub secret: [u8; 32],
    /// The keys that kiosks seal their reports to.
    pub seal_keys: SealKeys,
    /// The built app.
    pub assets: Assets,
    /// Served over TLS: cookies are for TLS alone.
    pub secure: bool,
    /// Turns true when the server is to stop.
    pub stop: tokio::sync::watch::Receiver<bool>,
    /// The city as of its last import.
    pub city: RwLock<Arc<City>>,
    /// Reports that one account may begin in a day.
    pub reports_per_day: u32,
    /// Places in the decoding pool.
    pub decoding: Arc<Semaphore>,
    /// Mebibytes for plain forms and whole photos, each of which is held in memory whole.
    pub form_room: Arc<Semaphore>,
}

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Inner) -> Self {
        Self(Arc::new(parts))
    }

    /// The city.
    #[must_use]
    pub fn city(&self) -> Arc<City> {
        // A lock is poisoned by a panic while it was held; what it guards is replaced whole, so it is good all the same.
        Arc::clone(&self.0.city.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Puts another version of the city in its place.
    pub fn set_city(&self, city: Arc<City>) {
        *self.0.city.write().unwrap_or_else(std::sync::PoisonError::into_inner) = city;
    }

    /// Waits for the memory that a body takes which is held whole; one that does not say its length gets the most that
    /// it may have, in bytes.
    ///
    /// # Errors
    /// `internal`, when the server has let go of everything already.
    pub async fn room(&self, headers: &HeaderMap, most: u64) -> ApiResult<OwnedSemaphorePermit> {
        let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        self.room_for(length.and_then(|length| length.parse::<u64>().ok()).unwrap_or(most).min(most)).await
    }

    /// Waits for so many bytes of memory.
    ///
    /// # Errors
    /// `internal`, when the server has let go of everything already.
    pub async fn room_for(&self, bytes: u64) -> ApiResult<OwnedSemaphorePermit> {
        let mebibytes = u32::try_from(bytes >> 20).unwrap_or(u32::MAX).saturating_add(1);
        let room = Arc::clone(&self.form_room).acquire_many_owned(mebibytes).await;
        room.map_err(|error| ApiError::internal(&error))
    }

    /// Cleans a photo in the decoding pool and keeps its two pictures.
    ///
    /// # Errors
    /// The photo's own problem, or `internal`.
    pub async fn keep_photo(&self, bytes: impl AsRef<[u8]> + Send + 'static) -> ApiResult<CleanPhoto> {
        let seat =
            Arc::clone(&self.decoding).acquire_owned().await.map_err(|error| ApiError::internal(&error))?;
        let cleaned = tokio::task::spawn_blocking(move || {
            let cleaned = clean_photo(bytes.as_ref());
            drop(seat);
            cleaned
        });
        let photo =
            cleaned.await.map_err(|error| ApiError::internal(&error))?.map_err(|error| match error {
                PhotoError::Unreadable => ApiError::from(ProblemCode::PhotoUnreadable),
                PhotoError::Heic => ProblemCode::PhotoHeic.into(),
                PhotoError::TooManyPixels => ProblemCode::PhotoTooManyPixels.into(),
            })?;
        self.keep(photo.hash, photo.full.clone()).await?;
        self.keep(photo.thumb_hash, photo.thumb.clone()).await?;
        Ok(photo)
    }

    /// A recording in AMR as a browser plays it, made in the decoding pool; none where nothing can be heard of it.
    ///
    /// # Errors
    /// `internal`, when the server has let go of everything already.
    pub async fn play_amr(&self, bytes: Bytes) -> ApiResult<Option<Vec<u8>>> {
        let seat =
            Arc::clone(&self.decoding).acquire_owned().await.map_err(|error| ApiError::internal(&error))?;
        let played = tokio::task::spawn_blocking(move || {
            let wav = amr_to_wav(&bytes);
            drop(seat);
            wav
        });
        match played.await {
            Ok(wav) => Ok(wav.ok()),
            // A decoder that fell over a stranger's bytes takes nothing with it: they are there as they came.
            Err(error) => {
                tracing::error!(%error, "a recording could not be made playable");
                Ok(None)
            }
        }
    }

    /// The app by which residents are told in WeChat what their cases come to; none where nothing is sent.
    #[must_use]
    pub fn tells_by(&self) -> Option<String> {
        let account = self.wechat.as_deref()?.account();
        account.progress_template(woodlark_wechat::App::Official).map(|_| account.appid().to_owned())
    }

    /// Counts one use by this account.
    ///
    /// # Errors
    /// `too_many_requests` where it has used up what it may.
    pub async fn spend(&self, quota: Quota, user: UserId) -> ApiResult<()> {
        let now = self.clock.now();
        let spend = move |tx: &mut woodlark_store::Tx| {
            Ok::<_, Halt<ApiError>>(quota::spend(tx, &quota, &[user.as_bytes()], now)?)
        };
        match self.store.write(spend).await? {
            Spent::Granted { .. } => Ok(()),
            Spent::Refused { again_at } => {
                let seconds = again_at.0.saturating_sub(now.0) / Timestamp::SECOND;
                let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
                Err(ApiError::wait(ProblemCode::TooManyRequests, seconds))
            }
        }
    }

    /// Keeps bytes under their hash.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn keep(&self, hash: ContentHash, bytes: Vec<u8>) -> Result<(), BlobError> {
        self.blobs.keep(hash, bytes).await
    }
}
