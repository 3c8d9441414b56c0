//! Starts the desk in its page.

fn main() {
    woodlark_desk::start();
}
