//! Names for the icons of Phosphor Regular, whose font is bundled. An icon never stands without a word or a tooltip.

/// `folder-open`
pub(crate) const FOLDER_OPEN: char = '\u{e256}';
/// `download-simple`
pub(crate) const DOWNLOAD_SIMPLE: char = '\u{e20c}';
/// `upload-simple`
pub(crate) const UPLOAD_SIMPLE: char = '\u{e4c0}';
/// `clipboard-text`
pub(crate) const CLIPBOARD_TEXT: char = '\u{e198}';
/// `file-text`
pub(crate) const FILE_TEXT: char = '\u{e23a}';
/// `file-plus`
pub(crate) const FILE_PLUS: char = '\u{e236}';
/// `newspaper`
pub(crate) const NEWSPAPER: char = '\u{e344}';
/// `tray`
pub(crate) const TRAY: char = '\u{e4aa}';
/// `floppy-disk`
pub(crate) const FLOPPY_DISK: char = '\u{e248}';
/// `keyboard`
pub(crate) const KEYBOARD: char = '\u{e2d8}';
/// `list`
pub(crate) const LIST: char = '\u{e2f0}';
/// `sidebar-simple`
pub(crate) const SIDEBAR_SIMPLE: char = '\u{ec24}';
/// `magnifying-glass`
pub(crate) const MAGNIFYING_GLASS: char = '\u{e30c}';
/// `moon`
pub(crate) const MOON: char = '\u{e330}';
/// `sun`
pub(crate) const SUN: char = '\u{e472}';
/// `wifi-slash`
pub(crate) const WIFI_SLASH: char = '\u{e4f2}';
/// `lock-simple`
pub(crate) const LOCK_SIMPLE: char = '\u{e308}';
/// `highlighter`
pub(crate) const HIGHLIGHTER: char = '\u{ec76}';
/// `text-aa`
pub(crate) const TEXT_AA: char = '\u{e6ee}';
/// `columns`
pub(crate) const COLUMNS: char = '\u{e546}';
/// `list-bullets`
pub(crate) const LIST_BULLETS: char = '\u{e2f2}';
/// `user`
pub(crate) const USER: char = '\u{e4c2}';
/// `circle-dashed`
pub(crate) const CIRCLE_DASHED: char = '\u{e602}';
/// `circle-half`
pub(crate) const CIRCLE_HALF: char = '\u{e18c}';
/// `check-circle`
pub(crate) const CHECK_CIRCLE: char = '\u{e184}';
/// `warning`
pub(crate) const WARNING: char = '\u{e4e0}';
/// `warning-circle`
pub(crate) const WARNING_CIRCLE: char = '\u{e4e2}';
/// `hourglass`
pub(crate) const HOURGLASS: char = '\u{e2b2}';
/// `plus`
pub(crate) const PLUS: char = '\u{e3d4}';
/// `minus`
pub(crate) const MINUS: char = '\u{e32a}';
/// `note-pencil`
pub(crate) const NOTE_PENCIL: char = '\u{e34c}';
/// `trash`
pub(crate) const TRASH: char = '\u{e4a6}';
/// `check`
pub(crate) const CHECK: char = '\u{e182}';
/// `x`
pub(crate) const X: char = '\u{e4f6}';
/// `quotes`
pub(crate) const QUOTES: char = '\u{e660}';
/// `selection-plus`
pub(crate) const SELECTION_PLUS: char = '\u{e69c}';
/// `arrow-counter-clockwise`
pub(crate) const ARROW_COUNTER_CLOCKWISE: char = '\u{e038}';
/// `arrow-clockwise`
pub(crate) const ARROW_CLOCKWISE: char = '\u{e036}';
/// `arrow-right`
pub(crate) const ARROW_RIGHT: char = '\u{e06c}';
/// `arrow-bend-down-right`
pub(crate) const ARROW_BEND_DOWN_RIGHT: char = '\u{e01a}';
/// `caret-up`
pub(crate) const CARET_UP: char = '\u{e13c}';
/// `caret-down`
pub(crate) const CARET_DOWN: char = '\u{e136}';
/// `caret-right`
pub(crate) const CARET_RIGHT: char = '\u{e13a}';
/// `info`
pub(crate) const INFO: char = '\u{e2ce}';
/// `detective`
pub(crate) const DETECTIVE: char = '\u{e83e}';
/// `file-lock`
pub(crate) const FILE_LOCK: char = '\u{e95c}';
/// `buildings`
pub(crate) const BUILDINGS: char = '\u{e102}';
/// `users-three`
pub(crate) const USERS_THREE: char = '\u{e68e}';
/// `link-simple`
pub(crate) const LINK_SIMPLE: char = '\u{e2e6}';
/// `link-break`
pub(crate) const LINK_BREAK: char = '\u{e2e4}';
/// `crosshair-simple`
pub(crate) const CROSSHAIR_SIMPLE: char = '\u{e1d8}';
/// `prohibit`
pub(crate) const PROHIBIT: char = '\u{e3de}';
/// `book-open`
pub(crate) const BOOK_OPEN: char = '\u{e0e6}';
/// `copy`
pub(crate) const COPY: char = '\u{e1ca}';
/// `file-dashed`
pub(crate) const FILE_DASHED: char = '\u{e704}';
/// `scales`
pub(crate) const GIT_MERGE: char = '\u{e280}';
pub(crate) const GIT_DIFF: char = '\u{e27c}';
pub(crate) const GIT_BRANCH: char = '\u{e278}';
pub(crate) const LIFEBUOY: char = '\u{e63a}';
pub(crate) const CHART_BAR: char = '\u{e150}';
pub(crate) const SCALES: char = '\u{e750}';
/// `wrench`
pub(crate) const WRENCH: char = '\u{e5d4}';
/// `seal-check`
pub(crate) const SEAL_CHECK: char = '\u{e606}';
/// `x-circle`
pub(crate) const X_CIRCLE: char = '\u{e4f8}';
/// `minus-circle`
pub(crate) const MINUS_CIRCLE: char = '\u{e32c}';
/// `clock-counter-clockwise`
pub(crate) const CLOCK_COUNTER_CLOCKWISE: char = '\u{e1a0}';
/// `printer`
pub(crate) const PRINTER: char = '\u{e3dc}';
