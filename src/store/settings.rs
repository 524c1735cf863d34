//! What the app remembers for its user: who works, how the window looks, which files were open. Never any content of articles.

use super::{StoreError, atomic, private};
use crate::model::{Key, Person};
use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Most recent projects that are remembered.
const RECENT: usize = 12;

/// Light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// A project that was open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Where it is.
    pub path: PathBuf,
    /// Its title.
    pub title: String,
    /// Its documents.
    pub documents: usize,
    /// Its annotations.
    pub annotations: usize,
}

/// The settings, in one JSON file in the user's configuration folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Random key of the person, the same in all projects.
    pub person: Option<Key>,
    /// Self-chosen initials.
    pub initials: String,
    /// Self-chosen role.
    pub role: String,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// Text size of the article, in logical pixels.
    pub text_size: f32,
    /// Line height of the article as a factor of its size.
    pub line_height: f32,
    /// Size of everything else, as a factor.
    pub zoom: f32,
    /// Width and height of the window in logical pixels.
    pub window_size: Option<[f32; 2]>,
    /// Place of the window on the screen.
    pub window_position: Option<[f32; 2]>,
    /// Whether the window fills the screen.
    pub maximized: bool,
    /// Whether letter keys act in the text.
    pub letter_keys: bool,
    /// Keys that the user changed: action to key; an empty one takes the key away.
    pub keys: BTreeMap<String, String>,
    /// Projects that were open, the latest first.
    pub recent: Vec<Recent>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            person: None,
            initials: String::new(),
            role: String::new(),
            theme: ThemeChoice::System,
            text_size: 18.0,
            line_height: 1.72,
            zoom: 1.0,
            window_size: None,
            window_position: None,
            maximized: false,
            letter_keys: true,
            keys: BTreeMap::new(),
            recent: Vec::new(),
        }
    }
}

impl Settings {
    /// Where settings lie: `ONRECORD_CONFIG` names another folder, as tests do.
    pub fn folder() -> Option<PathBuf> {
        if let Some(folder) = std::env::var_os("ONRECORD_CONFIG").filter(|folder| !folder.is_empty()) {
            return Some(folder.into());
        }
        etcetera::choose_base_strategy().ok().map(|strategy| strategy.config_dir().join("onrecord"))
    }

    /// Where the journal of unsaved work lies: in the user's data, never beside a shared file. `ONRECORD_CONFIG` names another folder.
    pub fn data_folder() -> Option<PathBuf> {
        if std::env::var_os("ONRECORD_CONFIG").is_some_and(|folder| !folder.is_empty()) {
            return Self::folder();
        }
        etcetera::choose_base_strategy().ok().map(|strategy| strategy.data_dir().join("onrecord"))
    }

    /// Reads the settings of a folder; missing or damaged ones are the default ones.
    pub fn load(folder: &Path) -> Self {
        let path = folder.join("settings.json");
        // An older version may have left it open to others.
        private::file(&path);
        let read = super::read(&path).ok();
        read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Writes the settings. That they cannot be written is no reason to stop working, so the caller may ignore it.
    pub fn save(&self, folder: &Path) -> Result<(), StoreError> {
        write(folder, "settings.json", &serde_json::to_vec_pretty(self).unwrap_or_default())
    }

    /// The user's own words that report speech, as they were written.
    pub fn load_cues(folder: &Path) -> Option<String> {
        let bytes = super::read(&folder.join("cues.json")).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Writes the user's own words that report speech.
    pub fn save_cues(folder: &Path, json: &str) -> Result<(), StoreError> {
        write(folder, "cues.json", json.as_bytes())
    }

    /// Puts a project on top of the recent ones.
    pub fn remember(&mut self, recent: Recent) {
        self.recent.retain(|known| known.path != recent.path);
        self.recent.insert(0, recent);
        self.recent.truncate(RECENT);
    }

    /// The person as records name them, once the initials are known.
    pub fn as_person(&self) -> Option<Person> {
        let id = self.person.clone()?;
        let name = self.initials.trim();
        (!name.is_empty()).then(|| Person {
            id: id.into(),
            name: name.to_owned(),
            roles: [self.role.trim()].iter().filter(|role| !role.is_empty()).map(|role| (*role).to_owned()).collect(),
            conflicts: crate::model::Conflicts::default(),
            extra: crate::model::Extra::default(),
        })
    }
}

/// Writes a file that only the user may read: recent titles and paths are nobody else's business.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let path = folder.join(name);
    private::folder(folder).map_err(|error| StoreError::from_io("cannot save", &path, &error))?;
    atomic::save_private(&path, bytes)
}
