//! Where ids and the day come from: the system at work, a seed in tests.

use crate::{
    edit::Environment,
    model::{Key, Person},
};

/// Ids from the system's random numbers.
#[derive(Debug, Default)]
pub struct SystemEnvironment;

/// Ids from a seed.
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

/// The minute of a seeded environment.
const TEST_MINUTE: &str = "2026-11-20T14:05Z";

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
    now: Option<String>,
}

impl WorkEnvironment {
    /// The real one.
    pub fn system(person: Option<Person>) -> Self {
        Self { chance: Chance::System(SystemEnvironment), person, session: None, now: None }
    }

    /// A repeatable one.
    pub fn seeded(seed: u64, person: Option<Person>) -> Self {
        Self { chance: Chance::Seeded(SeededEnvironment::new(seed)), person, session: None, now: Some(TEST_MINUTE.to_owned()) }
    }

    /// Fixes the key of the session, as tests do.
    #[must_use]
    pub fn with_session(self, key: Option<Key>) -> Self {
        Self { session: key, ..self }
    }

    /// Stops the clock at a minute, UTC, as pictures need it; `None` leaves it running.
    #[must_use]
    pub fn with_minute(self, minute: Option<String>) -> Self {
        Self { now: minute, ..self }
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
        let minute = self.minute();
        minute.split_once('T').map_or(minute.clone(), |(day, _)| day.to_owned())
    }

    fn minute(&self) -> String {
        self.now.clone().unwrap_or_else(|| {
            let now = time::OffsetDateTime::now_utc();
            let (month, day) = (u8::from(now.month()), now.day());
            format!("{:04}-{month:02}-{day:02}T{:02}:{:02}Z", now.year(), now.hour(), now.minute())
        })
    }

    fn person(&self) -> Option<&Person> {
        self.person.as_ref()
    }
}
