//! The mask tool: a finger paints opaque strokes over faces and plates; what lies beneath is gone for good.

use super::photo;
use crate::el::{El, button, el};
use crate::signal::RwSignal;
use crate::{sheet, t};
use core::cell::RefCell;
use core::future::Future;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap, PointerEvent};

/// A stroke: the points that the finger passed, in the photo's pixels.
type Stroke = Vec<(f64, f64)>;

/// The painting of one photo.
#[derive(Clone)]
struct Painting {
    canvas: HtmlCanvasElement,
    strokes: Rc<RefCell<Vec<Stroke>>>,
    picture: Rc<RefCell<Option<ImageBitmap>>>,
    /// The finger is down.
    down: RwSignal<bool>,
    /// How many strokes there are.
    count: RwSignal<usize>,
}

/// The canvas and its buttons, inside a full-screen sheet. `photo` brings the photo, `done` receives the new one.
pub fn mask(photo: impl Future<Output = Option<Blob>> + 'static, done: impl Fn(Blob) + 'static) -> El {
    mask_in(photo, done, sheet::close)
}

/// The same wherever it stands: `close` is called once it is done, whether anything was covered or not.
pub fn mask_in(
    photo: impl Future<Output = Option<Blob>> + 'static,
    done: impl Fn(Blob) + 'static,
    close: impl Fn() + Copy + 'static,
) -> El {
    let canvas = el("canvas", "mask").test("mask");
    let painting = Painting {
        canvas: canvas.cast(),
        strokes: Rc::default(),
        picture: Rc::default(),
        down: RwSignal::new(false),
        count: RwSignal::new(0),
    };
    let (down, count) = (painting.down, painting.count);
    let opened = painting.clone();
    spawn_local(async move {
        if let Some(file) = photo.await {
            opened.open(file).await;
        }
    });
    let (begun, moved, undone, finished) = (painting.clone(), painting.clone(), painting.clone(), painting);
    let done = Rc::new(done);
    let finish = move || {
        let (painting, done) = (finished.clone(), done.clone());
        spawn_local(async move {
            if count.get_untracked() > 0
                && let Ok(file) = photo::encode(&painting.canvas).await
            {
                done(file);
            }
            close();
        });
    };
    let canvas = canvas
        .on("pointerdown", move |event| begun.begin(event.unchecked_ref()))
        .on("pointermove", move |event| moved.go_on(event.unchecked_ref()))
        .on("pointerup", move |_| down.set(false))
        .on("pointerleave", move |_| down.set(false));
    let undo = button("btn ghost", move || undone.undo())
        .bind("disabled", move || (count.get() == 0).then(String::new))
        .text(t().report_mask_undo);
    let finish = button("btn", finish).test("mask-done").text(t().app_done);
    el("div", "stack")
        .child(el("p", "soft").text(t().report_mask_hint))
        .child(canvas)
        .child(el("div", "row-end").child(undo).child(finish))
}

impl Painting {
    async fn open(self, file: Blob) {
        let Ok(canvas) = photo::canvas_of(&file).await else { return };
        let Ok(promise) = window().create_image_bitmap_with_html_canvas_element(&canvas) else { return };
        let Ok(bitmap) = JsFuture::from(promise).await else { return };
        self.picture.replace(Some(bitmap.unchecked_into()));
        self.redraw();
    }

    fn redraw(&self) {
        self.count.set(self.strokes.borrow().len());
        draw(&self.canvas, self.picture.borrow().as_ref(), &self.strokes.borrow());
    }

    fn begin(&self, event: &PointerEvent) {
        event.prevent_default();
        self.down.set(true);
        self.strokes.borrow_mut().push(vec![point(&self.canvas, event)]);
        self.redraw();
    }

    fn go_on(&self, event: &PointerEvent) {
        if !self.down.get_untracked() {
            return;
        }
        if let Some(stroke) = self.strokes.borrow_mut().last_mut() {
            stroke.push(point(&self.canvas, event));
        }
        self.redraw();
    }

    fn undo(&self) {
        self.strokes.borrow_mut().pop();
        self.redraw();
    }
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
fn point(canvas: &HtmlCanvasElement, event: &PointerEvent) -> (f64, f64) {
    let shown = canvas.get_bounding_client_rect();
    let scale = f64::from(canvas.width()) / shown.width().max(1.0);
    (
        (f64::from(event.client_x()) - shown.left()) * scale,
        (f64::from(event.client_y()) - shown.top()) * scale,
    )
}
