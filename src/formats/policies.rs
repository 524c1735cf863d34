//! The review policies that the app comes with, and the way to read another one.

use crate::model::Policy;

/// The strict profile of a wire agency, all 22 questions.
pub const WIRE_STRICT: &str = include_str!("../../assets/policies/wire-strict.json");
/// A lighter one for small desks.
pub const SMALL_DESK: &str = include_str!("../../assets/policies/small-desk.json");

/// Largest file of a policy that is read.
const LARGEST: usize = 1 << 20;

/// Why a policy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The JSON is broken, or a field is.
    #[error("the policy cannot be read at line {line}, column {column}: {what}")]
    Broken {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        what: String,
    },
    /// It asks nothing.
    #[error("the policy has no question")]
    Empty,
    /// It has answers to a "no" that this version does not know: a newer version made it.
    #[error("the policy answers a “no” with {word:?}, which this version does not know")]
    Newer {
        /// The word.
        word: String,
    },
    /// Too large to be a policy.
    #[error("the policy is larger than 1 MB")]
    TooLarge,
}

impl PolicyError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "Update Onrecord, or use block, block_claim, warn or escalate.",
            _ => "Correct the place, or begin with a policy of the app: onrecord report --policies.",
        }
    }
}

/// Reads a policy.
pub fn read(json: &str) -> Result<Policy, PolicyError> {
    if json.len() > LARGEST {
        return Err(PolicyError::TooLarge);
    }
    let policy: Policy = serde_json::from_str(json).map_err(|error| {
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default().to_owned();
        PolicyError::Broken { line: error.line(), column: error.column(), what }
    })?;
    if policy.items.is_empty() {
        return Err(PolicyError::Empty);
    }
    let known = ["block", "block_claim", "warn", "escalate"];
    if let Some(item) = policy.items.iter().find(|item| !known.contains(&item.on_no.as_str())) {
        return Err(PolicyError::Newer { word: item.on_no.clone() });
    }
    Ok(policy)
}

/// The policies of the app.
pub fn built_in() -> Vec<Policy> {
    [WIRE_STRICT, SMALL_DESK].iter().filter_map(|json| read(json).ok()).collect()
}

/// A policy as a file that can be changed.
pub fn write(policy: &Policy) -> serde_json::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(policy)?))
}

/// The id of the next version of a policy: `wire-strict.1` becomes `wire-strict.2`.
pub fn next_version(policy: &Policy) -> crate::model::Id<Policy> {
    let id = policy.id.to_string();
    let (name, version) = id.rsplit_once('.').map_or((id.as_str(), 1), |(name, version)| (name, version.parse::<u64>().unwrap_or(1)));
    format!("{name}.{}", version + 1).as_str().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::PREFILLS;

    #[test]
    fn the_policies_of_the_app_are_read_and_name_known_rules() {
        let policies = built_in();
        assert_eq!(policies.iter().map(|policy| policy.items.len()).collect::<Vec<_>>(), [22, 10]);
        for item in policies.iter().flat_map(|policy| &policy.items).filter(|item| !item.prefill.is_empty()) {
            assert!(PREFILLS.iter().any(|(known, _)| *known == item.prefill), "{}", item.prefill);
        }
        let used = |name: &str| policies.iter().flat_map(|policy| &policy.items).any(|item| item.prefill == name);
        assert!(PREFILLS.iter().all(|(name, _)| used(name)), "every rule is asked for");
        assert_eq!(next_version(&policies[0]).to_string(), "wire-strict.2");
    }

    #[test]
    fn a_broken_or_newer_policy_says_so() {
        assert!(matches!(read("{\n\"id\":"), Err(PolicyError::Broken { line: 2, .. })));
        assert_eq!(read(&WIRE_STRICT.replace("\"warn\"", "\"pause\"")), Err(PolicyError::Newer { word: "pause".to_owned() }));
        assert_eq!(read("{\"id\":\"a.1\",\"name\":\"A\",\"items\":[]}"), Err(PolicyError::Empty));
    }
}
