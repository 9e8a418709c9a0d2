//! A forge that answers as the documentation says, keeps what it is told, and refuses what has another shape.

use boon::{Compiler, Schemas};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

const SHAPES: &str = include_str!("shapes.json");

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
}

/// The server and what came to it.
pub(crate) struct Forge {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Forge {
    /// A forge whose answers `answer` gives: a status and a body for method and path.
    pub(crate) fn new(answer: impl Fn(&str, &str) -> (u16, Value) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = format!("http://{}", listener.local_addr().expect("it has an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(request) = read(&stream) else { continue };
                let (status, body) = answer(&request.method, &request.path);
                let (status, body) = match misshapen(&request) {
                    Some(error) if status < 300 => (422, json!({ "message": error })),
                    _ => (status, body),
                };
                keep.lock().expect("nobody failed").push(request);
                reply(stream, status, &body.to_string());
            }
        });
        Forge { address, seen }
    }

    /// What came, as `METHOD path`.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().iter().map(|it| format!("{} {}", it.method, it.path)).collect()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("nobody failed").clone()
    }

    /// The body of the only request of this method whose path ends so.
    pub(crate) fn told(&self, method: &str, end: &str) -> Value {
        let seen = self.seen();
        let mut matching = seen.iter().filter(|it| it.method == method && it.path.ends_with(end));
        let found = matching.next().unwrap_or_else(|| panic!("no {method} …{end} in {:?}", self.lines()));
        assert!(matching.next().is_none(), "one {method} …{end}: {:?}", self.lines());
        found.body.clone()
    }
}

fn read(stream: &TcpStream) -> Option<Seen> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    Some(Seen { method, path, headers, body: serde_json::from_slice(&bytes).unwrap_or_default() })
}

fn reply(mut stream: TcpStream, status: u16, body: &str) {
    let head = format!("HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nConnection: close\r\n");
    // Who has gone needs no answer.
    let _ = stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
}

/// What is wrong with the body of a request that writes.
fn misshapen(request: &Seen) -> Option<String> {
    let shape = match request.method.as_str() {
        "GET" => return None,
        _ if request.path.ends_with("/reviews") => "review",
        _ if request.path.ends_with("/discussions") => "discussion",
        _ => "comment",
    };
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    let all = serde_json::from_str(SHAPES).expect("the shapes are JSON");
    compiler.add_resource("shapes.json", all).expect("the shapes can be read");
    let index = compiler.compile(&format!("shapes.json#/$defs/{shape}"), &mut schemas).expect("the shape is known");
    schemas.validate(&request.body, index).err().map(|error| format!("{shape}: {error:#}"))
}
