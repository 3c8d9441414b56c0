//! One page a file, read top to bottom as it looks.

pub mod audit;
pub mod case;
pub mod figures;
pub mod invitation;
pub mod me;
pub mod sign_in;
pub mod staff;
pub mod stretch;
pub mod work;
