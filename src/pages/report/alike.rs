//! "Has someone already reported this?" Asked while it is written; joining is one tap.

use super::form::Form;
use crate::app::{App, use_app};
use crate::outbox::sender;
use crate::router::Route;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, api, messages, t};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{AlikeRow, ProblemCode};

/// How many are shown.
const SHOWN: usize = 3;

/// What was reported nearby, if anything was.
pub(super) fn section(form: Form) -> AnyView {
    let rows = RwSignal::new(Vec::<AlikeRow>::new());
    Effect::new(move |_| {
        let (kind, category, fix) = (form.kind.get(), form.category.get(), form.fix.get());
        let Some(fix) = fix else { return rows.set(Vec::new()) };
        spawn_local(async move {
            let asked = path::alike(kind, category.as_ref(), fix.raw);
            let found = api::get(&asked).await.unwrap_or_default();
            let _ = rows.try_set(found);
        });
    });
    let list = move || {
        let all = rows.get();
        (!all.is_empty()).then(|| {
            let cards: Vec<_> = all.iter().take(SHOWN).map(row).collect();
            view! {
                <section class="card" aria-labelledby="alike" data-test="alike">
                    <h2 id="alike">{t().report_alike}</h2><ul class="rows">{cards}</ul>
                </section>
            }
        })
    };
    view! { {list} }.into_any()
}

fn row(alike: &AlikeRow) -> AnyView {
    let app = use_app();
    let id = alike.id;
    let joining = RwSignal::new(alike.mine);
    let name = alike.category.as_ref().map(|label| label.in_language(messages::language()).to_owned());
    let name = name.unwrap_or_else(|| messages::kind(alike.kind).to_owned());
    let thumb = alike.photo.map(|hash| {
        view! { <img class="thumb tiny" src=path::photo(id, hash, PhotoSize::Thumb) alt="" loading="lazy"/> }
    });
    let metres = format!("{}", alike.metres.round());
    let joiners = (alike.joiners > 0).then(|| format!(" · {}", t().report_alike_joiners(&alike.joiners.to_string())));
    let why = RwSignal::new(None::<String>);
    let join = move |_| {
        joining.set(true);
        spawn_local(async move {
            if let Err(fault) = join(app, id).await {
                let _ = joining.try_set(false);
                let _ = why.try_set(Some(fault.words()));
            }
        });
    };
    let mine = alike.mine;
    view! {
        <li class="row">
            {thumb}
            <span class="row-body">
                <b>{name}</b>
                <span class="soft">{t().report_alike_row(&metres, messages::state(alike.state))}{joiners}</span>
                {move || why.get().map(|why| view! { <span class="late">{why}</span> })}
            </span>
            {if mine {
                view! { <span class="soft">{t().report_alike_mine}</span> }.into_any()
            } else {
                view! {
                    <button type="button" class="btn small praise" data-test="join" disabled=move || joining.get() on:click=join>
                        {icon("plus")}{t().report_alike_join}
                    </button>
                }
                .into_any()
            }}
        </li>
    }
    .into_any()
}

/// Joins a case; the account of this device is made if it has none yet.
async fn join(app: App, id: woodlark_domain::CaseId) -> Result<(), Fault> {
    let address = path::join(id);
    let key = format!("{id}-join");
    match api::send("POST", &address, &key, None).await {
        Err(fault) if fault.code() == Some(ProblemCode::NotSignedIn) => {
            sender::sign_in().await?;
            api::send("POST", &address, &key, None).await?
        }
        answer => answer?,
    };
    app.outbox.said.set(t().report_alike_joined.into());
    app.live.notice();
    app.router.replace(Route::Case(id));
    Ok(())
}
