//! Voice up to a minute, through `MediaRecorder`: as MP4 where the browser can, else as WebM. The sound stays on
//! the device until the report is sent, and is never public.

use core::future::Future;
use core::pin::Pin;
use js_sys::{Array, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AnalyserNode, AudioContext, Blob, BlobPropertyBag, MediaRecorder, MediaRecorderOptions, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

/// Containers in the order of preference. Safari says WebM and cannot play it; Chromium's MP4 is honest.
const CONTAINERS: [&str; 3] = ["audio/mp4", "audio/webm;codecs=opus", "audio/webm"];

/// A recording that runs.
pub trait Recording {
    /// How loud it is now, 0 to 1; none where nobody can tell.
    fn loudness(&self) -> Option<f64>;
    /// Milliseconds since it began.
    fn elapsed_ms(&self) -> f64;
    /// Ends it and hands over what was said; an error where there is nothing.
    fn end(self) -> Ending;
    /// Lets the microphone go.
    fn release(&self);
}

/// A recording on its way to what was said.
pub type Ending = Pin<Box<dyn Future<Output = Result<Said, JsValue>>>>;

/// A recording by the browser's own microphone.
pub struct Microphone {
    recorder: MediaRecorder,
    stream: MediaStream,
    context: Option<AudioContext>,
    level: Option<AnalyserNode>,
    pieces: Array,
    began_ms: f64,
    _heard: Closure<dyn FnMut(JsValue)>,
}

/// What was said.
pub struct Said {
    /// The sound.
    pub file: Blob,
    /// Its container, without the codec.
    pub media_type: String,
    /// How long, in milliseconds.
    pub duration_ms: u32,
}

impl Microphone {
    /// Asks for the microphone and begins.
    ///
    /// # Errors
    /// When the person or the browser refuses.
    pub async fn begin() -> Result<Self, JsValue> {
        let wanted = MediaStreamConstraints::new();
        wanted.set_audio(&JsValue::TRUE);
        let asked = window().navigator().media_devices()?.get_user_media_with_constraints(&wanted)?;
        let stream: MediaStream = JsFuture::from(asked).await?.unchecked_into();
        let options = MediaRecorderOptions::new();
        if let Some(container) =
            CONTAINERS.into_iter().find(|container| MediaRecorder::is_type_supported(container))
        {
            options.set_mime_type(container);
        }
        options.set_audio_bits_per_second(32_000);
        let recorder = MediaRecorder::new_with_media_stream_and_media_recorder_options(&stream, &options)?;
        let pieces = Array::new();
        let kept = pieces.clone();
        let heard = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Ok(piece) = Reflect::get(&event, &"data".into()) {
                kept.push(&piece);
            }
        });
        recorder.set_ondataavailable(Some(heard.as_ref().unchecked_ref()));
        recorder.start_with_time_slice(1000)?;
        let context = AudioContext::new().ok();
        let level = context.as_ref().and_then(|context| {
            let analyser = context.create_analyser().ok()?;
            analyser.set_fft_size(256);
            context.create_media_stream_source(&stream).ok()?.connect_with_audio_node(&analyser).ok()?;
            Some(analyser)
        });
        Ok(Self { recorder, stream, context, level, pieces, began_ms: js_sys::Date::now(), _heard: heard })
    }

    async fn finish(self) -> Result<Said, JsValue> {
        let duration = self.elapsed_ms();
        let stopped = Promise::new(&mut |done, _| self.recorder.set_onstop(Some(&done)));
        self.recorder.stop()?;
        JsFuture::from(stopped).await?;
        self.release();
        let mime = self.recorder.mime_type();
        let media_type =
            mime.split(';').next().filter(|kind| !kind.is_empty()).unwrap_or("audio/webm").to_owned();
        let options = BlobPropertyBag::new();
        options.set_type(&media_type);
        let file = Blob::new_with_blob_sequence_and_options(&self.pieces, &options)?;
        if file.size() == 0.0 {
            return Err(JsValue::NULL);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a minute")]
        Ok(Said { file, media_type, duration_ms: duration as u32 })
    }
}

impl Recording for Microphone {
    fn loudness(&self) -> Option<f64> {
        let analyser = self.level.as_ref()?;
        let mut heard = [0_u8; 128];
        analyser.get_byte_time_domain_data(&mut heard);
        Some(heard.iter().map(|sample| f64::from(sample.abs_diff(128)) / 128.0).fold(0.0, f64::max))
    }

    fn elapsed_ms(&self) -> f64 {
        js_sys::Date::now() - self.began_ms
    }

    fn end(self) -> Ending {
        Box::pin(self.finish())
    }

    fn release(&self) {
        for track in self.stream.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
        if let Some(context) = &self.context {
            // A context that is closed already has nothing left to close.
            let _ = context.close();
        }
    }
}
