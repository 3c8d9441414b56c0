//! Saying something of a case: once, whatever the network does, and with words when it could not be said.

use crate::device;
use woodlark_domain::limits::WORDS_CHARS;
use woodlark_ui::RwSignal;
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
    /// The body that was tried last: the same again, under the same key, is the same event.
    tried: RwSignal<String>,
    key: RwSignal<String>,
    case: RwSignal<Option<CaseView>>,
}

impl Saying {
    /// Nothing is said of this case yet.
    pub(super) fn new(case: RwSignal<Option<CaseView>>) -> Self {
        Self {
            words: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            why: RwSignal::new(None),
            tried: RwSignal::new(String::new()),
            key: RwSignal::new(String::new()),
            case,
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

    /// Posts a body, and shows the case as it stands then; tried again after no answer, it is still said once.
    pub(super) async fn post(self, address: &str, body: String) -> Result<(), Fault> {
        if self.tried.try_get_untracked().as_ref() != Some(&body) {
            let _ = self.key.try_set(device::new_id().to_string());
            let _ = self.tried.try_set(body.clone());
        }
        let key = self.key.try_get_untracked().unwrap_or_default();
        let case = api::read(&api::send("POST", address, &key, Some(&body)).await?)?;
        let _ = self.words.try_set(String::new());
        let _ = self.case.try_set(Some(case));
        Ok(())
    }

    /// It ended, well or not.
    pub(super) fn ended(self, said: Result<(), Fault>) -> bool {
        let _ = self.busy.try_set(false);
        let _ = self.why.try_set(said.as_ref().err().map(Fault::words));
        said.is_ok()
    }
}
