//! One page a file; each reads from top to bottom as what a person sees.

pub mod check;
pub mod entries;
pub mod overview;
pub mod points;
pub mod roots;
pub mod thanks;
