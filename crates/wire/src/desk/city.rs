//! The city's data at the desk: its parts and their versions, a part as a table, what a change would do, and applying it.

use crate::city::Label;
use serde::{Deserialize, Serialize};
use woodlark_domain::city::{Column, FaultCode, NoteCode, Part, Purpose};
use woodlark_domain::{
    AreaCode, CaseId, CategoryCode, ContentHash, Datum, DepartmentCode, ProposalId, TemplateCode, Timestamp,
};

/// A version of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartVersionView {
    /// Of which part.
    pub part: Part,
    /// Counted from 1.
    pub number: u32,
    /// Of what it holds: two versions that hold the same have the same.
    pub hash: ContentHash,
    /// How many things it holds.
    pub rows: u64,
    /// What was said beside it.
    pub note: String,
    /// Who applied it; none for the program itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The version that was brought back with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<u32>,
}

/// The parts as they stand, and what waits for a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityParts {
    /// Which version of the whole this is.
    pub version: i64,
    /// The version of each part that stands.
    pub parts: Vec<PartVersionView>,
    /// Corrections that are to become dispatch rules, oldest first.
    pub proposals: Vec<ProposalView>,
}

/// A correction that is to become a dispatch rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalView {
    /// Its id.
    pub id: ProposalId,
    /// The category and all its descendants; none is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CodeName>,
    /// The area and all within it; none is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<CodeName>,
    /// Where it goes.
    pub department: CodeName,
    /// Whether it may go without a person.
    pub automatic: bool,
    /// The case that was corrected.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Who proposes it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A code and what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeName {
    /// The code.
    pub code: String,
    /// The name.
    pub name: Label,
}

/// What the cells of a column may be chosen from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ColumnChoices {
    /// The column.
    pub column: Column,
    /// The choices, in their order.
    pub options: Vec<CodeName>,
}

/// A part as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartTable {
    /// Which version this is.
    pub version: PartVersionView,
    /// Whether it is the one that stands.
    pub stands: bool,
    /// The columns, the naming one first.
    pub columns: Vec<Column>,
    /// The rows, each with as many cells as there are columns, in the form that a file has them in.
    pub rows: Vec<Vec<String>>,
    /// What the cells of some columns are chosen from.
    pub choices: Vec<ColumnChoices>,
}

/// Which version of a part is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct PartAsked {
    /// Its number; the one that stands without it.
    #[serde(default)]
    pub number: Option<u32>,
}

/// Which two versions of a part are to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct CompareAsked {
    /// The number of the earlier one.
    pub from: u32,
    /// The number of the later one.
    pub to: u32,
}

/// In which form a part is asked for as a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PartForm {
    /// CSV.
    #[default]
    Csv,
    /// GeoJSON; areas alone.
    Geojson,
}

/// Which version of a part is asked for as a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct FileAsked {
    /// Its number; the one that stands without it.
    #[serde(default)]
    pub number: Option<u32>,
    /// `csv` or `geojson`.
    #[serde(default)]
    pub form: PartForm,
    /// The datum of the positions of GeoJSON: `wgs84` without it.
    #[serde(default)]
    pub datum: Option<Datum>,
}

/// Where the new content of a part comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum CitySource {
    /// A table: a file, or rows that were edited.
    Csv {
        /// The file's text.
        text: String,
    },
    /// Areas with their outlines.
    Geojson {
        /// The file's text.
        text: String,
        /// The datum that its positions are in.
        datum: Datum,
    },
    /// A version that was there before.
    Version {
        /// Its number.
        number: u32,
    },
    /// The dispatch rules that stand, with a proposal among them.
    Proposal {
        /// The proposal.
        id: ProposalId,
    },
}

/// A change that is to be looked at; nothing is changed by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityChange {
    /// The version that it is made against.
    pub base: u32,
    /// The new content.
    pub source: CitySource,
}

/// A change that was looked at and is to stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityApply {
    /// The version that it is made against.
    pub base: u32,
    /// What the preview called it.
    pub hash: ContentHash,
    /// Why, for those who look at it later.
    pub note: String,
    /// The new content.
    pub source: CitySource,
}

/// What a change would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityPreview {
    /// The version that it is made against.
    pub base: u32,
    /// Names the new content; none where something must be put right first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<ContentHash>,
    /// What must be put right first: the first two hundred.
    pub faults: Vec<CityFault>,
    /// How many there are in all.
    pub faults_in_all: u32,
    /// What else it means.
    pub notes: Vec<CityNote>,
    /// What it changes.
    pub changes: CityChanges,
}

/// What is different between two versions of a part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityChanges {
    /// Rows that are new.
    pub added: u32,
    /// Rows that say something else.
    pub changed: u32,
    /// Rows that go.
    pub removed: u32,
    /// The first two hundred of them.
    pub rows: Vec<RowChange>,
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RowFate {
    /// It is new.
    Added,
    /// It says something else.
    Changed,
    /// It goes.
    Removed,
}

/// A row that is not as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowChange {
    /// What happened to it.
    pub fate: RowFate,
    /// What names it.
    pub key: String,
    /// What people call it; empty for what has no name.
    pub name: Label,
    /// The cells that differ.
    pub cells: Vec<CellChange>,
}

/// A cell that says something else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellChange {
    /// Which.
    pub column: Column,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// Something that must be put right first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityFault {
    /// The line of the file, or the number of the feature; 0 for the whole of it.
    pub line: u32,
    /// The column, where it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Column>,
    /// What is wrong.
    pub code: FaultCode,
    /// What stands there.
    pub value: String,
    /// How many, or in which other line, where the code says so.
    pub count: u64,
}

/// Something that a change brings with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CityNote {
    /// What.
    pub code: NoteCode,
    /// Of what.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// What a correction could become: the choices from narrow to wide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleOffer {
    /// The case's category, then those above it.
    pub categories: Vec<CodeName>,
    /// The case's area, then those above it.
    pub areas: Vec<CodeName>,
    /// Where it was sent.
    pub department: CodeName,
}

/// A correction is to become a dispatch rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewProposal {
    /// The category and all its descendants; none is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryCode>,
    /// The area and all within it; none is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// Where it goes: the department that the case was sent to.
    pub department: DepartmentCode,
    /// Whether it may go without a person.
    pub automatic: bool,
}

/// Words to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateView {
    /// Its code.
    pub code: TemplateCode,
    /// What it is for.
    pub purpose: Purpose,
    /// The words.
    pub words: Label,
}
