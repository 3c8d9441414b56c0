//! The JSON API: its types, paths and problem codes.
