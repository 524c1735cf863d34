//! The editor's side: policies, decisions and comments. Read and kept whole here; the review desk works on them.

use super::{Document, Id, Key, Kind, Person, RawJson, Source};

words! {
    /// How far the review of one source in one document has come.
    ReviewState {
        /// Nobody has looked.
        Unreviewed = "unreviewed",
        /// An editor is at it.
        InReview = "in_review",
        /// Back to the desk.
        NeedsWork = "needs_work",
        /// May run.
        Approved = "approved",
        /// May run under the conditions in the note.
        ApprovedWithConditions = "approved_with_conditions",
        /// May not run.
        Rejected = "rejected",
        /// Needs no review, for the reason in the note.
        NotApplicable = "not_applicable",
    }
}

impl ReviewState {
    /// The state of a word of the file; words that this version does not know count as in review.
    pub fn of(word: &str) -> Self {
        Self::ALL.iter().copied().find(|state| state.word() == word).unwrap_or(Self::InReview)
    }

    /// What deciding so is called.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Unreviewed => "leave unreviewed",
            Self::InReview => "take into review",
            Self::NeedsWork => "send back",
            Self::Approved => "approve",
            Self::ApprovedWithConditions => "approve with conditions",
            Self::Rejected => "reject",
            Self::NotApplicable => "set aside",
        }
    }

    /// The state for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreviewed => "Unreviewed",
            Self::InReview => "In review",
            Self::NeedsWork => "Needs work",
            Self::Approved => "Approved",
            Self::ApprovedWithConditions => "With conditions",
            Self::Rejected => "Rejected",
            Self::NotApplicable => "Not applicable",
        }
    }

    /// Whether the source may run.
    pub fn clears(self) -> bool {
        matches!(self, Self::Approved | Self::ApprovedWithConditions | Self::NotApplicable)
    }

    /// Whether an editor has decided.
    pub fn is_decided(self) -> bool {
        self.clears() || self == Self::Rejected
    }

    /// Whether the decision needs a note.
    pub fn needs_note(self) -> bool {
        matches!(self, Self::NeedsWork | Self::Rejected | Self::ApprovedWithConditions | Self::NotApplicable)
    }
}

words! {
    /// What becomes of a claim that rests on an anonymous source.
    Outcome {
        /// It stays as it is.
        Keep = "keep",
        /// It stays, attributed more closely.
        AttributeCloser = "attribute_closer",
        /// It needs a second source.
        Corroborate = "corroborate",
        /// It goes.
        Cut = "cut",
    }
}

words! {
    /// An answer to a question of the policy.
    Answer {
        /// It holds.
        Yes = "yes",
        /// It does not.
        No = "no",
        /// It does not apply.
        NotApplicable = "not_applicable",
    }
}

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
        /// Whether those who marked a source may approve it themselves.
        may own_approval: bool,
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
