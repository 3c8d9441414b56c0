//! What a page may give away of itself.

/// What others are shown when a page is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// In a line.
    pub title: String,
    /// In a line or two.
    pub text: String,
    /// The page's path; never one that only its reader may open.
    pub path: String,
    /// The path of a picture that anyone may see; none for the app's own.
    pub picture: Option<String>,
}

/// What the page of now is to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Anyone may open it.
    Open(Card),
    /// Its reader's own: the place offers no way to hand it on.
    Private,
}
