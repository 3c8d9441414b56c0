//! Names that the desk's forms choose from.

use super::city::TemplateView;
use crate::city::Label;
use serde::{Deserialize, Serialize};
use woodlark_domain::place::AreaLevel;
use woodlark_domain::{AreaCode, DepartmentCode};

/// The departments and areas of the city, in its order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskDirectory {
    /// The departments.
    pub departments: Vec<DepartmentName>,
    /// The areas below the city itself.
    pub areas: Vec<AreaName>,
    /// Words to choose from.
    pub templates: Vec<TemplateView>,
}

/// A department by its code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentName {
    /// Its code.
    pub code: DepartmentCode,
    /// What people call it.
    pub name: Label,
}

/// An area by its code and name, and the area above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaName {
    /// Its code.
    pub code: AreaCode,
    /// What people call it.
    pub name: Label,
    /// Town, community, grid, micro-grid.
    pub level: AreaLevel,
    /// The area above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<AreaCode>,
}
