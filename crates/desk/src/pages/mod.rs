//! One page a file, read top to bottom as it looks.

pub mod case;
pub mod invitation;
pub mod me;
pub mod sign_in;
pub mod staff;
pub mod work;
