//! AMR made playable: what WeChat records plays in no desktop browser. Whatever a stranger sends as AMR costs a bounded time and
//! memory here, and what can't be read ends what is played, not what is kept.

use codec_core::codecs::amr::{AmrCodec, AmrFrameType, AmrStorageReader, AmrVariant};
use codec_core::types::{CodecConfig, CodedFrame, VariableRateCodec as _};

/// The most that is played: a recording has sixty seconds, and phones end it late.
const SECONDS_MAX: usize = 90;
/// A frame is twenty milliseconds.
const FRAMES_MAX: usize = SECONDS_MAX * 50;
/// Samples a second: AMR is a telephone's voice.
const RATE: u32 = 8_000;
/// Bytes of a sample.
const DEPTH: u32 = 2;
/// Bytes of a WAV before its samples.
const HEAD: u32 = 44;

/// No sound comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one frame of AMR at 8 kHz")]
pub struct AmrError;

/// A recording in AMR as a WAV, 16 bits at 8 kHz, up to its first frame that can't be read.
///
/// # Errors
/// [`AmrError`] where nothing at all can be read: the other AMR (16 kHz, or of several channels) among it.
pub fn amr_to_wav(bytes: &[u8]) -> Result<Vec<u8>, AmrError> {
    let mut frames = AmrStorageReader::new(bytes).map_err(|_| AmrError)?;
    if frames.variant() != AmrVariant::NarrowBand {
        return Err(AmrError);
    }
    let mut codec = AmrCodec::new(&CodecConfig::amr_nb()).map_err(|_| AmrError)?;
    let mut samples = Vec::new();
    let mut mode = 0;
    for _ in 0..FRAMES_MAX {
        let Ok(Some(frame)) = frames.next_frame() else { break };
        let mut coded = match frame.frame_type {
            AmrFrameType::Speech(spoken) => {
                mode = spoken.index();
                CodedFrame::speech(mode, frame.data)
            }
            AmrFrameType::Sid(_) => CodedFrame::comfort_noise(frame.data),
            // What goes on is as it was.
            AmrFrameType::NoData => CodedFrame { mode, ..CodedFrame::no_data() },
            AmrFrameType::SpeechLost => CodedFrame { mode, ..CodedFrame::lost() },
        };
        coded.quality_ok = frame.quality_ok;
        let Ok(heard) = codec.decode_frame(&coded) else { break };
        samples.extend(heard.iter().flat_map(|sample| sample.to_le_bytes()));
    }
    if samples.is_empty() { Err(AmrError) } else { Ok(wav(&samples)) }
}

/// One channel of 16 bits behind the head of a WAV.
fn wav(samples: &[u8]) -> Vec<u8> {
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    let mut file = Vec::with_capacity(samples.len().saturating_add(HEAD as usize));
    file.extend(b"RIFF");
    file.extend(length.saturating_add(HEAD - 8).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // Plain samples, one channel.
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * DEPTH).to_le_bytes());
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples);
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    /// Two seconds that the library of 3GPP's reference (opencore-amrnb) encoded: speech in four modes, and between it silence
    /// that is only described (SID, NO_DATA).
    const VOICE: &[u8] = include_bytes!("../../../../tests/voice/two_seconds.amr");
    /// What that library makes of it again, sample by sample.
    const HEARD: &str = "7776c0d90c221288124d05df974f4fb13904cc2b31fe7e6a3de623941bdcaef1";

    #[test]
    fn a_recording_sounds_as_the_reference_says_sample_by_sample() {
        let wav = amr_to_wav(VOICE).unwrap();
        assert_eq!(wav.len(), 44 + 2 * 8_000 * 2);
        assert_eq!((&wav[..4], &wav[8..16], &wav[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
        assert_eq!(wav[4..8], 32_036_u32.to_le_bytes());
        assert_eq!(wav[40..44], 32_000_u32.to_le_bytes());
        let heard: String = Sha256::digest(&wav[44..]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(heard, HEARD);
    }

    #[test]
    fn what_was_cut_is_played_up_to_there_and_what_is_none_is_refused() {
        let frame = 1 + 12;
        let cut = amr_to_wav(&VOICE[..6 + 3 * frame + 5]).unwrap();
        assert_eq!(cut.len(), 44 + 3 * 320);
        let reserved = [&VOICE[..6 + frame], &[9 << 3], &VOICE[6 + frame..]].concat();
        assert_eq!(amr_to_wav(&reserved).unwrap().len(), 44 + 320);
        for none in
            [&b""[..], b"#!AMR", b"#!AMR\n", b"#!AMR\n\x04", b"#!AMR-WB\n\x04", b"#!AMR_MC1.0\n", b"RIFF"]
        {
            assert_eq!(amr_to_wav(none), Err(AmrError), "{none:?}");
        }
    }

    #[test]
    fn four_megabytes_of_empty_frames_are_ninety_seconds() {
        let mut long = b"#!AMR\n".to_vec();
        long.resize(4 * 1024 * 1024, 15 << 3);
        assert_eq!(amr_to_wav(&long).unwrap().len(), 44 + 90 * 8_000 * 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn whatever_stands_in_the_frames_does_no_harm(
            frames in prop::collection::vec((0_u8..16, any::<bool>(), prop::collection::vec(any::<u8>(), 31)), 1..40),
        ) {
            let lengths = [12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0];
            let mut file = b"#!AMR\n".to_vec();
            for (kind, good, bits) in frames {
                file.push(kind << 3 | u8::from(good) << 2);
                file.extend(&bits[..lengths[usize::from(kind)]]);
            }
            let _ = amr_to_wav(&file);
        }

        #[test]
        fn nor_does_any_other_file(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = amr_to_wav(&[b"#!AMR\n", &bytes[..]].concat());
        }
    }
}
