//! The city as the app needs it: names, categories, the map, and what has been reported nearby.

use serde::{Deserialize, Serialize};
use woodlark_domain::{AreaCode, CaseId, CategoryCode, ContentHash, Kind, Position, State, Timestamp};

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Label {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The name in this language.
    #[must_use]
    pub fn in_language(&self, language: woodlark_domain::Language) -> &str {
        match language {
            woodlark_domain::Language::Zh => &self.zh,
            woodlark_domain::Language::En => &self.en,
        }
    }
}

/// A closed line of longitude and latitude pairs, WGS-84; the first point is not repeated.
pub type Ring = Vec<[f64; 2]>;

/// The city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityView {
    /// Its six digits.
    pub adcode: String,
    /// Its name.
    pub name: Label,
    /// West, south, east, north.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>))]
    pub bounds: [f64; 4],
    /// Its outline.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<Vec<f64>>>))]
    pub outline: Vec<Ring>,
    /// Its towns, simplified, for the map.
    pub towns: Vec<AreaShape>,
    /// A number to call when nothing else works.
    pub hotline: String,
}

/// An area's name and place in the tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaView {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: Label,
}

/// An area with its border.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaShape {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: Label,
    /// Where its name is written.
    pub at: Position,
    /// Its border.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<Vec<f64>>>))]
    pub rings: Vec<Ring>,
}

/// A category that a resident may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    /// Its code.
    pub code: CategoryCode,
    /// For which kind.
    pub kind: Kind,
    /// Its name.
    pub name: Label,
    /// Its class's name.
    pub class: Label,
    /// Other words that people use for it, both languages.
    pub keywords: String,
}

/// A case like the one being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlikeRow {
    /// The case.
    pub id: CaseId,
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Its category's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// A photo, where one is approved for everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<ContentHash>,
    /// Metres from the position asked about.
    pub metres: f64,
    /// When the server took it.
    pub received_at: Timestamp,
    /// How many others met it too.
    pub joiners: u32,
    /// The reader reported or joined it already.
    pub mine: bool,
}
