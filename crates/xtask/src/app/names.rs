//! The names by which the program and its glue know each other. As the tools write them each has a hash in it, which no
//! compression takes out, twice over: 7 KB of a first view. Served, they are a letter or two.

use crate::Outcome;
use std::collections::HashMap;

/// How the glue is named as a module when it is served.
const MODULE: &str = "g";

const UNREAD: &str = "the program is no WebAssembly that is understood here";

/// The program and the glue with short names for all that passes between them. What the glue never asks for is no longer
/// handed out.
pub(super) fn shorten(program: &[u8], glue: &[u8], name: &str) -> Outcome<(Vec<u8>, Vec<u8>)> {
    let module = format!("./{name}_bg.js");
    let glue = std::str::from_utf8(glue).map_err(|error| error.to_string())?;
    let mut names = Names {
        asked: words(glue).filter_map(|(word, of)| of.then_some(word)).collect(),
        module: &module,
        ..Names::default()
    };
    let program = names.program(program).ok_or(UNREAD)?;
    let mut short = String::with_capacity(glue.len());
    let mut rest = glue;
    for (word, of_program) in words(glue) {
        let known = if of_program { &names.out } else { &names.into };
        let Some((before, after)) = rest.split_once(word) else { continue };
        short.push_str(before);
        short.push_str(known.get(word).map_or(word, String::as_str));
        rest = after;
    }
    short.push_str(rest);
    if let Some(lost) = names.into.keys().find(|name| !glue.contains(name.as_str())) {
        return Err(format!("the glue does not have {lost}"));
    }
    Ok((program, short.replace(&module, MODULE).into_bytes()))
}

/// The program, handing out no more than the glue asks for. All keeps its name.
pub(super) fn only_asked(program: &[u8], glue: &str) -> Outcome<Vec<u8>> {
    let asked = words(glue).filter_map(|(word, of)| of.then_some(word)).collect();
    let mut names = Names { asked, keep: true, ..Names::default() };
    names.program(program).ok_or_else(|| UNREAD.to_owned())
}

/// What a program takes from its glue.
pub(super) fn taken(program: &[u8]) -> Outcome<Vec<String>> {
    let mut names = Names { keep: true, ..Names::default() };
    names.program(program).ok_or(UNREAD)?;
    Ok(names.into.into_keys().collect())
}

/// Every word of the glue, and whether it is asked of the program (`wasm.word`).
fn words(glue: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut before = "";
    glue.split_inclusive(|letter: char| !is_of_word(letter)).map(move |piece| {
        let word = piece.trim_end_matches(|letter: char| !is_of_word(letter));
        let of_program = before == "wasm.";
        before = piece;
        (word, of_program)
    })
}

fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$')
}

#[derive(Default)]
struct Names<'a> {
    /// How the glue is named as a module when it is built.
    module: &'a str,
    /// What the glue asks of the program.
    asked: std::collections::HashSet<&'a str>,
    /// No name becomes shorter.
    keep: bool,
    /// What the program takes from the glue, and its short name.
    into: HashMap<String, String>,
    /// What it hands out.
    out: HashMap<String, String>,
}

impl Names<'_> {
    fn program(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut from = Reader(bytes);
        let mut out = from.take(8)?.to_vec();
        while !from.0.is_empty() {
            let section = from.byte()?;
            let length = from.number()?;
            let content = from.take(length)?;
            let content = match section {
                2 => self.imports(Reader(content))?,
                7 => self.exports(Reader(content))?,
                _ => content.to_vec(),
            };
            out.push(section);
            push_number(&mut out, content.len());
            out.extend(content);
        }
        Some(out)
    }

    fn imports(&mut self, mut from: Reader<'_>) -> Option<Vec<u8>> {
        let count = from.number()?;
        let mut out = Vec::new();
        push_number(&mut out, count);
        for index in 0..count {
            let module = from.text()?;
            let shorter = module == self.module && !self.keep;
            push_text(&mut out, if shorter { MODULE } else { module });
            let name = from.text()?;
            let short = if shorter { short(index) } else { name.to_owned() };
            push_text(&mut out, &short);
            out.extend(from.kind()?);
            self.into.insert(name.to_owned(), short);
        }
        Some(out)
    }

    fn exports(&mut self, mut from: Reader<'_>) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        for index in 0..from.number()? {
            let name = from.text()?;
            let short = if self.keep { name.to_owned() } else { short(index) };
            let (kind, of) = (from.byte()?, from.number()?);
            if self.asked.contains(name) {
                push_text(&mut out, &short);
                out.push(kind);
                push_number(&mut out, of);
                self.out.insert(name.to_owned(), short);
            }
        }
        let mut counted = Vec::new();
        push_number(&mut counted, self.out.len());
        counted.extend(out);
        Some(counted)
    }
}

/// `a` to `z`, then `aa` and so on.
fn short(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'a' + u8::try_from(index % 26).unwrap_or_default()));
        match (index / 26).checked_sub(1) {
            Some(next) => index = next,
            None => return letters.into_iter().rev().collect(),
        }
    }
}

/// The binary form of WebAssembly, as far as names go.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// Seven bits a byte, low ones first.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for place in 0..5 {
            let byte = self.byte()?;
            number |= usize::from(byte & 127) << (7 * place);
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// What an import is: a function, table, memory, global or tag, with its type.
    fn kind(&mut self) -> Option<&'a [u8]> {
        let whole = self.0;
        match self.byte()? {
            0 => drop(self.number()?),
            1 => {
                self.byte()?;
                self.limits()?;
            }
            2 => self.limits()?,
            3 => drop(self.take(2)?),
            4 => {
                self.byte()?;
                self.number()?;
            }
            _ => return None,
        }
        whole.get(..whole.len() - self.0.len())
    }

    fn limits(&mut self) -> Option<()> {
        let has_most = self.byte()? & 1 == 1;
        self.number()?;
        if has_most {
            self.number()?;
        }
        Some(())
    }
}

fn push_number(out: &mut Vec<u8>, mut number: usize) {
    while number > 127 {
        out.push(u8::try_from(number & 127).unwrap_or_default() | 128);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or_default());
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    push_number(out, text.len());
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One import of a function, one export that is asked for and one that is not.
    fn program() -> Vec<u8> {
        let mut imports = vec![1];
        push_text(&mut imports, "./app_bg.js");
        push_text(&mut imports, "__wbg_now_0123456789abcdef");
        imports.extend([0, 0]);
        let mut exports = vec![2];
        for (name, index) in [("main", 1), ("__wbindgen_start", 0)] {
            push_text(&mut exports, name);
            exports.extend([0, index]);
        }
        let mut program = b"\0asm\x01\0\0\0".to_vec();
        for (section, content) in [(2, imports), (7, exports)] {
            program.push(section);
            push_number(&mut program, content.len());
            program.extend(content);
        }
        program
    }

    #[test]
    fn both_sides_get_the_same_short_names_and_what_nobody_asks_for_is_gone() {
        let glue = "const i = { __wbg_now_0123456789abcdef: () => 1 }; init({ './app_bg.js': i }); \
                    wasm.__wbindgen_start(); main();";
        let (small, short) = shorten(&program(), glue.as_bytes(), "app").unwrap();
        assert_eq!(
            String::from_utf8(short).unwrap(),
            "const i = { a: () => 1 }; init({ 'g': i }); wasm.b(); main();"
        );
        let mut names = Names { asked: ["b"].into(), module: MODULE, ..Names::default() };
        assert_eq!(names.program(&small).map(|again| again.len()), Some(small.len()));
        assert_eq!((names.into.len(), names.out.len()), (1, 1));
    }

    #[test]
    fn a_glue_that_lacks_a_name_is_no_glue_of_this_program() {
        assert!(shorten(&program(), b"wasm.main()", "app").is_err());
        assert!(shorten(b"no program", b"", "app").is_err());
    }

    #[test]
    fn names_grow_when_letters_run_out() {
        assert_eq!([0, 25, 26, 701, 702].map(short), ["a", "z", "aa", "zz", "aaa"]);
    }
}
