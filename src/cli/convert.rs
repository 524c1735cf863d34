//! `onrecord convert`: any files that are read into any format that is written.

use super::{CLEAN, FINDINGS, Failure, Work, note};
use crate::{
    display::line::count,
    edit::{Command, Environment as _, Import},
    formats::{
        self, Format, Reader, Writer,
        article::{Choices, Extent},
        convert::{self, Draft, Outgoing, Written},
        exchange::{
            Annotated, ExchangeError,
            adopt::Mapping,
            container::{Incoming, read_all},
            feature::Losses,
            release::{Head, Release, Releases},
            verify::{Convention, Verified},
        },
        native,
        profile::{Pass, Profile},
    },
    model::Project,
    session::{
        Session, WorkEnvironment,
        exchange::{self, Export, LIMIT, read_articles},
    },
    store::{
        self,
        incoming::{Input, Inputs, inputs},
        outgoing::{self, Shape, Target, shape},
    },
};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProfileName {
    Public,
    Desk,
    Full,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ExtentName {
    Article,
    Page,
}

#[derive(Debug, Args)]
#[command(after_help = format!("\
IN is a file, a folder, a zip, or a pattern such as 'pages/*.html'. OUT tells the format by its ending; without one it is a folder.
public: articles with title, byline and where they ran, what is marked in them, words of closed lists; of a source without a name only
        words of its own mentions and a number that holds for one article; no free text, no lasting ids; no title of the project, desks
        and names of files without --names
desk:   also aliases, free attributes, initials and the state of reviews; no notes, no comments
full:   everything
The map is JSON: {{\"labels\":{{\"PER\":\"claim\",\"X\":null}},\"links\":{{\"says\":\"attributed_via\"}}}}; null leaves out, another name makes a new label.

{}", super::formats::table()))]
pub(super) struct Convert {
    /// What is read
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// What is written; - is standard output
    #[arg(short, value_name = "OUT", required_unless_present = "into")]
    output: Option<PathBuf>,
    /// Replace what is at OUT, whatever it is, but never a project
    #[arg(long, requires = "output")]
    force: bool,
    /// Bring everything into this project instead
    #[arg(long, value_name = "PROJECT", conflicts_with = "output")]
    into: Option<PathBuf>,
    /// The format that is read, instead of telling it by the files
    #[arg(long, value_name = "F")]
    from: Option<String>,
    /// The format that is written, instead of telling it by the name
    #[arg(long, value_name = "F", conflicts_with = "into")]
    to: Option<String>,
    /// What may leave
    #[arg(long, value_enum, default_value = "public", value_name = "P")]
    profile: ProfileName,
    /// Public: the project's title, desks and names of files go out too
    #[arg(long)]
    names: bool,
    /// Only this document of a project, by title, file name or id
    #[arg(long, value_name = "D")]
    document: Option<String>,
    /// What foreign labels and links become, as a JSON file
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// How much of web pages is taken
    #[arg(long, value_enum, default_value = "article", value_name = "E")]
    extent: ExtentName,
    /// Only the part of web pages that this CSS selector names
    #[arg(long, value_name = "CSS")]
    select: Option<String>,
    /// Take Markdown as it is written
    #[arg(long)]
    raw: bool,
    #[command(flatten)]
    work: Work,
}

impl From<ExchangeError> for Failure {
    fn from(error: ExchangeError) -> Self {
        Self::new(&error, error.hint())
    }
}

fn named(name: &str, option: &str) -> Result<&'static Format, Failure> {
    formats::named(name)
        .ok_or_else(|| Failure::new(&format!("there is no format {name:?}"), &format!("onrecord formats lists those for {option}.")))
}

impl Convert {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let from = self.from.as_deref().map(|name| named(name, "--from")).transpose()?;
        if let Some(format) = from.filter(|format| !format.read.is_some()) {
            return Err(Failure::new(&format!("{} is not read", format.title), "onrecord formats lists what is."));
        }
        let Inputs { found, failed, skipped } = inputs(&self.inputs, from);
        for (message, hint) in &failed {
            note(&format!("{message} {hint}"));
        }
        if skipped > 0 {
            note(&format!("{} of no kind that is read: skipped", count(skipped, "file")));
        }
        if found.is_empty() {
            return Err(Failure::new(&"there is nothing to convert", "Name files, folders, or a pattern in quotes."));
        }
        let code = match (&self.into, &self.output) {
            (Some(project), _) => self.add_to_project(&found, project)?,
            (None, Some(output)) => {
                let to = match &self.to {
                    Some(name) => named(name, "--to")?,
                    None => Self::told_by(output)?,
                };
                if found.iter().any(|input| input.path.as_ref().is_some_and(|path| super::output::is_same(path, output))) {
                    return Err(Failure::new(&"the output is one of the inputs", "Choose another name."));
                }
                match to.write {
                    Writer::Project => self.to_project(&found, output)?,
                    Writer::None => return Err(Failure::new(&format!("{} is not written", to.title), "onrecord formats lists what is.")),
                    _ => self.to_format(&found, to, output)?,
                }
            }
            (None, None) => CLEAN,
        };
        Ok(if failed.is_empty() { code } else { FINDINGS })
    }

    fn told_by(output: &Path) -> Result<&'static Format, Failure> {
        let name = store::file_name(output);
        let told = convert::format_of_target(&name).filter(|_| !name.to_lowercase().ends_with(".zip"));
        told.ok_or_else(|| {
            let one_of: Vec<&str> = formats::FORMATS.iter().filter(|format| format.write.is_some()).map(|format| format.name).collect();
            Failure::new(&format!("the name {name:?} does not tell the format"), &format!("Name it with --to: {}.", one_of.join(", ")))
        })
    }

    fn choices(&self) -> Choices {
        let extent = match self.extent {
            ExtentName::Article => Extent::Article,
            ExtentName::Page => Extent::Page,
        };
        Choices { encoding: None, extent, selector: self.select.clone(), raw: self.raw }
    }

    /// How everything that is written goes out: one way for all articles.
    fn pass(&self) -> Pass {
        let profile = match self.profile {
            ProfileName::Public => Profile::Public,
            ProfileName::Desk => Profile::Desk,
            ProfileName::Full => Profile::Full,
        };
        Pass { house: self.names, ..Pass::new(profile, self.work.environment().random()) }
    }

    fn session(&self, title: &str) -> Session {
        let mut session = Session::new(title, self.work.environment());
        let mut chance = self.work.environment();
        let person = self.work.person(session.project(), &mut chance);
        session.set_person(person);
        session
    }

    /// Brings inputs into an open project: one command, one step.
    fn bring(&self, session: &mut Session, found: &[Input]) -> Result<u8, Failure> {
        let mut draft = exchange::gather(session.project(), found, &self.choices(), &|_| true)?;
        tell(&draft.verified);
        draft.warnings.iter().for_each(|warning| note(warning));
        for (message, hint) in &draft.failed {
            note(&format!("{message} {hint}"));
        }
        let findings = !draft.failed.is_empty() || !draft.verified.unplaced.is_empty();
        if draft.placed.is_empty() {
            return Err(Failure::new(&"nothing could be read", "The lines above say why."));
        }
        let mut mapping = Mapping::suggest(session.project(), &draft.seen);
        if let Some(map) = &self.map {
            let bytes = store::read(map).map_err(|error| Failure::new(&error, error.hint()))?;
            let fault = |what: String| {
                Failure::new(&format!("{}: {what}", store::file_name(map)), "onrecord convert --help shows what a map looks like.")
            };
            mapping.apply_file(session.project(), &String::from_utf8_lossy(&bytes)).map_err(fault)?;
        }
        let placed = std::mem::take(&mut draft.placed);
        let adopted = Draft { placed, ..draft }.adopt(session.project(), &mapping);
        adopted.left_out.iter().for_each(|line| note(line));
        let done =
            session.run(&Command::Import { import: Box::new(adopted.import) }).map_err(|error| Failure::new(&error, error.hint()))?;
        note(&done.title);
        Ok(if findings { FINDINGS } else { CLEAN })
    }

    fn add_to_project(&self, found: &[Input], path: &Path) -> Result<u8, Failure> {
        let mut session = self.work.open(path)?;
        let code = self.bring(&mut session, found)?;
        super::output::save(&mut session, path)?;
        Ok(code)
    }

    fn to_project(&self, found: &[Input], output: &Path) -> Result<u8, Failure> {
        let name = store::file_name(output);
        let mut session = self.session(name.split('.').next().unwrap_or(&name));
        let (projects, others): (Vec<&Input>, Vec<&Input>) = found.iter().partition(|input| matches!(input.format.read, Reader::Project));
        let mut code = CLEAN;
        for input in projects {
            let project = open(input)?;
            let (head, draft, mapping) = self.released(project.project(), self.pass())?;
            take_labels(&mut session, &head)?;
            let reviews: usize = draft.placed.iter().map(|placed| placed.article.reviews.len()).sum();
            if reviews > 0 {
                note(&format!("Reviews of {} are left out: a copy of the file keeps them.", count(reviews, "source")));
            }
            let adopted = draft.adopt(session.project(), &mapping);
            session.run(&Command::Import { import: Box::new(adopted.import) }).map_err(|error| Failure::new(&error, error.hint()))?;
        }
        if !others.is_empty() {
            let others: Vec<Input> = others.into_iter().cloned().collect();
            code = self.bring(&mut session, &others)?;
        }
        super::output::create(&mut session, output)?;
        Ok(code)
    }

    /// A project as the profile lets it out, to come into another one under the ids of its own labels.
    fn released(&self, project: &Project, pass: Pass) -> Result<(Head, Draft, Mapping), Failure> {
        use formats::exchange::adopt::Target as To;
        let mut draft = Draft::default();
        let (head, releases) = self.releases(project, pass)?;
        let mut losses = Losses::default();
        for release in &releases {
            losses.count(release);
        }
        for loss in losses.left() {
            note(&loss.sentence());
        }
        for release in releases {
            let article = release.article().clone();
            draft.seen.add(&article);
            draft.placed.push(convert::place(None, article, Convention::SCALAR, &mut draft.verified)?);
        }
        let labels = draft.seen.labels.keys().map(|label| (label.clone(), To::Known(label.clone()))).collect();
        let kinds = draft.seen.kinds.keys().map(|kind| (kind.clone(), To::Known(kind.clone()))).collect();
        Ok((head, draft, Mapping { labels, kinds }))
    }

    fn releases(&self, project: &Project, pass: Pass) -> Result<(Head, Vec<Release>), Failure> {
        let only = self.document.as_deref().map(|named| super::document_named(project, named)).transpose()?;
        let releases = Releases::of(project, pass, only.as_ref());
        let documents = project.documents_in_order();
        let documents = documents.into_iter().filter(|document| only.as_ref().is_none_or(|only| document.id == *only));
        let head = releases.head(&self.work.environment().today());
        Ok((head, documents.map(|document| releases.release(document)).collect()))
    }

    fn to_format(&self, found: &[Input], to: &'static Format, output: &Path) -> Result<u8, Failure> {
        let shape = shape(output, to);
        if shape == Shape::File && to.is_folder {
            return Err(Failure::new(&format!("{} is several files", to.title), "Name a folder or a .zip."));
        }
        outgoing::refuse_project(output)?;
        outgoing::check_free(output, self.force)?;
        let alone = shape == Shape::File;
        // Of one project its names and colours are known, and its losses before anything is written; foreign files are read as they come.
        if let [one] = found
            && matches!(one.format.read, Reader::Project)
        {
            let session = open(one)?;
            let project = session.project();
            let document = self.document.as_deref().map(|named| super::document_named(project, named)).transpose()?;
            let export = Export { document, pass: self.pass(), format: to, today: self.work.environment().today() };
            for loss in export.losses(project, alone) {
                note(&loss.sentence());
            }
            say(&export.run(project, output, &|_| true)?);
            return Ok(CLEAN);
        }
        let mut target = Target::begin(output, shape)?;
        let mut told = Told::default();
        let pass = self.pass();
        let written = {
            let title = if pass.tells_house() { store::file_name(output) } else { String::new() };
            let head = Head { profile: pass.profile, today: self.work.environment().today(), title, ..Head::default() };
            if let Some(outgoing) = Outgoing::begin(to, head.clone(), alone, &mut target) {
                let mut outgoing = outgoing?;
                self.each(found, pass, &mut told, &mut |release| outgoing.take(release))?;
                outgoing.finish()?
            } else {
                let mut releases = Vec::new();
                self.each(found, pass, &mut told, &mut |release| {
                    releases.push(Ok(release));
                    Ok(())
                })?;
                convert::write(to, head, alone, &mut target, &mut releases.into_iter())?
            }
        };
        tell(&told.verified);
        for loss in &written.losses {
            note(&loss.sentence());
        }
        say(&written);
        Ok(if told.failed > 0 || !told.verified.unplaced.is_empty() { FINDINGS } else { CLEAN })
    }

    /// Hands over every article of all inputs, in their order.
    fn each(
        &self,
        found: &[Input],
        pass: Pass,
        told: &mut Told,
        take: &mut dyn FnMut(Release) -> Result<(), ExchangeError>,
    ) -> Result<(), Failure> {
        let choices = self.choices();
        let together = rayon::current_num_threads().max(2);
        let mut rest = found;
        while let Some(input) = rest.first() {
            let articles = rest.iter().take_while(|input| matches!(input.format.read, Reader::Article(_))).take(together).count();
            let (now, later) = rest.split_at(articles.max(1));
            rest = later;
            let read = if articles > 0 {
                now.iter().zip(read_articles(now, &choices, LIMIT, &|| true)?).try_for_each(|(input, read)| match read {
                    Ok(imported) => {
                        imported.warnings.iter().for_each(|warning| note(&format!("{}: {warning}", input.name)));
                        Self::flush(&mut vec![convert::annotated(imported)], Convention::SCALAR, pass, told, take)
                    }
                    Err(error) => {
                        told.fail(&error);
                        Ok(())
                    }
                })
            } else if matches!(input.format.read, Reader::Project) {
                let session = open(input)?;
                let (_, releases) = self.releases(session.project(), pass)?;
                releases.into_iter().try_for_each(&mut *take)
            } else {
                let mut waiting: Vec<Annotated> = Vec::new();
                let stated = input.format.convention;
                let read = input.open().and_then(|incoming| {
                    convert::read(input.format, incoming, &choices, &mut |warning| note(&warning), &mut |article| {
                        waiting.push(article);
                        if waiting.len() < 64 { Ok(()) } else { Self::flush(&mut waiting, stated, pass, told, take) }
                    })
                });
                read.and_then(|()| Self::flush(&mut waiting, stated, pass, told, take))
            };
            match read {
                Ok(()) => {}
                // One file among many does not keep the others back; one alone does.
                Err(error) if found.len() > 1 && !matches!(error, ExchangeError::Disk { .. }) => told.fail(&error),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Places what waits on all processors, and hands it over in order.
    fn flush(
        waiting: &mut Vec<Annotated>,
        stated: Convention,
        pass: Pass,
        told: &mut Told,
        take: &mut dyn FnMut(Release) -> Result<(), ExchangeError>,
    ) -> Result<(), ExchangeError> {
        let placed: Vec<_> = std::mem::take(waiting)
            .into_par_iter()
            .map(|article| {
                let mut verified = Verified::default();
                convert::place(None, article, stated, &mut verified).map(|placed| (convert::pass_on(placed, pass), verified))
            })
            .collect();
        for placed in placed {
            let (release, verified) = placed?;
            told.verified.add(verified);
            take(release)?;
        }
        Ok(())
    }
}

/// The labels of a project come as far as the profile lets them out; those that a new project begins with go where nothing has them.
fn take_labels(session: &mut Session, head: &Head) -> Result<(), Failure> {
    let fail = |error: crate::edit::EditError| Failure::new(&error, error.hint());
    if session.project().documents.is_empty() {
        let kinds: Vec<Command> =
            session.project().relation_kinds.entries().map(|(id, _)| Command::RemoveRelationKind { relation_kind: id.clone() }).collect();
        let labels = session.project().labels.entries().map(|(id, _)| Command::RemoveLabel { label: id.clone() });
        for command in kinds.into_iter().chain(labels.collect::<Vec<_>>()) {
            session.run(&command).map_err(fail)?;
        }
    }
    let labels = head.labels.iter().map(|label| label.as_ref().clone()).collect();
    let relation_kinds = head.relation_kinds.iter().map(|kind| kind.as_ref().clone()).collect();
    let import = Import { labels, relation_kinds, documents: Vec::new() };
    session.run(&Command::Import { import: Box::new(import) }).map(drop).map_err(fail)
}

/// What is told at the end.
#[derive(Default)]
struct Told {
    verified: Verified,
    failed: usize,
}

impl Told {
    fn fail(&mut self, error: &ExchangeError) {
        self.failed += 1;
        note(&format!("{error} {}", error.hint()));
    }
}

fn open(input: &Input) -> Result<Session, Failure> {
    let environment = WorkEnvironment::system(None);
    if let Some(path) = &input.path {
        return Session::open(path, environment).map_err(|error| Failure::new(&error, error.hint()));
    }
    // From an archive or a pipe.
    let Incoming::File { name, mut reader } = input.open()? else {
        return Err(ExchangeError::at(input.name.as_str(), "not one file").into());
    };
    let opened = native::read(&read_all(&name, &mut *reader)?);
    let opened = opened.map_err(|error| Failure::new(&format!("{name} cannot be opened: {error}"), error.hint()))?;
    Ok(Session::from_opened(opened, environment))
}

/// Most unplaced annotations that are listed by name.
const LISTED: usize = 20;

fn tell(verified: &Verified) {
    verified.lines().iter().for_each(|line| note(line));
    for one in verified.unplaced.iter().take(LISTED) {
        let offsets: Vec<String> = one.offsets.iter().map(|(start, end)| format!("{start}–{end}")).collect();
        let words: String = one.words.chars().take(60).collect();
        note(&format!("unplaced in {}: {} “{words}” at {}: {}", one.document, one.label, offsets.join(", "), one.why));
    }
    if verified.unplaced.len() > LISTED {
        note(&format!("and {} more", verified.unplaced.len() - LISTED));
    }
}

fn say(written: &Written) {
    note(&format!("wrote {} with {}", count(written.articles, "article"), count(written.annotations, "annotation")));
}
