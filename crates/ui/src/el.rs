//! Elements: a small builder that makes DOM nodes at once and lets Leptos's signals move what changes.
//!
//! Typed views (`view!`) make a program of their own for each shape of each view: 295 KB of the app's first build.
//! Here every element is the same type and every closure is boxed, so the code of a page is little more than the
//! calls it is written in. What is made inside [`El::dynamic`] is let go when that part is drawn anew.

use leptos::prelude::{RenderEffect, StoredValue, document};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, Node};

/// An element under construction.
#[derive(Clone)]
pub struct El(Element);

/// An HTML element with a class; an empty class is none.
#[must_use]
pub fn el(tag: &str, class: &str) -> El {
    made(document().create_element(tag), class)
}

/// An SVG element with a class.
#[must_use]
pub fn svg(tag: &str, class: &str) -> El {
    made(document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag), class)
}

/// A button that does something, with a class.
#[must_use]
pub fn button(class: &str, act: impl Fn() + 'static) -> El {
    let button = el("button", class).attr("type", "button");
    listen(&button.0, "click", Box::new(move |_| act()));
    button
}

/// A piece of text in an inline element with a class.
#[must_use]
pub fn span(class: &str, text: &str) -> El {
    el("span", class).text(text)
}

fn made(node: Result<Element, JsValue>, class: &str) -> El {
    // Tag names are ours and well-formed; an element that cannot be made is an empty comment of the body's kind.
    let node = node.unwrap_or_else(|_| JsCast::unchecked_into(document().create_text_node("")));
    let el = El(node);
    if class.is_empty() { el } else { el.attr("class", class) }
}

impl El {
    /// An element that stands in the page already.
    #[must_use]
    pub fn of(node: Element) -> Self {
        Self(node)
    }

    /// The node itself.
    #[must_use]
    pub fn node(&self) -> &Element {
        &self.0
    }

    /// The node as the kind that its tag makes it.
    #[must_use]
    pub fn cast<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    /// With an attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        // Names are ours and well-formed.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// With an attribute that has no value, or without it.
    #[must_use]
    pub fn flag(self, name: &str, on: bool) -> Self {
        if on { self.attr(name, "") } else { self }
    }

    /// With a hook for browser tests.
    #[must_use]
    pub fn test(self, name: &str) -> Self {
        self.attr("data-test", name)
    }

    /// With a text after what it holds.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.hold(&document().create_text_node(text));
        self
    }

    /// With an element after what it holds.
    #[must_use]
    pub fn child(self, child: El) -> Self {
        self.hold(&child.0);
        self
    }

    /// With an element, if there is one.
    #[must_use]
    pub fn maybe(self, child: Option<El>) -> Self {
        if let Some(child) = child { self.child(child) } else { self }
    }

    /// With each of these.
    #[must_use]
    pub fn each(self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            self.hold(&child.0);
        }
        self
    }

    /// With a part that is drawn anew whenever a signal in it changes.
    #[must_use]
    pub fn dynamic(self, make: impl Fn() -> Option<El> + 'static) -> Self {
        region(&self.0, Box::new(make));
        self
    }

    /// With a text that follows its signals.
    #[must_use]
    pub fn says(self, say: impl Fn() -> String + 'static) -> Self {
        follow_text(&self.0, Box::new(say));
        self
    }

    /// With an attribute that follows its signals; none takes it away.
    #[must_use]
    pub fn bind(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        follow_attribute(self.0.clone(), name, Box::new(value));
        self
    }

    /// With a property of the node that follows its signals.
    #[must_use]
    pub fn prop(self, name: &'static str, value: impl Fn() -> JsValue + 'static) -> Self {
        follow_property(self.0.clone(), name, Box::new(value));
        self
    }

    /// With something to do when an event comes.
    #[must_use]
    pub fn on(self, event: &str, act: impl FnMut(Event) + 'static) -> Self {
        listen(&self.0, event, Box::new(act));
        self
    }

    /// With something to do with what was typed.
    #[must_use]
    pub fn typed(self, act: impl Fn(String) + 'static) -> Self {
        listen_to_typing(&self.0, Box::new(act));
        self
    }

    /// Its only content from now on.
    pub fn fill(&self, child: &El) {
        self.0.set_text_content(None);
        self.hold(&child.0);
    }

    fn hold(&self, child: &Node) {
        // A node can always be appended to an element that is not inside it.
        let _ = self.0.append_child(child);
    }
}

/// What a field holds.
#[must_use]
pub fn value(node: &JsValue) -> String {
    js_sys::Reflect::get(node, &"value".into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

/// Runs now, and again when a signal in it changes, until its owner is let go.
pub fn effect(mut run: Box<dyn FnMut()>) {
    StoredValue::new_local(RenderEffect::new(move |_: Option<()>| run()));
}

// What follows is compiled once; above, each call brings no more than its own closure.

fn follow_text(parent: &Element, say: Box<dyn Fn() -> String>) {
    let text = document().create_text_node("");
    // A node can always be appended to an element that is not inside it.
    let _ = parent.append_child(&text);
    effect(Box::new(move || text.set_data(&say())));
}

fn follow_attribute(node: Element, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
    effect(Box::new(move || {
        // Names are ours and well-formed.
        let _ = match value() {
            Some(value) => node.set_attribute(name, &value),
            None => node.remove_attribute(name),
        };
    }));
}

fn follow_property(node: Element, name: &'static str, value: Box<dyn Fn() -> JsValue>) {
    effect(Box::new(move || drop(js_sys::Reflect::set(&node, &name.into(), &value()))));
}

fn listen_to_typing(node: &Element, act: Box<dyn Fn(String)>) {
    let field = node.clone();
    listen(node, "input", Box::new(move |_| act(value(&field))));
}

fn region(parent: &Element, make: Box<dyn Fn() -> Option<El>>) {
    let end = document().create_text_node("");
    // A node can always be appended to an element that is not inside it.
    let _ = parent.append_child(&end);
    let mut shown: Option<Element> = None;
    effect(Box::new(move || {
        let made = make();
        if let Some(old) = shown.take() {
            old.remove();
        }
        if let (Some(made), Some(parent)) = (made, end.parent_node()) {
            // The end marker is where it was put.
            let _ = parent.insert_before(&made.0, Some(&end));
            shown = Some(made.0);
        }
    }));
}

fn listen(node: &Element, event: &str, act: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(act);
    // Adding a listener cannot fail.
    let _ = node.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    StoredValue::new_local(closure);
}
