//! The mask tool: a finger paints opaque strokes over faces and plates; what lies beneath is gone for good.

use super::photo;
use crate::outbox::shelf;
use core::cell::RefCell;
use leptos::html::Canvas;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};
use woodlark_domain::ContentHash;
use woodlark_ui::{sheet, t};

/// A stroke: the points that the finger passed, in the photo's pixels.
type Stroke = Vec<(f64, f64)>;

/// The canvas and its buttons, inside a full-screen sheet. `done` receives the new photo.
pub fn mask(hash: ContentHash, done: impl Fn(Blob) + Clone + 'static) -> AnyView {
    let canvas = NodeRef::<Canvas>::new();
    let strokes: Rc<RefCell<Vec<Stroke>>> = Rc::default();
    let picture: Rc<RefCell<Option<ImageBitmap>>> = Rc::default();
    let painting = RwSignal::new(false);
    let painted = RwSignal::new(0_usize);

    let shown = picture.clone();
    spawn_local(async move {
        let Some(file) = shelf::file(hash).await else { return };
        let Ok(promise) = window().create_image_bitmap_with_blob(&file) else { return };
        let Ok(bitmap) = JsFuture::from(promise).await.map(JsCast::unchecked_into::<ImageBitmap>) else { return };
        shown.replace(Some(bitmap));
        if let Some(canvas) = canvas.get_untracked() {
            draw(&canvas, shown.borrow().as_ref(), &[]);
        }
    });

    let redraw = {
        let (strokes, picture) = (strokes.clone(), picture.clone());
        move || {
            painted.set(strokes.borrow().len());
            if let Some(canvas) = canvas.get_untracked() {
                draw(&canvas, picture.borrow().as_ref(), &strokes.borrow());
            }
        }
    };
    let down = {
        let (strokes, redraw) = (strokes.clone(), redraw.clone());
        move |event: leptos::ev::PointerEvent| {
            event.prevent_default();
            let Some(canvas) = canvas.get_untracked() else { return };
            painting.set(true);
            strokes.borrow_mut().push(vec![point(&canvas, &event)]);
            redraw();
        }
    };
    let moved = {
        let (strokes, redraw) = (strokes.clone(), redraw.clone());
        move |event: leptos::ev::PointerEvent| {
            let Some(canvas) = canvas.get_untracked().filter(|_| painting.get_untracked()) else { return };
            if let Some(stroke) = strokes.borrow_mut().last_mut() {
                stroke.push(point(&canvas, &event));
            }
            redraw();
        }
    };
    let undo = move |_| {
        strokes.borrow_mut().pop();
        redraw();
    };
    let finish = move |_| {
        let done = done.clone();
        let Some(canvas) = canvas.get_untracked() else { return };
        spawn_local(async move {
            if painted.get_untracked() > 0
                && let Ok(file) = photo::encode(&canvas).await
            {
                done(file);
            }
            sheet::close();
        });
    };
    view! {
        <p class="soft">{t().report_mask_hint}</p>
        <canvas node_ref=canvas class="mask" data-test="mask" on:pointerdown=down on:pointermove=moved
            on:pointerup=move |_| painting.set(false) on:pointerleave=move |_| painting.set(false)></canvas>
        <div class="row-end">
            <button type="button" class="btn ghost" disabled=move || painted.get() == 0 on:click=undo>
                {t().report_mask_undo}
            </button>
            <button type="button" class="btn" data-test="mask-done" on:click=finish>{t().app_done}</button>
        </div>
    }
    .into_any()
}

fn draw(canvas: &HtmlCanvasElement, picture: Option<&ImageBitmap>, strokes: &[Stroke]) {
    let Some(picture) = picture else { return };
    if canvas.width() != picture.width() || canvas.height() != picture.height() {
        canvas.set_width(picture.width());
        canvas.set_height(picture.height());
    }
    let Ok(Some(pen)) = canvas.get_context("2d") else { return };
    let pen: CanvasRenderingContext2d = pen.unchecked_into();
    // A bitmap that is open can be drawn.
    let _ = pen.draw_image_with_image_bitmap(picture, 0.0, 0.0);
    pen.set_stroke_style_str("#22302b");
    pen.set_line_cap("round");
    pen.set_line_join("round");
    pen.set_line_width(f64::from(picture.width().max(picture.height())) / 16.0);
    for stroke in strokes {
        pen.begin_path();
        for (index, (x, y)) in stroke.iter().enumerate() {
            if index == 0 {
                pen.move_to(*x, *y);
                pen.line_to(*x + 0.1, *y);
            } else {
                pen.line_to(*x, *y);
            }
        }
        pen.stroke();
    }
}

/// The pointer's place in the photo's own pixels.
fn point(canvas: &HtmlCanvasElement, event: &leptos::ev::PointerEvent) -> (f64, f64) {
    let shown = canvas.get_bounding_client_rect();
    let scale = f64::from(canvas.width()) / shown.width().max(1.0);
    ((f64::from(event.client_x()) - shown.left()) * scale, (f64::from(event.client_y()) - shown.top()) * scale)
}
