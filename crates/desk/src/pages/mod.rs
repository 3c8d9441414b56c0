//! One page a file, read top to bottom as it looks.

pub mod audit;
pub mod board;
pub mod case;
pub mod city;
pub mod figures;
pub mod invitation;
pub mod kiosks;
pub mod me;
pub mod near;
pub mod rewards;
pub mod sign_in;
pub mod staff;
mod staff_list;
pub mod stretch;
pub mod undo_line;
pub mod waiting;
pub mod work;
