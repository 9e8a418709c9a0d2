//! A history, statement by statement: what each does, what is held, what fails because of what.

mod blur;
mod body;
mod calls;
mod control;
mod exists;
mod held;
mod pending;
mod values;

use control::ends_transaction;
pub use held::{Held, HeldLock, OpenedBy, TransactionInfo};

use crate::catalog::{Change, Relation, RelationId, RelationKind};
use crate::effects::{Effects, Failure, StatementId};
use crate::interpret::{Context, Interpretation, interpret_alone};
use crate::{Catalog, Envelope, ObjectName, Origin, Refusal, Runner, Session, Version};
use lockkeeper_syntax::ast::{Body, Persistence, Statement, Transaction};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// One file of a history, ready to be replayed.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// Its statements in order.
    pub statements: &'a [Statement],
    /// How its tool sends it.
    pub runner: Runner,
    /// Where the tool ends a transaction within the file and sends the rest in another way; in order.
    pub sections: &'a [Section],
    /// The statements in front of which its tool sends something that is not read, by number; in order.
    pub unread: &'a [usize],
    /// Whether it is not yet applied anywhere, and runs together with the others that are not.
    pub pending: bool,
    /// Whether it is no part of the history: what it changes is taken back behind it. So a way back is looked at from
    /// where the script before it has left the schema.
    pub detour: bool,
}

impl<'a> Script<'a> {
    /// A script that its tool sends in one way from the first statement to the last, as part of the history.
    pub fn new(statements: &'a [Statement], runner: Runner) -> Self {
        Script { statements, runner, sections: &[], unread: &[], pending: false, detour: false }
    }
}

/// From one statement of a script on, its tool sends it in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The number of the first statement.
    pub from: usize,
    /// How the tool sends what follows.
    pub runner: Runner,
}

/// What the history rests on.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The server.
    pub version: Version,
    /// Whether the database may hold more than the history shows from the start, as for a single file.
    pub partial: bool,
    /// How the history goes on behind a statement that fails.
    pub failures: Failures,
    /// Statements that were not sent to the server: they do nothing, fail nothing, and are not shown.
    pub left_out: BTreeSet<StatementId>,
    /// The `TimeZone` of a new session, where the server is known.
    pub time_zone: Option<SmolStr>,
    /// From this script on all are one detour, each from where the one before it has left the schema.
    pub detour_from: Option<usize>,
}

/// How a history goes on behind a statement that fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Failures {
    /// As if the mistake were mended, so that one mistake gives one finding: for rules.
    #[default]
    Mended,
    /// As on the server, where a refused statement changes nothing.
    Real,
    /// A server has run the history already and refused these statements and no others.
    Seen(BTreeSet<StatementId>),
}

/// One statement at its moment: the catalog is as the statement finds it.
pub struct Step<'a> {
    /// Which statement.
    pub id: StatementId,
    /// The statement.
    pub statement: &'a Statement,
    /// The schema before it.
    pub catalog: &'a Catalog,
    /// What it does, as if earlier failures were mended. With a failure of its own, nothing but that failure.
    pub effects: &'a Effects,
    /// What the server says, if it refuses: the statement's own failure or one that an earlier failure causes.
    pub failure: Option<&'a Failure>,
    /// What the open transaction holds before it; empty outside of one.
    pub held: &'a Held,
    /// Of `ROLLBACK TO`: what is still held after it.
    pub kept: Option<&'a Held>,
    /// The transaction that it runs in.
    pub transaction: TransactionInfo,
    /// The settings in force.
    pub session: &'a Session,
    /// How the file is sent.
    pub runner: Runner,
    /// The server.
    pub version: Version,
    /// Of a statement in the code of a `DO` block or function: how it runs. It is shown after the statement that runs
    /// the code, and has that one's number.
    pub inside: Option<Inside>,
    pending: &'a [bool],
}

impl Step<'_> {
    /// Whether no session but this one can meet the relation: it is temporary, or this script or another pending one
    /// created it.
    pub fn is_new(&self, relation: RelationId) -> bool {
        let Some(relation) = self.catalog.get(relation) else { return true };
        relation.persistence == Persistence::Temporary
            || match relation.origin {
                Origin::Created(place) => self.is_new_place(place.statement),
                Origin::Assumed(_) => false,
            }
    }

    /// Whether what `statement` made is new in the same sense.
    pub fn is_new_place(&self, statement: StatementId) -> bool {
        let pending = |script: u32| self.pending.get(script as usize).copied().unwrap_or(false);
        statement.script == self.id.script || (pending(statement.script) && pending(self.id.script))
    }
}

/// How a statement inside another runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// Only under a condition that is not known.
    pub possible: bool,
}

/// What remains after a history.
#[derive(Debug)]
pub struct History {
    /// The schema at its end.
    pub catalog: Catalog,
    /// How many transactions it took.
    pub transactions: u32,
}

/// Replays `scripts` in order and shows each statement to `visit` before it takes effect.
pub fn replay(scripts: &[Script<'_>], options: &Options, visit: &mut dyn FnMut(&Step<'_>)) -> History {
    let pending: Vec<bool> = scripts.iter().map(|it| it.pending).collect();
    let mut fold = Fold {
        catalog: Catalog::new(options.partial),
        version: options.version,
        session: Session::default(),
        open: None,
        transactions: 0,
        pending,
        first: None,
        lacking: false,
        failures: options.failures.clone(),
        left_out: options.left_out.clone(),
        time_zone: options.time_zone.clone(),
        lost: FxHashMap::default(),
        left: false,
        temporary: Vec::new(),
        detour: None,
    };
    for (at, script) in scripts.iter().enumerate() {
        if options.detour_from == Some(at) {
            fold.detour((at..).zip(&scripts[at..]), visit);
            break;
        }
        if script.detour {
            fold.detour([(at, script)].into_iter(), visit);
        } else {
            fold.script(at as u32, script, visit);
        }
    }
    fold.end(None);
    History { catalog: fold.catalog, transactions: fold.transactions }
}

struct Fold {
    catalog: Catalog,
    version: Version,
    session: Session,
    open: Option<Open>,
    transactions: u32,
    pending: Vec<bool>,
    /// The first script that has statements.
    first: Option<u32>,
    /// Whether the current script named something that the catalog lacks.
    lacking: bool,
    failures: Failures,
    left_out: BTreeSet<StatementId>,
    time_zone: Option<SmolStr>,
    /// The relations that a failed statement would have made, unless failures count as mended.
    lost: FxHashMap<ObjectName, StatementId>,
    /// Whether the file ended the transaction that its tool opened; the tool does not open another.
    left: bool,
    /// The temporary relations of the session, some of which go with their transaction.
    temporary: Vec<RelationId>,
    /// On a detour: undoes what has been committed on it, to be applied from the last to the first.
    detour: Option<Vec<Change>>,
}

/// An open transaction.
struct Open {
    info: TransactionInfo,
    held: Held,
    /// Undoes the changes so far, to be applied from the last to the first.
    undo: Vec<Change>,
    session: Session,
    savepoints: Vec<Savepoint>,
    failed: Option<StatementId>,
}

struct Savepoint {
    name: SmolStr,
    undo: usize,
    held: Held,
    session: Session,
    failed: Option<StatementId>,
}

/// How a transaction ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Commit,
    Rollback,
}

impl Fold {
    /// Goes through scripts and back to where they began. A transaction that is open over several files waits meanwhile.
    fn detour<'s>(&mut self, scripts: impl Iterator<Item = (usize, &'s Script<'s>)>, visit: &mut dyn FnMut(&Step<'_>)) {
        let outside = (self.open.take(), self.session.clone(), std::mem::take(&mut self.temporary));
        self.detour = Some(Vec::new());
        for (at, script) in scripts {
            self.script(at as u32, script, visit);
            self.end(None);
        }
        let undo = self.detour.take().unwrap_or_default();
        self.undo(undo);
        (self.open, self.session, self.temporary) = outside;
    }

    fn script(&mut self, script: u32, it: &Script<'_>, visit: &mut dyn FnMut(&Step<'_>)) {
        (self.lacking, self.left) = (false, false);
        if !it.statements.is_empty() {
            self.first.get_or_insert(script);
        }
        let mut runner = it.runner;
        let joins = it.pending && runner.transaction == Envelope::Run && self.runs_on();
        if !joins {
            self.end(None);
            self.session = Session::default();
            // Temporary relations may be gone, or not: many tools keep one connection for all files. So they stay, and
            // their names are free (`check_new_name`).
            self.temporary.clear();
            self.session.preset(runner.lock_timeout, runner.statement_timeout, self.time_zone.clone());
        }
        for (at, statement) in it.statements.iter().enumerate() {
            // Of several that begin here, those before the last send nothing.
            if let Some(section) = it.sections.iter().rfind(|it| it.from == at) {
                self.commit_own();
                self.left = false;
                runner = section.runner;
            }
            let id = StatementId { script, statement: at as u32 };
            if it.unread.binary_search(&at).is_ok() {
                self.pass_unread(id);
            }
            let alone = runner.alone.takes(&statement.body);
            if alone {
                self.commit_own();
            }
            if self.open.is_none() && !alone {
                match runner.transaction {
                    Envelope::File | Envelope::Run if !self.left => self.begin(OpenedBy::Runner),
                    Envelope::File | Envelope::Run => {}
                    Envelope::None if runner.single_query && it.statements.len() > 1 => {
                        self.begin(OpenedBy::SingleQuery)
                    }
                    Envelope::None => {}
                }
            }
            if !self.left_out.contains(&id) {
                self.statement(id, statement, runner, visit);
            }
        }
        if it.unread.last() >= Some(&it.statements.len()) {
            self.pass_unread(StatementId { script, statement: it.statements.len() as u32 });
        }
        if runner.transaction != Envelope::Run || !it.pending {
            self.commit_own();
            // What the file itself opened and did not commit is rolled back when the session ends.
            self.end(Some(End::Rollback));
        }
        if self.lacking && !self.catalog.partial() && self.detour.is_none() {
            self.catalog.apply(Change::Partial(true));
        }
    }

    /// Something is sent that is not read: what is missing may be there from here on, and what is there may be gone.
    fn pass_unread(&mut self, before: StatementId) {
        for change in self.catalog.unread(before) {
            let undo = self.catalog.apply(change);
            self.commit(vec![undo]);
        }
    }

    /// Commits what the tool or the server opened; a `BEGIN` of the file is the file's to end.
    fn commit_own(&mut self) {
        if self.open.as_ref().is_some_and(|it| it.info.opened_by != OpenedBy::File) {
            self.end(Some(End::Commit));
        }
    }

    /// Whether a transaction over several files is open.
    fn runs_on(&self) -> bool {
        self.open.as_ref().is_some_and(|it| it.info.opened_by == OpenedBy::Runner)
    }

    fn begin(&mut self, opened_by: OpenedBy) {
        self.transactions += 1;
        self.open = Some(Open {
            info: TransactionInfo { id: self.transactions, opened_by },
            held: Held::default(),
            undo: Vec::new(),
            session: self.session.clone(),
            savepoints: Vec::new(),
            failed: None,
        });
    }

    /// Ends the open transaction, if there is one; by default the way its opener would.
    fn end(&mut self, how: Option<End>) {
        let Some(open) = self.open.take() else { return };
        match how.unwrap_or(End::Commit) {
            End::Commit if self.failures == Failures::Mended => {
                if let Some(failed) = open.failed {
                    // On the server it is a rollback. Rules go on as if the failure were mended, so the changes stay.
                    for change in &open.undo {
                        if let Change::Relation { id, to: None } = change {
                            self.catalog.doubt(*id, failed);
                        }
                    }
                }
                self.commit(open.undo);
            }
            End::Commit if open.failed.is_none() => self.commit(open.undo),
            End::Commit | End::Rollback => {
                if let Some(failed) = open.failed {
                    let made = open.undo.iter().filter_map(|it| match it {
                        Change::Relation { id, to: None } => self.catalog.get(*id).map(|it| it.name.clone()),
                        _ => None,
                    });
                    self.lost.extend(made.map(|it| (it, failed)));
                }
                self.undo(open.undo);
                self.session = open.session;
            }
        }
        self.session.end_transaction();
        self.drop_temporary(|it| it.on_commit_drop);
    }

    /// Drops those temporary relations of the session whose time has come.
    fn drop_temporary(&mut self, ends: impl Fn(&Relation) -> bool) {
        let catalog = &self.catalog;
        let gone: Vec<RelationId> =
            self.temporary.iter().copied().filter(|it| catalog.get(*it).is_some_and(&ends)).collect();
        self.temporary.retain(|it| catalog.get(*it).is_some_and(|it| !ends(it)));
        for id in gone {
            for part in self.catalog.belongings(id).into_iter().rev() {
                let undo = self.catalog.apply(Change::Relation { id: part, to: None });
                self.commit(vec![undo]);
            }
        }
    }

    /// Changes that no rollback will undo any more.
    fn commit(&mut self, undo: Vec<Change>) {
        if let Some(detour) = &mut self.detour {
            detour.extend(undo);
        }
    }

    fn undo(&mut self, changes: Vec<Change>) {
        for change in changes.into_iter().rev() {
            self.catalog.apply(change);
        }
    }

    fn statement(&mut self, id: StatementId, statement: &Statement, runner: Runner, visit: &mut dyn FnMut(&Step<'_>)) {
        if self.open.is_none() {
            // Counted here so that each statement has a transaction; the number is used up by BEGIN as well.
            self.transactions += 1;
        }
        let done = match &statement.body {
            Body::Transaction(control) => self.transaction_control(statement, control),
            _ => interpret_alone(
                statement,
                &mut self.catalog,
                &Context {
                    id,
                    session: &self.session,
                    version: self.version,
                    transaction: self.open.as_ref().map(|it| it.info),
                    first: self.first == Some(id.script),
                },
            ),
        };
        let done = if statement.possible { done.perhaps(self.catalog.partial()) } else { done };
        let Interpretation { mut effects, changes, caused, lacking } = done;
        // Where a server refused the statement, what it names was not there.
        let refused = matches!(&self.failures, Failures::Seen(refused) if refused.contains(&id));
        self.lacking |= lacking && !refused;
        if let Some(Failure { refusal: Refusal::MissingRelation { name, .. }, caused_by, .. }) = &mut effects.failure {
            *caused_by = self.lost.get(name).copied();
        }
        let waits = self.open.as_ref().and_then(|it| pending::in_the_way(statement, &effects, &it.held));
        if waits.is_some() {
            effects = Effects { failure: waits, assumed: effects.assumed, ..Effects::default() };
        }
        if let Some(open) = &self.open {
            open.held.keep_files(statement, &mut effects);
        }
        let changes = self.assume(changes);
        let aborted = self.open.as_ref().and_then(|it| it.failed).filter(|_| !ends_transaction(&statement.body));
        let aborted = aborted.map(|by| Failure {
            refusal: Refusal::AbortedTransaction,
            span: statement.span,
            caused_by: Some(by),
        });
        // What does not parse is refused even there.
        let unparsed = effects.failure.as_ref().filter(|it| it.refusal.is_of_grammar());
        let failure = unparsed.or(aborted.as_ref()).or(caused.as_ref()).or(effects.failure.as_ref());
        let nothing = Held::default();
        let step = Step {
            id,
            statement,
            catalog: &self.catalog,
            effects: &effects,
            failure,
            held: self.open.as_ref().map_or(&nothing, |it| &it.held),
            kept: self.kept(&statement.body),
            transaction: self.transaction_of(&statement.body),
            session: &self.session,
            runner,
            version: self.version,
            inside: None,
            pending: &self.pending,
        };
        visit(&step);
        let failed = match &self.failures {
            Failures::Mended | Failures::Real => failure.map(|it| it.caused_by.unwrap_or(id)),
            Failures::Seen(refused) => refused.contains(&id).then_some(id),
        };
        self.take_effect(id, statement, &effects, changes, failed);
        if effects.failure.is_none() && (failed.is_none() || self.failures != Failures::Real) {
            self.run_code(id, statement, runner, aborted, visit);
        }
    }

    /// Enters what the statement takes to exist, so that whoever looks at it finds it; gives the other changes.
    fn assume(&mut self, changes: Vec<Change>) -> Vec<Change> {
        let (assumed, own): (Vec<Change>, Vec<Change>) = changes
            .into_iter()
            .partition(|it| matches!(it, Change::Relation { to: Some(relation), .. } if !relation.known()));
        for change in assumed {
            // It was there before the transaction, so no rollback takes it away.
            self.catalog.apply(change);
        }
        own
    }

    /// What `ROLLBACK TO` leaves held.
    fn kept(&self, body: &Body) -> Option<&Held> {
        let Body::Transaction(Transaction::RollbackTo(name)) = body else { return None };
        let savepoints = &self.open.as_ref()?.savepoints;
        savepoints.iter().rev().find(|it| it.name == name.text).map(|it| &it.held)
    }

    fn transaction_of(&self, body: &Body) -> TransactionInfo {
        match (&self.open, body) {
            (Some(open), _) => open.info,
            (None, Body::Transaction(Transaction::Begin | Transaction::Start)) => {
                TransactionInfo { id: self.transactions, opened_by: OpenedBy::File }
            }
            (None, _) => TransactionInfo { id: self.transactions, opened_by: OpenedBy::Statement },
        }
    }

    fn take_effect(
        &mut self,
        id: StatementId,
        statement: &Statement,
        effects: &Effects,
        changes: Vec<Change>,
        failed: Option<StatementId>,
    ) {
        if let Some(failed) = failed.filter(|_| self.failures != Failures::Mended) {
            if effects.failure.is_none() && self.open.is_none() && builds_concurrently(&statement.body) {
                return self.leave_invalid(changes);
            }
            return self.fail(id, statement, changes, failed);
        }
        let created = body::created(&changes);
        let undo: Vec<Change> = changes.into_iter().map(|it| self.catalog.apply(it)).collect();
        if let Some(failed) = failed {
            for relation in &created {
                self.catalog.doubt(*relation, failed);
            }
        }
        let in_transaction = self.open.is_some();
        let is_temporary = |id: &&RelationId| {
            self.catalog.get(**id).is_some_and(|it| it.persistence == Persistence::Temporary && it.as_index().is_none())
        };
        self.temporary.extend(created.iter().filter(is_temporary));
        if !in_transaction {
            self.drop_temporary(|it| it.on_commit_drop);
        }
        if let Some(open) = &mut self.open {
            open.undo.extend(undo);
            for lock in &effects.locks {
                open.held.take(lock.relation, lock.mode, id);
            }
            if failed.is_none() {
                open.held.note_files(effects, &created);
                pending::note(statement, effects, &self.catalog, &mut open.held);
            }
            if open.failed.is_none() && !ends_transaction(&statement.body) {
                open.failed = failed;
            }
        } else {
            self.commit(undo);
        }
        self.obey_settings(statement, in_transaction);
        if let Body::Transaction(control) = &statement.body {
            self.obey(control);
        }
    }

    /// A refused statement changes nothing but its transaction.
    fn fail(&mut self, id: StatementId, statement: &Statement, changes: Vec<Change>, failed: StatementId) {
        for change in changes {
            if let Change::Relation { to: Some(relation), .. } = change {
                self.lost.insert(relation.name, failed);
            }
        }
        if let Some(open) = &mut self.open {
            open.failed.get_or_insert(id);
        }
        // A COMMIT that is refused has rolled back all the same; a ROLLBACK TO of no savepoint has not.
        if let Body::Transaction(
            control @ (Transaction::Commit { .. } | Transaction::Rollback { .. } | Transaction::Prepare),
        ) = &statement.body
        {
            self.obey(control);
        }
    }

    /// The index of a concurrent build that failed on its way may be there, but not valid.
    fn leave_invalid(&mut self, changes: Vec<Change>) {
        for mut change in changes {
            if let Change::Relation { to: Some(relation), .. } = &mut change
                && let RelationKind::Index(index) = &mut relation.kind
            {
                index.valid = false;
                relation.origin = Origin::Assumed(relation.place());
                self.catalog.apply(change);
            }
        }
    }
}

fn builds_concurrently(body: &Body) -> bool {
    matches!(body, Body::CreateIndex(it) if it.concurrently.is_some())
}
