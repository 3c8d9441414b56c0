//! Where something is: WGS-84 always, kept with what the source gave.

use crate::kind::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// The geodetic datum that a source speaks.
    Datum {
        /// GPS, and what we keep.
        Wgs84 = "wgs84",
        /// Tencent and AMap.
        Gcj02 = "gcj02",
        /// Baidu.
        Bd09 = "bd09",
    }
}

closed_list! {
    /// How a position was come by.
    FixSource {
        /// The device's own location service.
        Device = "device",
        /// A tap on the map.
        Map = "map",
        /// A photo's metadata.
        Photo = "photo",
        /// Where the kiosk stands.
        Station = "station",
        /// Named by another system.
        Other = "other",
    }
}

/// A coordinate that is no place on earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PositionError {
    /// Longitude outside −180 to 180, or not a number.
    #[error("longitude must lie between -180 and 180")]
    Longitude,
    /// Latitude outside −90 to 90, or not a number.
    #[error("latitude must lie between -90 and 90")]
    Latitude,
}

/// Longitude and latitude in degrees, both finite and on the earth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPosition")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Position {
    lon: f64,
    lat: f64,
}

#[derive(Deserialize)]
struct RawPosition {
    lon: f64,
    lat: f64,
}

impl TryFrom<RawPosition> for Position {
    type Error = PositionError;
    fn try_from(raw: RawPosition) -> Result<Self, PositionError> {
        Self::new(raw.lon, raw.lat)
    }
}

impl Position {
    /// A position of these degrees.
    ///
    /// # Errors
    /// [`PositionError`] says which of the two lies off the earth.
    pub fn new(lon: f64, lat: f64) -> Result<Self, PositionError> {
        if !(-180.0..=180.0).contains(&lon) {
            return Err(PositionError::Longitude);
        }
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PositionError::Latitude);
        }
        Ok(Self { lon, lat })
    }

    /// Degrees east.
    #[must_use]
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }
}

/// What a source said about where something is: the raw position in the source's own datum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fix {
    /// As given, in `datum`.
    pub raw: Position,
    /// The datum of `raw`.
    pub datum: Datum,
    /// How it was come by.
    pub source: FixSource,
    /// Radius in metres within which the source believes it is, if it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
}
