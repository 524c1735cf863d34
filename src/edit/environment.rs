//! Everything that planning must not know by itself: chance, the day, who works. Tests bring their own.

use crate::model::{Id, Key, Person};

/// Where ids and the day come from.
pub trait Environment {
    /// Sixteen random bytes.
    fn random(&mut self) -> [u8; 16];

    /// The day, UTC, as `2026-11-20`.
    fn today(&self) -> String;

    /// The minute, UTC, as `2026-11-20T14:05Z`: only decisions and comments carry one.
    fn minute(&self) -> String;

    /// Who works: id, initials, roles. `None` until the user has said so.
    fn person(&self) -> Option<&Person>;

    /// A new id for a record that many people make.
    fn new_id<T>(&mut self) -> Id<T>
    where
        Self: Sized,
    {
        Key::from_random(self.random()).into()
    }
}
