//! A new content of a part on its way: read from what was handed in, and judged beside the other parts.

use crate::app::App;
use crate::edge::{ApiError, ApiResult};
use crate::jobs::reload_city;
use std::sync::Arc;
use woodlark_domain::ProposalId;
use woodlark_domain::city::{Content, Part, Used};
use woodlark_domain::dispatch::{Rule, next_code, with_rule};
use woodlark_store::city::{self, City, ProposalState};
use woodlark_tables::{Fault, Known, read_csv, read_geojson};
use woodlark_wire::{CitySource, ProblemCode};

/// A content that could stand, and what it is made against.
pub(super) struct Candidate {
    pub(super) city: Arc<City>,
    pub(super) before: Content,
    /// What it would hold, or everything that must be put right first.
    pub(super) after: Result<Content, Vec<Fault>>,
    pub(super) restored: Option<u32>,
    pub(super) proposal: Option<ProposalId>,
    pub(super) used: Used,
}

/// Reads a candidate: against the version that the asker saw, or not at all.
pub(super) async fn candidate(app: &App, part: Part, base: u32, source: CitySource) -> ApiResult<Candidate> {
    reload_city(app.clone()).await;
    let data = app.city();
    let (restored, proposal) = match &source {
        CitySource::Version { number } => (Some(*number), None),
        CitySource::Proposal { id } => (None, Some(*id)),
        CitySource::Csv { .. } | CitySource::Geojson { .. } => (None, None),
    };
    let rules = data.data().rules.clone();
    let read = app.store.read(move |conn| {
        let standing = city::parts(conn)?.into_iter().find(|one| one.part == part);
        if standing.map(|one| one.number) != Some(base) {
            return Ok(Err(ProblemCode::CityMoved));
        }
        let Some(before) = city::content(conn, part, base)? else { return Ok(Err(ProblemCode::NotFound)) };
        let kept = match (restored, proposal) {
            (Some(number), _) => city::content(conn, part, number)?,
            (None, Some(id)) if part == Part::Rules => {
                let found = city::proposal(conn, id)?.filter(|one| one.state == ProposalState::Open);
                found.map(|one| Content::Rules(with_proposal(&rules, one)))
            }
            (None, _) => None,
        };
        Ok(Ok((before, kept, city::used(conn)?)))
    });
    let (before, kept, used) = read.await?.map_err(ApiError::from)?;
    if (restored.is_some() || proposal.is_some()) && kept.is_none() {
        return Err(ApiError::not_found());
    }
    // A large file takes a while, and others are answered meanwhile.
    let areas = data.data().areas.clone();
    let judged = tokio::task::spawn_blocking(move || {
        let after = match (source, kept) {
            (CitySource::Csv { text }, _) => read_csv(part, &text, &areas),
            (CitySource::Geojson { text, datum }, _) => read_geojson(&text, datum).map(Content::Areas),
            (CitySource::Version { .. } | CitySource::Proposal { .. }, Some(kept)) => Ok(kept),
            (CitySource::Version { .. } | CitySource::Proposal { .. }, None) => Err(Vec::new()),
        };
        after.and_then(|after| if after.part() == part { Ok(after) } else { Err(Vec::new()) })
    });
    let after = judged.await.map_err(|error| ApiError::internal(&error))?;
    let after = after.and_then(|after| {
        let faults = woodlark_tables::faults(&after, &known(&data), &used);
        if faults.is_empty() { Ok(after) } else { Err(faults) }
    });
    if after.as_ref().is_err_and(Vec::is_empty) {
        // GeoJSON of something that has no outlines.
        return Err(ApiError::not_found());
    }
    Ok(Candidate { city: data, before, after, restored, proposal, used })
}

/// The rules that stand, with what is proposed among them.
fn with_proposal(rules: &[Rule], one: city::Proposal) -> Vec<Rule> {
    let code = next_code(rules);
    let rule = Rule {
        code,
        category: one.category,
        area: one.area,
        department: one.department,
        automatic: one.automatic,
    };
    with_rule(rules, rule)
}

/// The other parts as they stand.
pub(super) fn known(city: &City) -> Known<'_> {
    let data = city.data();
    Known {
        areas: &data.areas,
        departments: &data.departments,
        categories: &data.categories,
        rules: &data.rules,
        entries: &data.entries,
        gifts: &data.gifts,
    }
}
