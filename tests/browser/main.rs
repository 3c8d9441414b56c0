//! The whole, driven through a real browser against the real server.
