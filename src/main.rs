//! Starts the resident's app in the page.

fn main() {
    woodlark::start();
}
