//! A ZIP that is sent while it is written: of its contents no more than one file is ever in memory.

use axum::body::Body;
use bytes::Bytes;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// Pieces that may wait for a slow reader.
const WAITING: usize = 2;

/// What was written and not sent yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A ZIP under way.
pub(super) struct Archive {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
    to: Sender<io::Result<Bytes>>,
}

/// Its other end.
pub(super) struct Pieces(Receiver<io::Result<Bytes>>);

impl Pieces {
    /// As the body of an answer.
    pub(super) fn into_body(self) -> Body {
        Body::from_stream(ReceiverStream::new(self.0).map(|piece| piece))
    }
}

impl Archive {
    /// An empty one, and what comes out of it.
    pub(super) fn new() -> (Self, Pieces) {
        let (to, from) = channel(WAITING);
        let written = Written::default();
        (Self { zip: ZipWriter::new_stream(written.clone()), written, to }, Pieces(from))
    }

    /// Begins a file.
    ///
    /// # Errors
    /// The reader has gone.
    pub(super) async fn begin(&mut self, name: &str) -> io::Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(name, options)?;
        self.send().await
    }

    /// Writes more of the file that was begun.
    ///
    /// # Errors
    /// The reader has gone.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.write_all(bytes)?;
        self.send().await
    }

    /// Ends the whole.
    ///
    /// # Errors
    /// The reader has gone.
    pub(super) async fn finish(self) -> io::Result<()> {
        self.zip.finish()?;
        pass(&self.to, self.written.take()).await
    }

    /// Tells the reader that no more comes, and that it is not the whole.
    pub(super) async fn break_off(self, error: io::Error) {
        // Whoever has gone need not be told.
        let _ = self.to.send(Err(error)).await;
    }

    async fn send(&self) -> io::Result<()> {
        pass(&self.to, self.written.take()).await
    }
}

async fn pass(to: &Sender<io::Result<Bytes>>, bytes: Vec<u8>) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    to.send(Ok(bytes.into())).await.map_err(|_| io::ErrorKind::BrokenPipe.into())
}
