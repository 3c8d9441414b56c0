//! The pages that work without the program: the answer to the plain form, a case's progress, the developers' codes.
//! Plain HTML with the app's own style sheet; every value is escaped on its way in.

use crate::messages::say;
use std::fmt::Write as _;
use woodlark_domain::Language;

/// Text for HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A whole page round a body that is HTML already.
#[must_use]
pub fn page(language: Language, title: &str, style: Option<&str>, body: &str) -> String {
    let (code, brand) = match language {
        Language::Zh => ("zh-CN", say(language, "page", "brand")),
        Language::En => ("en", say(language, "page", "brand")),
    };
    let style =
        style.map_or_else(String::new, |path| format!("<link rel=\"stylesheet\" href=\"{}\">", escape(path)));
    format!(
        "<!doctype html><html lang=\"{code}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
         <title>{title} · {brand}</title>{style}<body class=\"plain\"><main class=\"plain-page\">{body}</main></body></html>",
        title = escape(title),
    )
}

/// What a page about a case says: rows of a label and a value, and a timeline.
#[derive(Debug, Default)]
pub struct CasePage {
    /// Its public number.
    pub number: String,
    /// Where it stands, in words.
    pub state: String,
    /// By when it is promised, in words.
    pub promised: Option<String>,
    /// Each step: what, and when with who.
    pub steps: Vec<(String, String)>,
    /// Addresses of its thumbnails.
    pub photos: Vec<String>,
    /// The address of this page.
    pub own: String,
}

/// The page of a case.
#[must_use]
pub fn case_page(language: Language, case: &CasePage) -> String {
    let say = |key: &'static str| escape(say(language, "page", key));
    let mut body = format!(
        "<h1>{}</h1><p>{}</p><p class=\"plain-number\" data-test=\"sent-number\">{}</p><p>{}</p>\
         <dl><dt>{}</dt><dd data-test=\"state\">{}</dd>",
        say("sent_title"),
        say("sent_lead"),
        escape(&case.number),
        say("sent_keep"),
        say("state"),
        escape(&case.state),
    );
    if let Some(promised) = &case.promised {
        let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", say("promised"), escape(promised));
    }
    body.push_str("</dl>");
    for (number, photo) in case.photos.iter().enumerate() {
        let _ = write!(
            body,
            "<img class=\"plain-photo\" src=\"{}\" alt=\"{} {}\">",
            escape(photo),
            say("photos"),
            number + 1
        );
    }
    let _ = write!(body, "<h2>{}</h2><ol>", say("timeline"));
    for (what, when) in &case.steps {
        let _ = write!(body, "<li><b>{}</b> <span>{}</span></li>", escape(what), escape(when));
    }
    let _ = write!(
        body,
        "</ol><p><a href=\"{}\">{}</a> · <a href=\"/\">{}</a></p>",
        escape(&case.own),
        say("refresh"),
        say("home")
    );
    body
}

/// The page of a form that was refused.
#[must_use]
pub fn refusal_page(language: Language, sentences: &[String]) -> String {
    let say = |key: &'static str| escape(say(language, "page", key));
    let mut body = format!("<h1>{}</h1><div role=\"alert\">", say("problem_title"));
    for sentence in sentences {
        let _ = write!(body, "<p>{}</p>", escape(sentence));
    }
    let _ = write!(body, "</div><p>{}</p><p><a href=\"/\">{}</a></p>", say("problem_lead"), say("back"));
    body
}

/// The page of codes that were sent lately.
#[must_use]
pub fn codes_page(language: Language, codes: &[(String, String)]) -> String {
    let mut body = format!("<h1>{}</h1>", escape(say(language, "page", "dev_codes_title")));
    if codes.is_empty() {
        let _ = write!(body, "<p>{}</p>", escape(say(language, "page", "dev_codes_none")));
    }
    for (phone, code) in codes {
        let _ = write!(body, "<p>{} <b data-test=\"code\">{}</b></p>", escape(phone), escape(code));
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_never_becomes_markup() {
        let case = CasePage { number: "<script>\"'&".to_owned(), ..CasePage::default() };
        let page = case_page(Language::En, &case);
        assert!(page.contains("&lt;script&gt;&quot;&#39;&amp;") && !page.contains("<script>"));
    }
}
