//! Saying something of a case: once, whatever the network does, and with words when it could not be said.

use crate::device;
use leptos::prelude::*;
use woodlark_domain::limits::WORDS_CHARS;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, api, t};
use woodlark_wire::CaseView;

/// One thing that is being said. Nothing typed is lost before the server has it.
#[derive(Clone, Copy)]
pub(super) struct Saying {
    /// What is typed.
    pub(super) words: RwSignal<String>,
    /// It is on its way.
    pub(super) busy: RwSignal<bool>,
    /// Why it could not be said.
    pub(super) why: RwSignal<Option<String>>,
    /// The body that was tried last, and its key: the same again is the same event.
    tried: StoredValue<(String, String)>,
}

impl Saying {
    pub(super) fn new() -> Self {
        Self {
            words: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            why: RwSignal::new(None),
            tried: StoredValue::default(),
        }
    }

    /// The field that is typed into.
    pub(super) fn field(self, id: &str, rows: &str, hint: &str) -> El {
        el("textarea", "")
            .attr("id", id)
            .attr("rows", rows)
            .attr("placeholder", hint)
            .test(id)
            .prop("value", move || self.words.get().into())
            .typed(move |text| self.words.set(text))
    }

    /// The button that sends it, and what keeps it from being sent.
    pub(super) fn end(self, class: &str, hook: &str, name: &'static str, send: impl Fn() + 'static) -> El {
        let trouble = move || {
            self.why.get().map(|why| {
                el("p", "trouble").attr("role", "alert").child(icon("alert")).child(span("", &why))
            })
        };
        let send = button(class, send)
            .test(hook)
            .bind("disabled", move || self.busy.get().then(String::new))
            .says(move || if self.busy.get() { t().outbox_sending } else { name }.to_owned());
        el("div", "").dynamic(trouble).child(el("div", "row-end").child(send))
    }

    /// What was typed, without the white space round it; none, and why, where there is too much of it.
    pub(super) fn read(self) -> Option<String> {
        let words = self.words.with_untracked(|words| words.trim().to_owned());
        let over = words.chars().count().saturating_sub(WORDS_CHARS);
        self.why.set((over > 0).then(|| t().report_error_words(&over.to_string())));
        (over == 0).then_some(words)
    }

    /// Posts a body and answers the case as it stands then; tried again after no answer, it is still said once.
    pub(super) async fn post(self, address: &str, body: String) -> Result<CaseView, Fault> {
        let known = self.tried.try_get_value().unwrap_or_default();
        let key = if known.0 == body { known.1 } else { device::new_id().to_string() };
        self.tried.try_update_value(|tried| *tried = (body.clone(), key.clone()));
        api::read(&api::send("POST", address, &key, Some(&body)).await?)
    }

    /// It ended: with nothing more to say, or with why.
    pub(super) fn ended(self, fault: Option<&Fault>) {
        let _ = self.busy.try_set(false);
        let _ = self.why.try_set(fault.map(Fault::words));
        if fault.is_none() {
            let _ = self.words.try_set(String::new());
        }
    }
}
