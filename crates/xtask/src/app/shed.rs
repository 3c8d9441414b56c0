//! What a library hands out to scripts and no script asks for: the program carries it, since whatever is handed out might be
//! called. Leptos brings a crate with three such classes of streams. Here the glue lets go of them, the program hands them out no
//! more, and what only they called is taken out: nearly 2 KB of a first view.

use super::names;
use crate::Outcome;
use crate::say::target;
use std::ffi::OsStr;
use std::process::Command;

/// What today's compiler emits, and nothing newer: the browsers that can run the program stay the same.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// For size, over a control flow that is written anew: what the compiler left twisted packs worse, by 1 % of a first view. Of the
/// lowest kilobyte the program knows nothing: the stack's far end lies there, reached only where it overflows anyway. What made it and
/// with which features nobody reads in a browser.
const SMALLER: [&str; 8] = [
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "-Oz",
    "--strip-producers",
    "--strip-target-features",
];

/// The program and the glue without what nobody asks for.
pub(super) fn shed(program: &[u8], glue: &[u8], path: &OsStr) -> Outcome<(Vec<u8>, Vec<u8>)> {
    let glue = std::str::from_utf8(glue).map_err(|error| error.to_string())?;
    let glue = without_classes(glue)?;
    let program = smaller(&names::only_asked(program, &glue)?, path)?;
    let glue = without_functions(&glue, &names::taken(&program)?);
    Ok((program, glue.into_bytes()))
}

/// Has what nobody can reach any more taken out.
pub(super) fn smaller(program: &[u8], path: &OsStr) -> Outcome<Vec<u8>> {
    let folder = target().join("xtask/shed");
    let fault = |error: std::io::Error| error.to_string();
    std::fs::create_dir_all(&folder).map_err(fault)?;
    let (from, to) = (folder.join("in.wasm"), folder.join("out.wasm"));
    std::fs::write(&from, program).map_err(fault)?;
    let done = Command::new("wasm-opt")
        .args(FEATURES)
        .args(SMALLER)
        .args([&from, std::path::Path::new("-o"), &to])
        .env("PATH", path)
        .output()
        .map_err(|error| format!("wasm-opt could not be started: {error}"))?;
    if !done.status.success() {
        return Err(format!("wasm-opt failed:\n{}", String::from_utf8_lossy(&done.stderr)));
    }
    std::fs::read(&to).map_err(fault)
}

/// The glue without the classes that it exports, none of which a page of ours makes.
fn without_classes(glue: &str) -> Outcome<String> {
    let mut glue = glue.to_owned();
    while let Some((before, rest)) = glue.split_once("export class ") {
        let (name, _) = rest.split_once(' ').ok_or("the glue has a class without a name")?;
        let (_, after) = rest.split_once("\n}\n").ok_or("the glue has a class without an end")?;
        let own = [format!("if (Symbol.dispose) {name}."), format!("const {name}Finalization ")];
        let mut whole = [before, after].concat();
        for line in own {
            // A statement of one line or more: it ends with the first line that ends with a semicolon.
            if let Some((before, rest)) = whole.split_once(&line) {
                let (_, after) = rest.split_once(";\n").ok_or("the glue has a statement without an end")?;
                whole = [before, after].concat();
            }
        }
        glue = whole;
    }
    Ok(glue)
}

/// The glue without the functions that the program no longer takes. Each stands in a table, indented by eight.
fn without_functions(glue: &str, taken: &[String]) -> String {
    let mut out = String::with_capacity(glue.len());
    let mut dropping = false;
    for line in glue.split_inclusive('\n') {
        let entry = line.strip_prefix("        ").filter(|rest| !rest.starts_with([' ', '}']));
        let name = entry.and_then(|rest| rest.split_once(": function")).map(|(name, _)| name);
        if let Some(name) = name.filter(|name| name.starts_with("__wb")) {
            dropping = !taken.iter().any(|one| one == name);
        }
        if !dropping {
            out.push_str(line);
        }
        if line.starts_with("        }") {
            dropping = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_goes_with_all_that_belongs_to_it() {
        let glue = "export class Sink {\n    close() {\n        wasm.sink_close(1);\n    }\n}\n\
                    if (Symbol.dispose) Sink.prototype[Symbol.dispose] = 1;\nlet a = 1;\n\
                    const SinkFinalization = (typeof F === 'undefined')\n    ? { }\n    : new F(1);\nlet b;\n";
        assert_eq!(without_classes(glue).unwrap(), "let a = 1;\nlet b;\n");
        assert!(without_classes("export class Sink {").is_err());
    }

    #[test]
    fn what_the_program_does_not_take_goes_and_the_rest_stays() {
        let glue = "    const table = {\n        __wbg_now_1: function(arg0) {\n            if (arg0) {\n            }\n        },\n        \
                    __wbg_old_2: function() { return handle(function (arg0) {\n            old();\n        }, arguments); },\n        \
                    __wbg_new_3: function() {\n            now();\n        },\n    };\n";
        let left = without_functions(glue, &["__wbg_now_1".to_owned(), "__wbg_new_3".to_owned()]);
        assert!(left.contains("__wbg_now_1") && left.contains("now();") && !left.contains("old"), "{left}");
        assert!(left.ends_with("        },\n    };\n"));
    }
}
