//! The figures of a period, and the cases behind them.

use super::queue::QueueCount;
use crate::city::Label;
use serde::{Deserialize, Serialize};
use woodlark_domain::Timestamp;
use woodlark_domain::figures::{Dimension, Measure};

/// What figures are asked for. Days are texts like `2026-11-24`, in the city's own zone, by when cases came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FiguresAsked {
    /// What they are broken down by.
    #[cfg_attr(feature = "openapi", param(value_type = String))]
    pub by: Dimension,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// The figures of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FiguresView {
    /// The measures, in the order of each row's numbers.
    pub measures: Vec<Measure>,
    /// A row for each key, the one with most reports first.
    pub rows: Vec<FiguresRow>,
}

/// The figures of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FiguresRow {
    /// The key: a town's code, a department's, …; empty where the case has none.
    pub key: String,
    /// Its name.
    pub name: Label,
    /// A number for each measure.
    pub counts: Vec<i64>,
}

/// What a screen on a wall shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardView {
    /// The city's name.
    pub city: Label,
    /// When it was read.
    pub at: Timestamp,
    /// How many wait in each queue of work, and how many are overdue.
    pub waiting: Vec<QueueCount>,
    /// The measures, in the order of each row's numbers.
    pub measures: Vec<Measure>,
    /// A row for each day of the last thirty, oldest first; its key is the day.
    pub days: Vec<FiguresRow>,
    /// The departments to which most of those days' cases went, those with most first.
    pub departments: Vec<FiguresRow>,
}
