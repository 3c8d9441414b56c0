//! Where things happen and who is there: the grids with their towns, the streets, the staff by what they do.

use crate::City;
use crate::data::{Entry, Street};
use crate::random::Random;
use crate::staff::StaffMember;
use crate::words::by_town;
use std::collections::HashMap;
use woodlark_domain::case::Actor;
use woodlark_domain::place::{Area, AreaLevel};
use woodlark_domain::{AreaCode, Door, Position, Role, UserId};

/// One grid.
#[derive(Debug)]
pub(super) struct Spot<'a> {
    pub(super) grid: &'a Area,
    pub(super) streets: Vec<&'a Street>,
    /// Accounts and kiosks of its town.
    pub(super) entries: Vec<&'a Entry>,
    pub(super) verifiers: Vec<&'a StaffMember>,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    spots: Vec<Spot<'a>>,
    centre: HashMap<Role, Vec<&'a StaffMember>>,
    handlers: HashMap<&'a str, Vec<&'a StaffMember>>,
}

impl<'a> Ground<'a> {
    pub(super) fn of(city: &'a City) -> Self {
        let streets = by_town(&city.streets);
        let grids = city.areas.iter().filter(|area| area.level == AreaLevel::Grid);
        let spots = grids.filter_map(|grid| {
            let town = AreaCode::new(grid.code.as_str().get(..9)?).ok()?;
            let entries = city.entries.iter().filter(|entry| town.is_within(&entry.area)).collect();
            let verifiers = city
                .staff
                .iter()
                .filter(|one| one.role == Role::Verifier && one.area.as_ref() == Some(&town));
            let streets = streets.get(&town).cloned().unwrap_or_default();
            Some(Spot { grid, streets, entries, verifiers: verifiers.collect() })
        });
        let mut ground = Self { spots: spots.collect(), centre: HashMap::new(), handlers: HashMap::new() };
        for one in &city.staff {
            match &one.department {
                Some(department) => ground.handlers.entry(department.as_str()).or_default().push(one),
                None => ground.centre.entry(one.role).or_default().push(one),
            }
        }
        ground
    }

    pub(super) fn spot(&self, random: &mut Random) -> Option<&Spot<'a>> {
        random.pick(&self.spots)
    }

    /// Somebody at the centre in this role.
    pub(super) fn staff(&self, role: Role, random: &mut Random) -> Option<Actor> {
        random.pick(self.centre.get(&role)?).map(|one| one.actor())
    }

    /// Somebody of this department.
    pub(super) fn handler(&self, department: &str, random: &mut Random) -> Option<Actor> {
        random.pick(self.handlers.get(department)?).map(|one| one.actor())
    }
}

impl<'a> Spot<'a> {
    /// A verifier of the town who isn't one of these.
    pub(super) fn verifier(&self, except: &[UserId], random: &mut Random) -> Option<Actor> {
        let free: Vec<&&StaffMember> =
            self.verifiers.iter().filter(|one| !except.contains(&one.user)).collect();
        random.pick(&free).map(|one| one.actor())
    }

    pub(super) fn entry(&self, door: Door, random: &mut Random) -> Option<&'a Entry> {
        let fit: Vec<&&Entry> = self.entries.iter().filter(|entry| entry.door == door).collect();
        random.pick(&fit).map(|entry| **entry)
    }

    /// Somewhere in the grid.
    pub(super) fn somewhere(&self, random: &mut Random) -> Option<Position> {
        let shape = self.grid.shape.as_ref()?;
        let bounds = shape.bounds()?;
        for _ in 0..40 {
            let (lon, lat) =
                (random.between(bounds.west, bounds.east), random.between(bounds.south, bounds.north));
            let place = Position::new(lon, lat).ok()?;
            // Not within metres of its border, where a datum's last millimetre would decide.
            if shape.contains(place) && edges(lon, lat).iter().all(|place| shape.contains(*place)) {
                return Some(place);
            }
        }
        self.grid.label
    }
}

/// Two metres to each side.
fn edges(lon: f64, lat: f64) -> Vec<Position> {
    const NEAR: f64 = 0.000_02;
    let around = [(lon - NEAR, lat), (lon + NEAR, lat), (lon, lat - NEAR), (lon, lat + NEAR)];
    around.iter().filter_map(|(lon, lat)| Position::new(*lon, *lat).ok()).collect()
}
