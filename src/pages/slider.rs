//! Before and after of a case, where it has both.

use woodlark_ui::el::El;
use woodlark_ui::slider;
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{CaseView, PhotoStage};

/// The first photo of before and the last of afterwards under one slider.
pub(super) fn slider(case: &CaseView) -> Option<El> {
    let before = case.photos.iter().find(|photo| photo.stage == PhotoStage::Before)?;
    let after = case.photos.iter().rfind(|photo| photo.stage == PhotoStage::After)?;
    let address = |photo: &woodlark_wire::PhotoView| path::photo(case.id, photo.hash, PhotoSize::Full);
    Some(slider::slider(&address(before), &address(after)))
}
