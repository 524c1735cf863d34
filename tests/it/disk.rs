//! What the system has of files that are written: when they are synced, who may read them, what a pipe gets.

#![cfg(target_os = "linux")]

use onrecord::{
    model::Key,
    session::{Recorder, Session, WorkEnvironment},
    store::{beside::Claim, settings::Settings},
};
use std::{
    fs,
    io::{Read as _, Write as _},
    os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_onrecord");
const EXAMPLE: &str = include_str!("data/example.onrecord.json");
const TITLE: &str = "{\"command\":\"set_title\",\"title\":\"Changed\"}\n";

/// A folder with the example as `p.onrecord.json` and a command for it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("p.onrecord.json"), EXAMPLE).expect("a project");
        fs::write(folder.path().join("c.jsonl"), TITLE).expect("commands");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a script of the shell with the program as `$ONRECORD` in the folder.
    fn shell(&self, script: &str) -> Output {
        let mut command = Command::new("sh");
        command.args(["-c", script]).env("ONRECORD", PROGRAM).current_dir(self.0.path());
        command.output().expect("a shell")
    }

    /// The same, which has to end well within a time: nothing waits for ever.
    fn ends(&self, script: &str) -> Output {
        let script = format!("timeout 20 sh -c '{script}'");
        let output = self.shell(&script);
        assert_ne!(output.status.code(), Some(124), "{script} does not end");
        output
    }

    fn mode(&self, name: &str) -> u32 {
        mode(&self.path(name))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o777
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The calls of a program that concern files, in their order, with the paths of what is synced.
fn calls(traced: &str) -> Vec<(String, String)> {
    let lines = traced.lines().filter_map(|line| line.split_once(' ').map(|(_, call)| call.trim()));
    let finished = lines.filter(|line| line.contains('(') && !line.contains("= -1"));
    finished.filter_map(|line| line.split_once('(')).map(|(name, rest)| (name.to_owned(), rest.to_owned())).collect()
}

#[test]
fn a_save_is_synced_before_it_has_its_name_and_its_folder_after() {
    if !crate::can_trace("syncs of saves") {
        return;
    }
    let desk = Desk::new();
    let trace = "strace -f -y -qq -o trace -e trace=fsync,fdatasync,rename,renameat,renameat2";
    for (script, named) in [
        ("\"$ONRECORD\" apply p.onrecord.json c.jsonl", "p.onrecord.json"),
        ("\"$ONRECORD\" report p.onrecord.json -o r.html", "r.html"),
        ("\"$ONRECORD\" convert p.onrecord.json -o out.csv", "out.csv"),
    ] {
        let output = desk.shell(&format!("{trace} {script}"));
        assert!(output.status.success(), "{}", said(&output));
        let traced = fs::read_to_string(desk.path("trace")).expect("a trace");
        let calls = calls(&traced);
        let renamed = calls.iter().position(|(name, rest)| name.starts_with("rename") && rest.contains(named));
        let renamed = renamed.unwrap_or_else(|| panic!("{script} renames nothing: {traced}"));
        let synced = |(name, rest): &(String, String)| name.ends_with("sync") && rest.contains(".onrecord-");
        assert!(calls[..renamed].iter().any(synced), "{script}: the file has its name before it is synced: {traced}");
        if named == "p.onrecord.json" {
            let folder = desk.0.path().file_name().expect("a name").to_string_lossy().into_owned();
            let synced = |(name, rest): &(String, String)| name == "fsync" && rest.contains(&format!("{folder}>"));
            assert!(calls[renamed..].iter().any(synced), "{script}: the folder is not synced: {traced}");
        }
    }
}

/// Begins a journal, so that the test below can watch it; alone it shows that one is begun at all.
#[test]
fn a_journal_is_begun() {
    let folder = std::env::var_os("ONRECORD_TEST_FOLDER").map(PathBuf::from);
    let own = TempDir::new().expect("a folder");
    let folder = folder.unwrap_or_else(|| own.path().to_owned());
    let mut session = Session::open(&example_in(own.path()), WorkEnvironment::seeded(1, None)).expect("a session");
    session.run(&serde_json::from_value(serde_json::json!({"set_title": {"title": "Unsaved"}})).unwrap()).expect("an edit");
    let recorder = Recorder::begin(&folder, &Key::from("watched"), session.begin_journal()).expect("a journal");
    assert!(folder.join("journal").join("watched.log").exists());
    drop(recorder);
}

fn example_in(folder: &Path) -> PathBuf {
    let path = folder.join("p.onrecord.json");
    fs::write(&path, EXAMPLE).expect("a project");
    path
}

#[test]
fn a_journal_is_synced_before_it_has_its_name() {
    if !crate::can_trace("syncs of journals") {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let output = Command::new("strace")
        .args(["-f", "-y", "-qq", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-o"])
        .arg(folder.path().join("trace"))
        .arg(std::env::current_exe().expect("this test"))
        .args(["--exact", "disk::a_journal_is_begun"])
        .env("ONRECORD_TEST_FOLDER", folder.path())
        .output()
        .expect("strace");
    assert!(output.status.success(), "{}", said(&output));
    let traced = fs::read_to_string(folder.path().join("trace")).expect("a trace");
    let calls = calls(&traced);
    let renamed = calls.iter().position(|(name, rest)| name.starts_with("rename") && rest.contains("watched.log"));
    let renamed = renamed.unwrap_or_else(|| panic!("no journal has a name: {traced}"));
    let synced = |(name, rest): &(String, String)| name.ends_with("sync") && rest.contains("watched.part");
    assert!(calls[..renamed].iter().any(synced), "the journal has its name before it is synced: {traced}");
}

#[test]
fn group_mode_access_list_and_attributes_are_kept() {
    let desk = Desk::new();
    let path = desk.path("p.onrecord.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).expect("permissions");
    let group = fs::metadata(&path).expect("a file").gid() + 1;
    // Only the administrator gives files to any group; the test of dropped rights below takes the other way.
    let has_group = std::os::unix::fs::chown(&path, None, Some(group)).is_ok();
    let tag = c"user.newsroom.tag";
    let has_tag = rustix::fs::setxattr(&path, tag, b"desk", rustix::fs::XattrFlags::empty()).is_ok();
    let list = access_list(65_532);
    let access = c"system.posix_acl_access";
    let has_list = rustix::fs::setxattr(&path, access, &list, rustix::fs::XattrFlags::empty()).is_ok();
    for round in 0..2 {
        let output = desk.shell("\"$ONRECORD\" apply p.onrecord.json c.jsonl");
        assert_eq!((output.status.code(), said(&output).as_str()), (Some(0), ""), "round {round}");
        fs::write(desk.path("c.jsonl"), TITLE.replace("Changed", "Again")).expect("commands");
    }
    assert!(fs::read_to_string(&path).expect("the project").contains("Again"));
    let mut buffer = vec![0; 1024];
    if has_group {
        assert_eq!(fs::metadata(&path).expect("a file").gid(), group);
    }
    if has_tag {
        let length = rustix::fs::getxattr(&path, tag, buffer.as_mut_slice()).expect("the tag");
        assert_eq!(&buffer[..length], b"desk");
    }
    if has_list {
        let length = rustix::fs::getxattr(&path, access, buffer.as_mut_slice()).expect("the access list");
        assert_eq!(&buffer[..length], list);
    }
    assert_eq!(desk.mode("p.onrecord.json"), 0o664);
    eprintln!("kept: group {has_group}, attribute {has_tag}, access list {has_list}");
    // What the list of a folder gives to new files does not come to a file that had none.
    if has_list {
        fs::write(desk.path("q.onrecord.json"), EXAMPLE).expect("a project");
        rustix::fs::setxattr(desk.0.path(), c"system.posix_acl_default", &list, rustix::fs::XattrFlags::empty()).expect("a default list");
        assert!(desk.shell("\"$ONRECORD\" apply q.onrecord.json c.jsonl").status.success());
        assert!(rustix::fs::getxattr(desk.path("q.onrecord.json"), access, buffer.as_mut_slice()).is_err(), "a stranger may write it now");
    }
}

/// `u::rw-,u:USER:rw-,g::---,m::rw-,o::r--` as the kernel has it (version 2, `acl(5)`).
fn access_list(user: u32) -> Vec<u8> {
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, id) in [(1_u16, 6_u16, u32::MAX), (2, 6, user), (4, 0, u32::MAX), (16, 6, u32::MAX), (32, 4, u32::MAX)] {
        list.extend(tag.to_le_bytes());
        list.extend(rights.to_le_bytes());
        list.extend(id.to_le_bytes());
    }
    list
}

/// A user of no other group, in a name space of their own, saves a file of a group that they are not in, with a list that cannot be set.
#[test]
fn what_cannot_be_kept_is_said_and_no_right_is_widened() {
    if !crate::can_trace("rights that cannot be kept") {
        return;
    }
    let desk = Desk::new();
    let path = desk.path("p.onrecord.json");
    let refuse = |calls: &str| format!("strace -f -qq -o /dev/null {calls} \"$ONRECORD\" apply p.onrecord.json c.jsonl");
    let again = |title: &str, mode: u32| {
        fs::write(desk.path("c.jsonl"), TITLE.replace("Changed", title)).expect("commands");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("permissions");
    };
    // Another group, which the system does not give.
    let group = fs::metadata(&path).expect("a file").gid();
    if std::os::unix::fs::chown(&path, None, Some(group + 1)).is_ok() {
        for (title, before, after) in [("One", 0o664, 0o604), ("Two", 0o640, 0o600), ("Three", 0o606, 0o600)] {
            std::os::unix::fs::chown(&path, None, Some(group + 1)).expect("a group");
            again(title, before);
            let output = desk.shell(&refuse("-e trace=fchown -e inject=fchown:error=EPERM"));
            let said = said(&output);
            assert!(output.status.success() && said.contains("p.onrecord.json: its group is not kept"), "{said}");
            assert_eq!((desk.mode("p.onrecord.json"), fs::metadata(&path).expect("a file").gid()), (after, group), "{before:o}");
        }
        std::os::unix::fs::chown(&path, None, Some(group)).expect("a group");
    }
    // An access list, which the system does not set.
    let access = c"system.posix_acl_access";
    if rustix::fs::setxattr(&path, access, &access_list(65_532), rustix::fs::XattrFlags::empty()).is_ok() {
        fs::write(desk.path("c.jsonl"), TITLE.replace("Changed", "Four")).expect("commands");
        let output = desk.shell(&refuse("-e trace=fsetxattr -e inject=fsetxattr:error=EOPNOTSUPP"));
        let said = said(&output);
        assert!(output.status.success() && said.contains("its access list is not kept"), "{said}");
        assert_eq!(desk.mode("p.onrecord.json"), 0o600);
    }
    // Another name of the file.
    again("Five", 0o644);
    fs::hard_link(&path, desk.path("other name")).expect("a link");
    let output = desk.shell("\"$ONRECORD\" apply p.onrecord.json c.jsonl");
    let said = said(&output);
    assert!(output.status.success() && said.contains("its other names (hard links) go on holding what it held before"), "{said}");
    // The window asks: until it is answered nothing is written.
    fs::remove_file(desk.path("other name")).expect("removed");
    fs::hard_link(&path, desk.path("other name")).expect("a link");
    let before = fs::read(&path).expect("the project");
    let mut session = Session::open(&path, WorkEnvironment::seeded(1, None)).expect("a session");
    session.run(&serde_json::from_value(serde_json::json!({"set_title": {"title": "Six"}})).unwrap()).expect("an edit");
    let refused = session.save_job(&path).expect("a job").run().expect_err("it asks");
    assert!(refused.to_string().contains("was left as it is: its other names"), "{refused}");
    assert_eq!(fs::read(&path).expect("the project"), before);
    let saved = session.save_job(&path).expect("a job").accepting().run().expect("a save");
    assert!(saved.unkept.links && fs::read(&path).expect("the project") != before);
    assert!(session.saved(saved));
    assert!(session.save_job(&path).expect("a job").run().is_ok(), "the links are apart now: nothing more to ask");
}

/// Every format that writes one file, a zip and a folder.
const EXPORTS: [&str; 5] = ["out.csv", "out.html", "out.xlsx", "out.docx", "out.zip --to brat"];

#[test]
fn exports_and_reports_have_the_mode_that_the_user_gives_files() {
    for (umask, file, folder) in [("077", 0o600, 0o700), ("027", 0o640, 0o750), ("022", 0o644, 0o755), ("002", 0o664, 0o775)] {
        let desk = Desk::new();
        let exports = EXPORTS.map(|out| format!("\"$ONRECORD\" convert p.onrecord.json --profile full -o {out} &&")).concat();
        let output = desk.shell(&format!(
            "umask {umask}; {exports} \"$ONRECORD\" convert p.onrecord.json -o brat --to brat && \"$ONRECORD\" report p.onrecord.json -o r.html"
        ));
        assert!(output.status.success(), "{}", said(&output));
        for name in EXPORTS.map(|out| out.split(' ').next().expect("a name")).into_iter().chain(["r.html"]) {
            assert_eq!(desk.mode(name), file, "{name} under {umask}");
        }
        assert_eq!(desk.mode("brat"), folder, "under {umask}");
        for inside in fs::read_dir(desk.path("brat")).expect("a folder").flatten() {
            assert_eq!(mode(&inside.path()), file, "{} under {umask}", inside.path().display());
        }
        // What is there keeps its mode, whatever the umask.
        fs::set_permissions(desk.path("out.csv"), fs::Permissions::from_mode(0o640)).expect("permissions");
        symlink("out.csv", desk.path("link.csv")).expect("a link");
        for out in ["out.csv", "link.csv"] {
            let output = desk.shell(&format!("umask {umask}; \"$ONRECORD\" convert p.onrecord.json --force -o {out}"));
            assert!(output.status.success(), "{}", said(&output));
        }
        assert_eq!(desk.mode("out.csv"), 0o640);
        assert!(fs::symlink_metadata(desk.path("link.csv")).expect("a link").is_symlink(), "a link is followed");
    }
}

#[test]
fn what_is_there_is_replaced_only_when_nothing_is_lost_or_by_force() {
    let desk = Desk::new();
    let other = EXAMPLE.replace("0252f615", "1252f615");
    for (name, content) in [("notes.md", "My notes."), ("other.onrecord.json", &other), ("empty.csv", ""), ("same.onrecord.json", EXAMPLE)]
    {
        fs::write(desk.path(name), content).expect("a file");
    }
    for script in [
        "report p.onrecord.json --to md -o notes.md",
        "report p.onrecord.json --to md -o other.onrecord.json",
        "convert p.onrecord.json -o notes.md",
        "convert p.onrecord.json -o other.onrecord.json --to csv",
        "convert p.onrecord.json -o other.onrecord.json --to csv --force",
        "convert p.onrecord.json -o other.onrecord.json",
        "apply p.onrecord.json c.jsonl -o other.onrecord.json",
        "merge none p.onrecord.json same.onrecord.json -o other.onrecord.json",
        "merge none p.onrecord.json same.onrecord.json -o notes.md",
    ] {
        let output = desk.ends(&format!("\"$ONRECORD\" {script}"));
        assert_eq!(output.status.code(), Some(2), "{script}: {}", said(&output));
        let kept = |name: &str| fs::read_to_string(desk.path(name)).expect("a file");
        assert!(kept("notes.md") == "My notes." && kept("other.onrecord.json") == other, "{script}");
    }
    // An empty file, an older copy of the same project, and whatever --force names.
    for (script, code) in [
        ("convert p.onrecord.json -o empty.csv", 0),
        ("apply p.onrecord.json c.jsonl -o same.onrecord.json", 0),
        ("merge none p.onrecord.json same.onrecord.json -o notes.md --force", 1),
        ("report p.onrecord.json --to md -o notes.md --force", 0),
        ("report p.onrecord.json --to md -o other.onrecord.json --force", 0),
    ] {
        let output = desk.ends(&format!("\"$ONRECORD\" {script}"));
        assert_eq!(output.status.code(), Some(code), "{script}: {}", said(&output));
    }
    assert!(fs::read_to_string(desk.path("same.onrecord.json")).expect("a file").contains("Changed"));
    // And now the other has more than the first.
    let output = desk.ends("\"$ONRECORD\" merge none p.onrecord.json p.onrecord.json -o same.onrecord.json");
    assert_eq!(output.status.code(), Some(2), "what only the other has would be lost");
}

#[test]
fn pipes_and_devices_are_written_into_and_stay() {
    let desk = Desk::new();
    let plain = desk.ends("\"$ONRECORD\" convert p.onrecord.json --to csv --seed 1 -o plain.csv && cat plain.csv").stdout;
    assert!(plain.len() > 100);
    for out in ["-", "/dev/stdout", "/dev/fd/1"] {
        let output = desk.ends(&format!("\"$ONRECORD\" convert p.onrecord.json --to csv --seed 1 -o {out}"));
        assert!(output.status.success() && output.stdout == plain, "{out}: {}", said(&output));
        // Also where it leads to a file that has something in it.
        let output =
            desk.ends(&format!("echo first > all; \"$ONRECORD\" convert p.onrecord.json --to csv --seed 1 -o {out} >> all; cat all"));
        assert_eq!(output.stdout, [b"first\n", plain.as_slice()].concat(), "{out}");
    }
    let script = "mkfifo pipe; cat pipe > out & \"$ONRECORD\" convert p.onrecord.json --to csv --seed 1 -o pipe; wait";
    assert!(desk.ends(script).status.success());
    assert!(fs::read(desk.path("out")).expect("a file") == plain && is_pipe(&desk.path("pipe")));
    for (command, begins) in [
        ("report p.onrecord.json --to md -o pipe", "# "),
        ("merge none p.onrecord.json p.onrecord.json -o pipe", "{"),
        ("apply p.onrecord.json c.jsonl -o pipe", "{"),
    ] {
        desk.ends(&format!("cat pipe > out & \"$ONRECORD\" {command}; wait"));
        let out = fs::read_to_string(desk.path("out")).expect("a file");
        assert!(out.starts_with(begins) && is_pipe(&desk.path("pipe")), "{command}: {out}");
    }
    let output = desk
        .ends("\"$ONRECORD\" convert p.onrecord.json --to csv --seed 1 -o /dev/null && \"$ONRECORD\" report p.onrecord.json -o /dev/null");
    assert!(output.status.success(), "{}", said(&output));
    assert!(fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
    // A reader that goes away is no failure.
    assert!(desk.ends("\"$ONRECORD\" convert p.onrecord.json --to csv --seed 1 -o - | head -c 1").status.success());
}

fn is_pipe(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo())
}

#[test]
fn a_pipe_as_input_is_read_once_and_ends() {
    let desk = Desk::new();
    let plain = desk.ends("\"$ONRECORD\" convert p.onrecord.json --to csv --seed 1 -o plain.csv && cat plain.csv").stdout;
    let script =
        |command: &str| format!("mkfifo pipe; cat p.onrecord.json > pipe & \"$ONRECORD\" {command}; code=$?; rm -f pipe; exit $code");
    let output = desk.ends(&script("convert pipe --to csv --seed 1 -o -"));
    assert!(output.status.success() && output.stdout == plain, "{}", said(&output));
    for command in
        ["show pipe", "check pipe", "stats pipe", "report pipe", "apply pipe c.jsonl -o -", "apply pipe /dev/null -o -", "find pipe weeks"]
    {
        let output = desk.ends(&script(command));
        assert!(output.status.success() && !output.stdout.is_empty(), "{command}: {}", said(&output));
    }
    // Nothing takes the place of a pipe.
    let output = desk.ends(&script("apply pipe c.jsonl"));
    assert!(output.status.code() == Some(2) && said(&output).contains("it is a pipe or a device and no file"), "{}", said(&output));
    // Articles, archives, and commands.
    let script = "printf \"A headline\\n\\nThe mayor said no.\\n\" > a.txt; mkfifo pipe; cat a.txt > pipe & \"$ONRECORD\" convert pipe --from text --into p.onrecord.json";
    assert!(desk.ends(script).status.success());
    let script = "\"$ONRECORD\" convert p.onrecord.json --to brat -o b.zip; cat b.zip > pipe & \"$ONRECORD\" convert pipe -o n.onrecord.json; \"$ONRECORD\" show n.onrecord.json";
    let output = desk.ends(script);
    assert!(output.status.success() && !output.stdout.is_empty(), "{}", said(&output));
}

/// A stream without an end is given up at the limit, from a device and from standard input.
#[test]
fn nothing_is_read_beyond_the_limit() {
    let desk = Desk::new();
    let begin = Instant::now();
    for (command, name) in [("show /dev/zero", "zero"), ("apply p.onrecord.json - < /dev/zero", "standard input")] {
        let output = desk.shell(&format!("timeout 120 \"$ONRECORD\" {command}"));
        assert_eq!(output.status.code(), Some(2), "{command}: {}", said(&output));
        assert!(said(&output).contains(&format!("{name} is larger than 512 MB")), "{command}: {}", said(&output));
    }
    assert!(begin.elapsed() < Duration::from_mins(4));
}

#[test]
fn what_a_killed_save_left_goes_with_the_next_save() {
    let desk = Desk::new();
    fs::write(desk.path(".onrecord-AbCd12.tmp"), EXAMPLE).expect("what a killed save left");
    let held = fs::File::create(desk.path(".onrecord-Locked.tmp")).expect("somebody's");
    held.lock().expect("a lock");
    fs::write(desk.path(".onrecord-notes-of-mine.tmp"), "mine").expect("a file");
    assert!(desk.shell("\"$ONRECORD\" apply p.onrecord.json c.jsonl").status.success());
    assert_eq!(desk.names(), [".onrecord-Locked.tmp", ".onrecord-notes-of-mine.tmp", "c.jsonl", "p.onrecord.json"]);
}

/// An export that is being written for long is swept by nobody's save.
#[test]
fn an_export_that_takes_its_time_is_not_swept() {
    use onrecord::{
        formats::exchange::container::{Chunk, Sink as _},
        store::outgoing::{Shape, Target},
    };
    let desk = Desk::new();
    let mut target = Target::begin(&desk.path("out.csv"), Shape::File).expect("a target");
    target.put(Chunk::part("half")).expect("room");
    assert!(desk.shell("\"$ONRECORD\" apply p.onrecord.json c.jsonl").status.success());
    target.put(Chunk::part(" and half")).expect("room");
    target.finish().expect("written");
    assert_eq!(fs::read_to_string(desk.path("out.csv")).expect("the export"), "half and half");
}

#[test]
fn journals_settings_and_locks_are_for_their_owner_alone() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("onrecord");
    // As older versions left them.
    for below in ["journal", "open"] {
        fs::create_dir_all(data.join(below)).expect("folders");
    }
    fs::write(data.join("settings.json"), "{}").expect("settings");
    fs::write(data.join("journal").join("old.log"), "").expect("a journal");
    for path in ["", "journal", "open", "settings.json", "journal/old.log"] {
        let all = if path.is_empty() || !path.contains('.') { 0o755 } else { 0o644 };
        fs::set_permissions(data.join(path), fs::Permissions::from_mode(all)).expect("permissions");
    }
    let settings = Settings::load(&data);
    assert_eq!(mode(&data.join("settings.json")), 0o600, "closed when it is read");
    settings.save(&data).expect("saved");
    Settings::save_cues(&data, "[]").expect("saved");
    assert!(onrecord::store::journal::orphans(&data).len() <= 1);
    let mut session = Session::open(&example_in(folder.path()), WorkEnvironment::seeded(1, None)).expect("a session");
    session.run(&serde_json::from_value(serde_json::json!({"set_title": {"title": "Unsaved"}})).unwrap()).expect("an edit");
    let recorder = Recorder::begin(&data, &Key::from("new"), session.begin_journal()).expect("a journal");
    let claim = Claim::new(&data, &folder.path().join("p.onrecord.json"), "token").expect("free");
    let mut found = 0;
    for path in ["", "journal", "open"] {
        assert_eq!(mode(&data.join(path)), 0o700, "{path}");
        for entry in fs::read_dir(data.join(path)).expect("a folder").flatten().filter(|entry| entry.path().is_file()) {
            assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
            found += 1;
        }
    }
    assert_eq!(found, 6, "settings, words, two journals, a lock and its owner");
    // The lock goes with its window, and that of a killed one with the next window.
    drop((claim, recorder));
    assert_eq!(fs::read_dir(data.join("open")).expect("a folder").count(), 0);
    fs::write(data.join("open").join("dead.lock"), "").expect("a lock");
    let claim = Claim::new(&data, &folder.path().join("p.onrecord.json"), "token").expect("free");
    assert!(!data.join("open").join("dead.lock").exists());
    drop(claim);
}

/// Where a folder cannot be locked, an empty file of the user stands for it, and goes again.
#[test]
fn a_folder_that_cannot_be_opened_is_locked_by_a_file_of_the_user() {
    if !crate::can_trace("folders that cannot be opened") {
        return;
    }
    let (desk, data) = (Desk::new(), TempDir::new().expect("a folder"));
    let folder = desk.0.path().display().to_string();
    let mut child = Command::new("strace")
        .args(["-f", "-qq", "-o", "trace", "-e", "trace=openat,flock", "-P", &folder, "-e", "inject=openat:error=EACCES", PROGRAM])
        .args(["apply"])
        .arg(desk.path("p.onrecord.json"))
        .arg("-")
        .env("ONRECORD_CONFIG", data.path())
        .current_dir(data.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("strace");
    child.stdin.take().expect("a pipe").write_all(TITLE.as_bytes()).expect("written");
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert!(child.wait().expect("it ends").success(), "{said}");
    assert!(fs::read_to_string(desk.path("p.onrecord.json")).expect("the project").contains("Changed"));
    assert_eq!(mode(&data.path().join("turns")), 0o700);
    assert_eq!(fs::read_dir(data.path().join("turns")).expect("a folder").count(), 0, "the lock goes with its program");
}
