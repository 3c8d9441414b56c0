//! A photo from the camera or the album: upright, at most 1,600 pixels a side, a JPEG of about 300 KB, with
//! nothing of the camera's data in it, since only its pixels are drawn anew.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, ImageBitmap, Url};
use woodlark_domain::limits::{PHOTO_AIM_BYTES, PHOTO_KEPT_SIDE_PIXELS};

/// The media type that the app sends.
pub const JPEG: &str = "image/jpeg";
/// JPEG qualities, tried until the photo is small enough; the last is taken as it is.
const QUALITIES: [f64; 4] = [0.85, 0.72, 0.6, 0.45];

/// The photo, made small and clean.
///
/// # Errors
/// When the browser cannot read it as a picture.
pub async fn prepare(file: &Blob) -> Result<Blob, JsValue> {
    encode(&canvas_of(file).await?).await
}

/// The photo drawn on a canvas, upright and no larger than what is kept.
///
/// # Errors
/// When the browser cannot read it as a picture.
pub(super) async fn canvas_of(file: &Blob) -> Result<HtmlCanvasElement, JsValue> {
    match bitmap(file).await {
        Ok(bitmap) => drawn(bitmap.width(), bitmap.height(), |pen, width, height| {
            pen.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height)
        }),
        // Browsers below iOS 15 lack the option or the function; an image element turns itself upright.
        Err(_) => image(file).await,
    }
}

/// A canvas as a JPEG of the size aimed at.
///
/// # Errors
/// When the canvas cannot be encoded.
pub async fn encode(canvas: &HtmlCanvasElement) -> Result<Blob, JsValue> {
    let mut best = None;
    for quality in QUALITIES {
        let made = Promise::new(&mut |done, failed| {
            if let Err(why) = canvas.to_blob_with_type_and_encoder_options(&done, JPEG, &quality.into()) {
                let _ = failed.call1(&JsValue::NULL, &why);
            }
        });
        let blob: Blob = JsFuture::from(made).await?.dyn_into()?;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred thousand")]
        let small_enough = blob.size() <= PHOTO_AIM_BYTES as f64;
        best = Some(blob);
        if small_enough {
            break;
        }
    }
    best.ok_or(JsValue::NULL)
}

/// A canvas with a picture drawn on it, scaled to the side that is kept.
fn drawn(
    width: u32,
    height: u32,
    draw: impl FnOnce(&CanvasRenderingContext2d, f64, f64) -> Result<(), JsValue>,
) -> Result<HtmlCanvasElement, JsValue> {
    let longer = width.max(height).max(1);
    let scale = f64::from(PHOTO_KEPT_SIDE_PIXELS.min(longer)) / f64::from(longer);
    let side = |pixels: u32| (f64::from(pixels) * scale).round().max(1.0);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 1,600")]
    {
        canvas.set_width(side(width) as u32);
        canvas.set_height(side(height) as u32);
    }
    let pen: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    // A transparent picture stands on white, as on paper.
    pen.set_fill_style_str("#fff");
    pen.fill_rect(0.0, 0.0, side(width), side(height));
    draw(&pen, side(width), side(height))?;
    Ok(canvas)
}

async fn bitmap(file: &Blob) -> Result<ImageBitmap, JsValue> {
    let make: Function = Reflect::get(&window(), &"createImageBitmap".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"imageOrientation".into(), &"from-image".into())?;
    let made: Promise = make.call2(&window(), file, &options)?.dyn_into()?;
    JsFuture::from(made).await.map(JsCast::unchecked_into)
}

async fn image(file: &Blob) -> Result<HtmlCanvasElement, JsValue> {
    let address = Url::create_object_url_with_blob(file)?;
    let image = HtmlImageElement::new()?;
    let loaded = Promise::new(&mut |done, failed| {
        image.set_onload(Some(&done));
        image.set_onerror(Some(&failed));
    });
    image.set_src(&address);
    let read = JsFuture::from(loaded).await;
    Url::revoke_object_url(&address)?;
    read?;
    drawn(image.natural_width(), image.natural_height(), |pen, width, height| {
        pen.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)
    })
}
