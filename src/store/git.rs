//! Git merges and shows projects with this program: a line of attributes, which travels, and two commands, which do not.

use super::{StoreError, atomic};
use std::{fs, io, path::Path};

/// What `.gitattributes` says of projects.
pub const ATTRIBUTES: &str = "*.onrecord.json text eol=lf merge=onrecord diff=onrecord";

/// What each colleague runs once in their copy of the repository. Git shares no configuration, so that nobody runs a program unasked.
pub const COMMANDS: [&str; 2] =
    ["git config merge.onrecord.driver \"onrecord merge-driver %O %A %B %L %P\"", "git config diff.onrecord.textconv \"onrecord show\""];

/// Adds the attributes to the `.gitattributes` of a folder; what it says otherwise stays. `false` when they are there already.
pub fn write_attributes(folder: &Path) -> Result<bool, StoreError> {
    let path = folder.join(".gitattributes");
    let mut content = match fs::read_to_string(&path) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(StoreError::from_io("cannot open", &path, &error)),
    };
    if content.lines().any(|line| line.trim() == ATTRIBUTES) {
        return Ok(false);
    }
    if !content.is_empty() && !content.ends_with('\n') {
        content.push('\n');
    }
    content.push_str(ATTRIBUTES);
    content.push('\n');
    atomic::save(&path, content.as_bytes())?;
    Ok(true)
}
