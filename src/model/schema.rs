//! Labels, attributes and relation kinds: data inside the project, so that a newsroom can change them.

use super::{AttributeValue, Id, Kind};

words! {
    /// The line under annotations of a label: told apart without colour.
    Pattern {
        /// One unbroken line.
        Solid = "solid",
        /// Dots, 2 on 2 off.
        Dotted = "dotted",
        /// Dashes, 6 on 3 off.
        Dashed = "dashed",
        /// A zigzag of step 3.
        Zigzag = "zigzag",
        /// Dash and dot, 6/2/2/2.
        DashDot = "dash_dot",
        /// Two thin lines.
        Double = "double",
    }
}

part! {
    /// A label's line colours, and its tints where they are not mixed from them, as `#RRGGBB`.
    Colour {
        /// Line on light paper.
        must light: String,
        /// Line on dark paper.
        must dark: String,
        /// Tint behind the text on light paper.
        may light_tint: Option<String>,
        /// Tint behind the text on dark paper.
        may dark_tint: Option<String>,
    }
}

part! {
    /// What a label asks of its annotations: a word from a closed list in its natural order, or free text when there is no list.
    AttributeDefinition {
        /// The key in the file.
        must key: String,
        /// The name for people.
        must name: String,
        /// The closed list; empty for free text.
        may values: Vec<String>,
        /// What it means, for annotators.
        may definition: String,
    }
}

record! {
    /// A label that annotators give.
    Label, Kind::Label, {
        /// A plain key: `anonymous_source`.
        must id: Id<Label>,
        /// Place in the order of labels; the first nine have the keys 1 to 9.
        must place: u32,
        /// The name for people.
        must name: String,
        /// What it marks, in one sentence.
        may definition: String,
        /// Boundary rules for annotators: what is in the span and what is not.
        may rules: Vec<String>,
        /// A letter that also gives the label.
        may hotkey: String,
        /// Line and tint.
        must colour: Colour,
        /// Line pattern.
        must pattern: Pattern,
        /// Whether its annotations point to the source registry.
        may source: bool,
        /// What it asks for.
        may attributes: Vec<AttributeDefinition>,
    }
}

impl AttributeDefinition {
    /// The word of the closed list that a value is, as the list has it; `None` for free text and for what the list does not have.
    pub fn word(&self, value: &AttributeValue) -> Option<&str> {
        let AttributeValue::Text(said) = value else { return None };
        self.values.iter().map(String::as_str).find(|word| *word == said.as_str())
    }
}

impl Label {
    /// The definition of an attribute.
    pub fn attribute(&self, key: &str) -> Option<&AttributeDefinition> {
        self.attributes.iter().find(|attribute| attribute.key == key)
    }
}

record! {
    /// A kind of link between annotations.
    RelationKind, Kind::RelationKind, {
        /// A plain key: `attributed_via`.
        must id: Id<RelationKind>,
        /// Place in the order of kinds.
        may place: Option<u32>,
        /// The name for people, read from start to end: "attributed via".
        must name: String,
        /// What it says, in one sentence.
        may definition: String,
        /// Labels that it may start from.
        must from: Vec<Id<Label>>,
        /// Labels that it may lead to.
        must to: Vec<Id<Label>>,
        /// Whether following it never leads back to the start.
        may acyclic: bool,
        /// Whether the same two annotations may be linked twice.
        may repeats: bool,
    }
}
