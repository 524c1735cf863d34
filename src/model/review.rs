//! The editor's side: policies, decisions and comments. Read and kept whole here; the review desk works on them.

use super::{Document, Id, Key, Kind, Person, RawJson, Source};

part! {
    /// One question of a review policy.
    PolicyItem {
        /// The key that answers name it by.
        must key: String,
        /// The question.
        must text: String,
        /// What a "no" does: `block`, `block_claim`, `warn`, `escalate`.
        must on_no: String,
        /// Whose rule it is.
        may provenance: String,
        /// The named rule that fills it in from the annotations.
        may prefill: String,
        /// The rank that may override a "no".
        may rank "override": String,
    }
}

record! {
    /// A review policy. A version never changes; a new one is a new record.
    Policy, Kind::Policy, {
        /// A plain key with its version: `desk-light.1`.
        must id: Id<Policy>,
        /// The name for people.
        must name: String,
        /// The questions in order.
        must items: Vec<PolicyItem>,
    }
}

record! {
    /// One decision on one source in one document. Never edited; a later one names those that it follows.
    Decision, Kind::Decision, {
        /// Its id, a UUID v4.
        must id: Id<Decision>,
        /// The document that it is about.
        must document: Id<Document>,
        /// The source that it is about.
        must source: Id<Source>,
        /// The decisions that it follows; more than one newest is a conflict to decide.
        must after: Vec<Id<Decision>>,
        /// The state before.
        must from: String,
        /// The state after.
        must to: String,
        /// Answers to the policy's questions.
        may answers: Option<RawJson>,
        /// Why.
        may note: String,
        /// The outcome for each claim.
        may outcomes: Option<RawJson>,
        /// The policy that it was made under.
        may policy: Option<Id<Policy>>,
        /// Digests of what was judged, from which *stale* is computed.
        may judged: Option<RawJson>,
        /// Who decided.
        may by: Option<Id<Person>>,
        /// The role in which they decided.
        may role: String,
        /// When, to the minute, UTC.
        may at: String,
    }
}

record! {
    /// A remark on any record.
    Comment, Kind::Comment, {
        /// Its id, a UUID v4.
        must id: Id<Comment>,
        /// The record that it is about, or the comment that it answers.
        must on: Key,
        /// The remark.
        must text: String,
        /// Whether it is settled.
        must resolved: bool,
        /// Who wrote it.
        may by: Option<Id<Person>>,
        /// When, to the minute, UTC.
        may at: String,
    }
}
