//! Every sentence that is read aloud has its sound in both languages, and no sound has none.

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_sentence_that_is_read_aloud_has_its_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wanted = BTreeSet::new();
    for language in ["zh", "en"] {
        let text = std::fs::read_to_string(folder.join(format!("locales/{language}.toml"))).unwrap();
        let (_, aloud) = text.split_once("[aloud]\n").unwrap();
        let names = aloud.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
        wanted.extend(names.map(|name| format!("{language}-{name}.ogg")));
    }
    let files = std::fs::read_dir(folder.join("public/speech")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
    let sounds: BTreeSet<String> = names.filter(|name| name.ends_with(".ogg")).collect();
    assert_eq!(sounds, wanted);
    assert!(wanted.len() > 20);
}
