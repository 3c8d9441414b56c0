//! Starts the kiosk in its page.

fn main() {
    woodlark_kiosk::start();
}
