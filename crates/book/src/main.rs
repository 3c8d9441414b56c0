//! Starts the ledger in its page.

fn main() {
    woodlark_book::start();
}
