//! Where ids and the day come from: the system at work, a seed in tests.

use crate::{
    edit::Environment,
    model::{Key, Person},
};

/// Ids from the system's random numbers, the day from its clock.
#[derive(Debug, Default)]
pub struct SystemEnvironment;

/// Ids from a seed, and always the same day.
#[derive(Debug)]
pub struct SeededEnvironment {
    state: u64,
}

impl SeededEnvironment {
    /// The same seed gives the same ids in the same order.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// `SplitMix64`, the usual generator to stretch a seed.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[derive(Debug)]
enum Chance {
    System(SystemEnvironment),
    Seeded(SeededEnvironment),
}

/// The environment of a session: chance, day, and who works.
#[derive(Debug)]
pub struct WorkEnvironment {
    chance: Chance,
    person: Option<Person>,
    session: Option<Key>,
}

impl WorkEnvironment {
    /// The real one.
    pub fn system(person: Option<Person>) -> Self {
        Self { chance: Chance::System(SystemEnvironment), person, session: None }
    }

    /// A repeatable one.
    pub fn seeded(seed: u64, person: Option<Person>) -> Self {
        Self { chance: Chance::Seeded(SeededEnvironment::new(seed)), person, session: None }
    }

    /// Fixes the key of the session, as tests do.
    #[must_use]
    pub fn with_session(self, key: Option<Key>) -> Self {
        Self { session: key, ..self }
    }

    /// The key of a new session.
    pub fn session_key(&mut self) -> Key {
        let random = self.random();
        self.session.clone().unwrap_or_else(|| Key::short_from_random(random))
    }

    /// Says who works.
    pub fn set_person(&mut self, person: Option<Person>) {
        self.person = person;
    }
}

impl Environment for WorkEnvironment {
    fn random(&mut self) -> [u8; 16] {
        match &mut self.chance {
            Chance::System(_) => uuid::Uuid::new_v4().into_bytes(),
            Chance::Seeded(seeded) => {
                let (high, low) = (seeded.next(), seeded.next());
                ((u128::from(high) << 64) | u128::from(low)).to_be_bytes()
            }
        }
    }

    fn today(&self) -> String {
        match self.chance {
            Chance::System(_) => {
                let today = time::OffsetDateTime::now_utc().date();
                format!("{:04}-{:02}-{:02}", today.year(), u8::from(today.month()), today.day())
            }
            Chance::Seeded(_) => "2026-11-20".to_owned(),
        }
    }

    fn minute(&self) -> String {
        match self.chance {
            Chance::System(_) => {
                let now = time::OffsetDateTime::now_utc();
                format!("{}T{:02}:{:02}Z", self.today(), now.hour(), now.minute())
            }
            Chance::Seeded(_) => "2026-11-20T14:05Z".to_owned(),
        }
    }

    fn person(&self) -> Option<&Person> {
        self.person.as_ref()
    }
}
