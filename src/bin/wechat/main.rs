//! Starts the residents' app inside WeChat.

fn main() {
    woodlark::start();
}
