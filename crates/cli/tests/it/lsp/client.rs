//! An editor's side of the protocol.

use crate::Project;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// An editor with the server that it has started in a project.
pub(crate) struct Editor<'p> {
    project: &'p Project,
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    asked: i64,
}

impl<'p> Editor<'p> {
    /// The editor before `initialize`.
    pub(crate) fn start(project: &'p Project) -> Self {
        let mut command = project.command("lsp");
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let input = server.stdin.take();
        let mut output = BufReader::new(server.stdout.take().expect("it has an output"));
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Editor { project, server, input, messages, asked: 0 }
    }

    /// The editor with a session whose client has these capabilities.
    pub(crate) fn with(project: &'p Project, capabilities: Value) -> Self {
        let mut editor = Self::start(project);
        let root = editor.uri("");
        editor.ask("initialize", json!({"processId": null, "rootUri": root, "capabilities": capabilities}));
        editor.say("initialized", json!({}));
        editor
    }

    /// The address of a file of the project.
    pub(crate) fn uri(&self, path: &str) -> String {
        format!("file://{}", self.project.path().join(path).display())
    }

    pub(crate) fn document(&self, path: &str) -> Value {
        json!({"uri": self.uri(path)})
    }

    /// Opens a document with a text, and gives the diagnostics that come.
    pub(crate) fn open(&mut self, path: &str, text: &str) -> Vec<Value> {
        let uri = self.uri(path);
        let item = json!({"uri": uri, "languageId": "sql", "version": 1, "text": text});
        self.say("textDocument/didOpen", json!({"textDocument": item}));
        self.diagnostics(path)
    }

    /// Replaces a range `(line, column)` to `(line, column)`.
    pub(crate) fn edit(&mut self, path: &str, version: i32, from: (u32, u32), to: (u32, u32), text: &str) {
        let position = |(line, character): (u32, u32)| json!({"line": line, "character": character});
        let change = json!({"range": {"start": position(from), "end": position(to)}, "text": text});
        let document = json!({"uri": self.uri(path), "version": version});
        self.say("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
    }

    /// The next diagnostics of a file.
    pub(crate) fn diagnostics(&mut self, path: &str) -> Vec<Value> {
        let uri = self.uri(path);
        let message = self.next(|it| it["method"] == "textDocument/publishDiagnostics" && it["params"]["uri"] == uri);
        message["params"]["diagnostics"].as_array().cloned().expect("diagnostics are a list")
    }

    /// The result of a request.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let response = self.response(method, params);
        assert_eq!(response["error"], Value::Null, "{method}");
        response["result"].clone()
    }

    /// The response to a request.
    pub(crate) fn response(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string());
        self.next(|it| it["id"] == id && it["method"].is_null())
    }

    pub(crate) fn say(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string());
    }

    /// Sends any text as the body of a message.
    pub(crate) fn send(&mut self, body: &str) {
        let input = self.input.as_mut().expect("the session goes on");
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        input.flush().expect("the server reads");
    }

    /// The next message that is wanted; others are passed over.
    pub(crate) fn next(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("the server answers");
            if wanted(&message) {
                return message;
            }
        }
    }

    /// Ends the session and gives the exit status of the server.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.ask("shutdown", Value::Null);
        self.say("exit", Value::Null);
        self.server.wait().expect("the server ends").code()
    }

    /// Goes without a word.
    pub(crate) fn hang_up(mut self) -> Option<i32> {
        drop(self.input.take());
        self.server.wait().expect("the server ends").code()
    }
}

impl Drop for Editor<'_> {
    fn drop(&mut self) {
        // A test that failed leaves no server behind.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn read(output: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut header = String::new();
    output.read_line(&mut header).ok().filter(|it| *it > 0)?;
    let length: usize = header.strip_prefix("Content-Length: ")?.trim_end().parse().ok()?;
    output.read_line(&mut String::new()).ok()?;
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
