//! The demonstration city as data, and the maker of realistic past cases.
