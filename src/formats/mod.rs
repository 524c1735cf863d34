//! Texts in, projects out, and back: what lies between bytes and records. Opens no file itself.

pub mod article;
pub mod labels;
pub mod native;
