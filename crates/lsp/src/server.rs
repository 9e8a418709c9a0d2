//! One session, from `initialize` to `exit`.

use crate::agreement::{Agreement, workspaces};
use crate::diagnostics::{self, Places};
use crate::documents::Document;
use crate::lines::Lines;
use crate::project::{Answer, Asked, Project};
use crate::transport::{Output, listen};
use crate::{actions, hover, symbols, uri};
use crossbeam_channel::RecvTimeoutError;
use lockkeeper_sources::markers;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeActionParams, CodeActionResponse, Diagnostic, DidChangeTextDocumentParams,
    DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DocumentSymbolParams, DocumentSymbolResponse, FileSystemWatcher, GlobPattern, Hover,
    HoverParams, InitializeParams, InitializeResult, PublishDiagnosticsParams, Registration, RegistrationParams,
    ServerInfo, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long nobody types before the documents are checked.
const PAUSE: Duration = Duration::from_millis(150);
/// How long someone can type without a check.
const PATIENCE: Duration = Duration::from_millis(750);

/// How a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client said so.
    Properly,
    /// The client has gone, or said so without `shutdown`.
    Abruptly,
}

/// Serves one client until it goes. What stands in `input` and is no message of the protocol is answered with an error.
pub fn serve(
    input: impl BufRead + Send + 'static,
    output: impl Write + Send + 'static,
    project: &mut dyn Project,
) -> Ended {
    let out = Output::new(output);
    let messages = listen(input, out.clone());
    let mut server = Server::new(out, project);
    loop {
        let next = match server.due {
            None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(due) => messages.recv_deadline(due),
        };
        match next {
            Ok(message) => {
                if let Some(ended) = server.hear(message) {
                    return ended;
                }
            }
            Err(RecvTimeoutError::Timeout) => server.check(),
            Err(RecvTimeoutError::Disconnected) => return Ended::Abruptly,
        }
    }
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Strange,
    Open,
    ShutDown,
}

struct Server<'p> {
    out: Output,
    project: &'p mut dyn Project,
    stage: Stage,
    agreement: Agreement,
    workspaces: Vec<PathBuf>,
    documents: BTreeMap<PathBuf, Document>,
    /// What was found when the documents were checked last.
    answer: Answer,
    /// What was said of each file last, and its version then.
    published: BTreeMap<PathBuf, (Option<i32>, Vec<Diagnostic>)>,
    /// When the documents are to be checked again.
    due: Option<Instant>,
    /// When the first change came that is not checked yet.
    waiting_since: Option<Instant>,
}

impl<'p> Server<'p> {
    fn new(out: Output, project: &'p mut dyn Project) -> Self {
        Server {
            out,
            project,
            stage: Stage::Strange,
            agreement: Agreement::default(),
            workspaces: Vec::new(),
            documents: BTreeMap::new(),
            answer: Answer::default(),
            published: BTreeMap::new(),
            due: None,
            waiting_since: None,
        }
    }

    fn hear(&mut self, message: Message) -> Option<Ended> {
        match message {
            Message::Request(request) => {
                let response = self.answer(request);
                self.out.send(response);
                None
            }
            Message::Notification(it) if it.method == "exit" => {
                Some(if self.stage == Stage::ShutDown { Ended::Properly } else { Ended::Abruptly })
            }
            Message::Notification(it) => {
                if self.stage == Stage::Open {
                    self.note(it);
                }
                None
            }
            // What we ask for, we ask for once; a client that refuses has its reasons.
            Message::Response(_) => None,
        }
    }

    fn answer(&mut self, Request { id, method, params }: Request) -> Response {
        let refuse = |id, code: ErrorCode, text: &str| Response::new_err(id, code as i32, text.to_owned());
        match (self.stage, method.as_str()) {
            (Stage::Strange, "initialize") => with(id, params, |it| self.initialize(&it)),
            (Stage::Strange, _) => refuse(id, ErrorCode::ServerNotInitialized, "the session begins with `initialize`"),
            (Stage::ShutDown, _) => refuse(id, ErrorCode::InvalidRequest, "the session is shut down"),
            (Stage::Open, "initialize") => refuse(id, ErrorCode::InvalidRequest, "the session has begun already"),
            (Stage::Open, "shutdown") => {
                self.stage = Stage::ShutDown;
                self.due = None;
                Response::new_ok(id, Value::Null)
            }
            (Stage::Open, "textDocument/codeAction") => with(id, params, |it| self.actions(&it)),
            (Stage::Open, "textDocument/hover") => with(id, params, |it| self.hover(&it)),
            (Stage::Open, "textDocument/documentSymbol") => with(id, params, |it| self.symbols(&it)),
            (Stage::Open, _) => refuse(id, ErrorCode::MethodNotFound, &format!("there is no method `{method}` here")),
        }
    }

    fn initialize(&mut self, params: &InitializeParams) -> InitializeResult {
        self.stage = Stage::Open;
        self.agreement = Agreement::with(&params.capabilities);
        self.workspaces = workspaces(params);
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        InitializeResult {
            capabilities: self.agreement.capabilities(),
            server_info: Some(ServerInfo { name: "lockkeeper".to_owned(), version }),
        }
    }

    /// Obeys a notification. One that cannot be understood is passed over, for nobody waits for an answer.
    fn note(&mut self, Notification { method, params }: Notification) {
        match method.as_str() {
            "initialized" => self.watch(),
            "textDocument/didOpen" => understood(params, |it| self.open(it)),
            "textDocument/didChange" => understood(params, |it| self.change(it)),
            "textDocument/didClose" => understood(params, |it| self.close(&it)),
            "workspace/didChangeWorkspaceFolders" => understood(params, |it| self.folders(&it)),
            // Whatever is new on the disk or in the settings is read with the next check.
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" | "workspace/didChangeConfiguration" => {
                self.soon(Duration::ZERO);
            }
            _ => {}
        }
    }

    /// Asks the client to say when files change that the check depends on.
    fn watch(&self) {
        if !self.agreement.watches {
            return;
        }
        let globs = ["*.sql", "*.py", "lockkeeper.toml", "alembic.ini"].into_iter().chain(markers());
        let watchers =
            globs.map(|it| FileSystemWatcher { glob_pattern: GlobPattern::String(format!("**/{it}")), kind: None });
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.collect() };
        let registration = Registration {
            id: "files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        self.out.send(Request::new("watch".to_owned().into(), "client/registerCapability".to_owned(), params));
    }

    fn open(&mut self, params: DidOpenTextDocumentParams) {
        let it = params.text_document;
        // What is not stored has no history.
        let Some(path) = uri::path_of(&it.uri) else { return };
        let lines = Lines::new(it.text.into(), self.agreement.encoding);
        self.project.set(&path, lines.text().clone());
        self.documents.insert(path, Document { uri: it.uri, version: it.version, lines });
        self.soon(Duration::ZERO);
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let Some(path) = uri::path_of(&params.text_document.uri) else { return };
        let Some(document) = self.documents.get_mut(&path) else { return };
        document.change(params.text_document.version, params.content_changes, self.agreement.encoding);
        self.project.set(&path, document.lines.text().clone());
        self.soon(PAUSE);
    }

    fn close(&mut self, params: &DidCloseTextDocumentParams) {
        let Some(path) = uri::path_of(&params.text_document.uri) else { return };
        let Some(document) = self.documents.remove(&path) else { return };
        self.project.unset(&path);
        // Under the address that the client knows; ours may be written in another way.
        if self.published.remove(&path).is_some_and(|it| !it.1.is_empty()) {
            self.tell(PublishDiagnosticsParams { uri: document.uri, diagnostics: Vec::new(), version: None });
        }
        self.soon(Duration::ZERO);
    }

    fn folders(&mut self, params: &DidChangeWorkspaceFoldersParams) {
        let removed: Vec<PathBuf> = params.event.removed.iter().filter_map(|it| uri::path_of(&it.uri)).collect();
        self.workspaces.retain(|it| !removed.contains(it));
        self.workspaces.extend(params.event.added.iter().filter_map(|it| uri::path_of(&it.uri)));
        self.soon(Duration::ZERO);
    }

    /// Has the documents checked when nothing more is heard for a while.
    fn soon(&mut self, pause: Duration) {
        let now = Instant::now();
        let first = *self.waiting_since.get_or_insert(now);
        self.due = Some((now + pause).min(first + PATIENCE));
    }

    fn asked(&self, path: &Path) -> Asked {
        let around = self.workspaces.iter().filter(|it| path.starts_with(it));
        let workspace = around.max_by_key(|it| it.components().count()).map(PathBuf::as_path).or(path.parent());
        Asked { path: path.to_owned(), workspace: workspace.unwrap_or(path).to_owned() }
    }

    fn check(&mut self) {
        (self.due, self.waiting_since) = (None, None);
        let documents: Vec<Asked> = self.documents.keys().map(|it| self.asked(it)).collect();
        self.answer = self.project.check(&documents);
        let mut found = self.with_places(|places| diagnostics::all(&self.answer, places));
        let silent = self.documents.keys().chain(self.published.keys());
        for path in silent.cloned().collect::<Vec<_>>() {
            found.entry(path).or_default();
        }
        for (path, diagnostics) in found {
            self.publish(path, diagnostics);
        }
    }

    /// Tells the client, unless it knows.
    fn publish(&mut self, path: PathBuf, diagnostics: Vec<Diagnostic>) {
        let document = self.documents.get(&path);
        let version = document.map(|it| it.version);
        let said = (version, diagnostics);
        if self.published.get(&path) == Some(&said) {
            return;
        }
        let Some(uri) = document.map(|it| it.uri.clone()).or_else(|| uri::of(&path)) else { return };
        self.tell(PublishDiagnosticsParams { uri, diagnostics: said.1.clone(), version });
        if document.is_none() && said.1.is_empty() {
            self.published.remove(&path);
        } else {
            self.published.insert(path, said);
        }
    }

    fn tell(&self, params: PublishDiagnosticsParams) {
        self.out.send(Notification::new("textDocument/publishDiagnostics".to_owned(), params));
    }

    /// Checks what has changed, so that what is said next fits the text.
    fn catch_up(&mut self) {
        if self.due.is_some() {
            self.check();
        }
    }

    fn with_places<R>(&self, work: impl FnOnce(&Places<'_>) -> R) -> R {
        let open = |path: &Path| self.documents.get(path).map(|it| (it.lines.clone(), it.uri.clone()));
        work(&Places { agreement: self.agreement, open: &open })
    }

    fn document(&self, uri: &Uri) -> Option<(PathBuf, &Document)> {
        let path = uri::path_of(uri)?;
        let document = self.documents.get(&path)?;
        Some((path, document))
    }

    fn actions(&mut self, params: &CodeActionParams) -> CodeActionResponse {
        self.catch_up();
        let Some((path, document)) = self.document(&params.text_document.uri) else { return Vec::new() };
        self.with_places(|places| actions::at(&path, document, params, &self.answer, places))
    }

    fn hover(&mut self, params: &HoverParams) -> Option<Hover> {
        self.catch_up();
        let at = &params.text_document_position_params;
        let (path, _) = self.document(&at.text_document.uri)?;
        let effects = self.project.effects(&self.asked(&path));
        let document = self.documents.get(&path)?;
        hover::at(&path, &document.lines, at.position, &self.answer, effects.as_ref())
    }

    fn symbols(&mut self, params: &DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
        self.catch_up();
        let (path, _) = self.document(&params.text_document.uri)?;
        let effects = self.project.effects(&self.asked(&path));
        let document = self.documents.get(&path)?;
        let symbols = symbols::of(&path, &document.lines, &self.answer, effects.as_ref());
        Some(DocumentSymbolResponse::Nested(symbols))
    }
}

/// The response to a request: what comes of its parameters, or why they are none.
fn with<P: DeserializeOwned, R: Serialize>(id: RequestId, params: Value, work: impl FnOnce(P) -> R) -> Response {
    match serde_json::from_value(params) {
        Ok(params) => Response::new_ok(id, work(params)),
        Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}

fn understood<P: DeserializeOwned>(params: Value, work: impl FnOnce(P)) {
    if let Ok(params) = serde_json::from_value(params) {
        work(params);
    }
}
