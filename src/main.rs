//! The program: a sub-command runs in the terminal, anything else opens the window.

use onrecord::cli::{self, Request};
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Request::Done(code) => code,
        #[cfg(feature = "gui")]
        Request::Window { files } => match onrecord::ui::run(files) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => cli::refuse(&error, error.hint()),
        },
        #[cfg(not(feature = "gui"))]
        Request::Window { .. } => cli::refuse(&"this build has no window", "Build it with the feature gui, or see onrecord --help."),
    }
}
