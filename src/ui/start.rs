//! Opens the window: size and place, icon, what is written after a crash. It is drawn by OpenGL alone: a second renderer would be a
//! fifth of the program and of its build, and OpenGL is there wherever there is a driver, on the processor too.

use super::{App, Options, SystemFonts, jobs::Early};
use crate::{session::WorkEnvironment, store::settings::Settings};
use eframe::{NativeOptions, Renderer};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum UiError {
    /// No display, or no driver that draws.
    #[error("the window cannot be opened: {reason}")]
    NoWindow {
        /// What the system says, without paths.
        reason: String,
    },
}

impl UiError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoWindow { .. } => {
                "Run it where there is a display and a driver for OpenGL, or use the commands that need no window: onrecord --help."
            }
        }
    }
}

/// Opens the window and stays until it is closed.
pub fn run(files: Vec<PathBuf>) -> Result<(), UiError> {
    let folder = Settings::folder();
    let settings = folder.as_deref().map(Settings::load).unwrap_or_default();
    report_crashes(folder.clone());
    // The disk and the second core are at work while the system makes the window.
    let person = settings.as_person();
    let early = Early::begin(&files, move || WorkEnvironment::system(person.clone()));
    let native = NativeOptions { viewport: viewport(&settings), renderer: Renderer::Glow, depth_buffer: 0, ..NativeOptions::default() };
    let options = Options {
        files,
        settings,
        settings_folder: folder,
        data_folder: Settings::data_folder(),
        system_fonts: SystemFonts::Fallback,
        inline_jobs: false,
        minute: None,
    };
    let opened =
        eframe::run_native("Onrecord", native, Box::new(move |creation| Ok(Box::new(App::reading(&creation.egui_ctx, options, early)))));
    opened.map_err(|error| UiError::NoWindow { reason: last_part(&error.to_string()) })
}

/// The last part of the system's message: what stands before it names files of the machine that built the program.
fn last_part(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let part = line.rsplit(": ").next().unwrap_or_default().trim_end_matches('.');
    if part.is_empty() || part.contains(['/', '\\']) { "the system refuses".to_owned() } else { part.to_owned() }
}

fn viewport(settings: &Settings) -> egui::ViewportBuilder {
    let size = settings.window_size.unwrap_or([1440.0, 900.0]).map(|side| side.clamp(400.0, 20_000.0));
    let icon = egui::IconData { rgba: icon(64), width: 64, height: 64 };
    let builder = egui::ViewportBuilder::default()
        .with_title("Onrecord")
        .with_app_id("onrecord")
        .with_inner_size(size)
        .with_min_inner_size([640.0, 480.0])
        .with_maximized(settings.maximized)
        .with_drag_and_drop(true)
        .with_icon(Arc::new(icon));
    match settings.window_position {
        Some(position) => builder.with_position(position),
        None => builder,
    }
}

/// The mark: a ring with a disc inside, white on ink, for the window list.
fn icon(side: u32) -> Vec<u8> {
    let centre = (f64::from(side) - 1.0) / 2.0;
    let pixels = (0..side).flat_map(|y| (0..side).map(move |x| (f64::from(x) - centre).hypot(f64::from(y) - centre) / centre));
    pixels
        .flat_map(|radius| match radius {
            radius if radius > 1.0 => [0, 0, 0, 0],
            radius if (0.52..0.74).contains(&radius) || radius < 0.34 => [0xFB, 0xFA, 0xF7, 255],
            _ => [0x1F, 0x23, 0x28, 255],
        })
        .collect()
}

/// After a crash only version, file and line are written: nothing of an article, no path of the machine.
fn report_crashes(folder: Option<PathBuf>) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic
            .location()
            .map_or_else(|| "an unknown place".to_owned(), |location| format!("{}:{}", source_file(location.file()), location.line()));
        let report = format!("Onrecord {} stopped at {place}", env!("CARGO_PKG_VERSION"));
        if let Some(folder) = &folder {
            drop(std::fs::create_dir_all(folder));
            drop(std::fs::write(folder.join("crash.txt"), format!("{report}\n")));
        }
        crate::cli::refuse(&report, "Please report this line.");
    }));
}

/// The part of a source path from `src` on, or the file's name: the rest would name folders of the machine that built it.
fn source_file(path: &str) -> String {
    let path = path.replace('\\', "/");
    match path.rfind("/src/").map(|at| at + 1).or_else(|| path.starts_with("src/").then_some(0)) {
        Some(at) => path.get(at..).unwrap_or_default().to_owned(),
        None => Path::new(&path).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_system_lose_their_paths() {
        let message = "winit EventLoopError: os error at /registry/winit/src/linux/mod.rs:765: neither DISPLAY nor WAYLAND_DISPLAY is set.";
        assert_eq!(last_part(message), "neither DISPLAY nor WAYLAND_DISPLAY is set");
        assert_eq!(last_part("failed at /usr/lib/x.so"), "the system refuses");
    }

    #[test]
    fn crash_places_name_no_folder_of_the_machine() {
        assert_eq!(source_file("src/ui/app.rs"), "src/ui/app.rs");
        assert_eq!(source_file("/somewhere/registry/egui-0.37.0/src/context.rs"), "src/context.rs");
        assert_eq!(source_file("C:\\build\\x.rs"), "x.rs");
    }
}
