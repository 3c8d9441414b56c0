//! What people say: sentences that fit a category, places that fit a town, notes that fit a step.

use crate::data::{DataError, Street, phrases};
use crate::random::Random;
use std::collections::HashMap;
use woodlark_domain::report::Reason;
use woodlark_domain::{AreaCode, CategoryCode};

/// Sentences by what they are for, in each language.
#[derive(Debug)]
pub(crate) struct Phrases(HashMap<&'static str, [Vec<&'static str>; 2]>);

/// One in so many reports is in English.
const ENGLISH: f64 = 0.08;

impl Phrases {
    pub(crate) fn read() -> Result<Self, DataError> {
        let mut sentences: HashMap<&'static str, [Vec<&'static str>; 2]> = HashMap::new();
        for (key, chinese, text) in phrases()? {
            let [zh, en] = sentences.entry(key).or_default();
            if chinese { zh.push(text) } else { en.push(text) }
        }
        Ok(Self(sentences))
    }

    fn of(&self, key: &str, english: bool) -> &[&'static str] {
        self.0.get(key).map_or(&[], |[zh, en]| if english { en } else { zh })
    }

    fn one(&self, key: &str, english: bool, random: &mut Random) -> &'static str {
        random.pick(self.of(key, english)).copied().unwrap_or_default()
    }

    /// Whether a category has anything to say.
    pub(crate) fn knows(&self, category: &CategoryCode) -> bool {
        !self.of(category.as_str(), false).is_empty()
    }

    /// A note, a reason, a reply.
    pub(crate) fn note(&self, key: &str, random: &mut Random) -> Option<Reason> {
        Reason::new(self.one(key, false, random)).ok()
    }

    /// A rating's words, in either language.
    pub(crate) fn rating(&self, stars: u8, random: &mut Random) -> &'static str {
        let key = match stars {
            4.. => "rate5",
            3 => "rate3",
            _ => "rate1",
        };
        let english = !self.of(key, true).is_empty() && random.chance(ENGLISH);
        self.one(key, english, random)
    }

    /// What a resident says of a matter of this category, and the place in words.
    pub(crate) fn report(
        &self,
        category: &CategoryCode,
        streets: &[&Street],
        random: &mut Random,
    ) -> (String, String) {
        let english = random.chance(ENGLISH) && !self.of(category.as_str(), true).is_empty();
        let place = self.place(streets, english, random);
        let said = self.one(category.as_str(), english, random).replace("{p}", &place);
        let lead = if !english && random.chance(0.4) { self.one("lead", false, random) } else { "" };
        let tail = if random.chance(0.7) { self.one("tail", english, random) } else { "" };
        (format!("{lead}{said}{tail}"), place)
    }

    fn place(&self, streets: &[&Street], english: bool, random: &mut Random) -> String {
        let mut name = |landmark: bool| {
            let fit: Vec<&&Street> = streets.iter().filter(|street| street.is_landmark == landmark).collect();
            let street = random.pick(&fit).map(|street| &street.name);
            street.map_or("", |name| if english { &name.en } else { &name.zh }).to_owned()
        };
        let (road, other, landmark) = (name(false), name(false), name(true));
        let number = (random.below(400) + 1).to_string();
        let shape = self.one("place", english, random);
        let other = if other == road { landmark.clone() } else { other };
        shape.replace("{r}", &road).replace("{s}", &other).replace("{l}", &landmark).replace("{n}", &number)
    }
}

/// The streets of each town.
pub(crate) fn by_town(streets: &[Street]) -> HashMap<&AreaCode, Vec<&Street>> {
    let mut towns: HashMap<&AreaCode, Vec<&Street>> = HashMap::new();
    for street in streets {
        towns.entry(&street.town).or_default().push(street);
    }
    towns
}

impl Phrases {
    /// No sentences at all.
    pub(crate) fn none() -> Self {
        Self(HashMap::new())
    }
}
