//! Node as the machine of the command line.

use crate::walk::{Kind, Listing, walk};
use js_sys::{Array, Reflect, Uint8Array};
use lockkeeper_cli::{Depth, GitRun, Host, HttpAnswer, HttpRequest, PathKind, WalkError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use wasm_bindgen::prelude::*;

/// The functions of `host.js`. Paths are written with `/` on every system.
#[wasm_bindgen(raw_module = "../host.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = readFile)]
    fn read_file(path: &str) -> Result<Vec<u8>, JsValue>;
    #[wasm_bindgen(catch, js_name = writeFile)]
    fn write_file(path: &str, bytes: &[u8]) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_name = makeFolder)]
    fn make_folder(path: &str) -> Result<(), JsValue>;
    /// `d` for a folder, `f` for anything else; links are followed.
    #[wasm_bindgen(catch)]
    fn kind(path: &str) -> Result<String, JsValue>;
    /// Names, each after `d` for a folder, `f` for a file, also at the end of a link, or `o` for anything else.
    #[wasm_bindgen(catch)]
    fn list(path: &str) -> Result<Vec<String>, JsValue>;
    #[wasm_bindgen(catch, js_name = readInput)]
    fn read_input() -> Result<Vec<u8>, JsValue>;
    #[wasm_bindgen(catch, js_name = writeOut)]
    fn write_out(bytes: &[u8]) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = writeError)]
    fn write_error(text: &str);
    fn variable(name: &str) -> Option<String>;
    #[wasm_bindgen(js_name = isTerminal)]
    fn is_terminal() -> bool;
    /// Status (`-1` without one), standard output and standard error.
    #[wasm_bindgen(catch)]
    fn git(folder: &str, args: Vec<String>) -> Result<Array, JsValue>;
    /// Status and body.
    #[wasm_bindgen(catch)]
    fn http(method: &str, url: &str, headers: Vec<String>, body: Option<String>) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_name = currentFolder)]
    fn current_folder() -> Result<String, JsValue>;
    fn elapsed() -> f64;
}

/// The process of Node that the module runs in.
pub(crate) struct Node;

impl Host for Node {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read_file(text(path)?).map_err(error)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        write_file(text(path)?, bytes).map_err(error)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        make_folder(text(path)?).map_err(error)
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        let kind = kind(text(path)?).map_err(error)?;
        Ok(if kind == "d" { PathKind::Folder } else { PathKind::File })
    }

    fn walk(&self, folder: &Path, depth: Depth) -> Vec<Result<PathBuf, WalkError>> {
        walk(folder, depth, &Files)
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        read_input().map_err(error)
    }

    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        write_out(bytes).map_err(error)
    }

    fn stderr(&self, text: &str) {
        write_error(text);
    }

    fn env(&self, name: &str) -> Option<String> {
        variable(name)
    }

    fn is_terminal(&self) -> bool {
        is_terminal()
    }

    fn git(&self, folder: &Path, args: &[&str]) -> io::Result<GitRun> {
        let run = git(text(folder)?, args.iter().map(|it| (*it).to_owned()).collect()).map_err(error)?;
        let bytes = |at| Uint8Array::new(&run.get(at)).to_vec();
        Ok(GitRun { success: run.get(0) == 0, stdout: bytes(1), stderr: bytes(2) })
    }

    fn http(&self, request: &HttpRequest<'_>) -> io::Result<HttpAnswer> {
        let headers = request.headers.iter().flat_map(|(name, value)| [(*name).to_owned(), value.clone()]).collect();
        let body = request.body.map(str::to_owned);
        let answer = http(request.method, request.url, headers, body).map_err(error)?;
        let status = answer.get(0).as_f64().unwrap_or_default() as u16;
        Ok(HttpAnswer { status, body: Uint8Array::new(&answer.get(1)).to_vec() })
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        current_folder().map(PathBuf::from).map_err(error)
    }

    fn parallelism(&self) -> usize {
        1
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs_f64(elapsed().max(0.0) / 1_000.0)
    }

    fn today(&self) -> Option<i64> {
        Some((js_sys::Date::now() / 86_400_000.0) as i64)
    }
}

/// The folders, for the walk.
struct Files;

impl Listing for Files {
    fn list(&self, folder: &Path) -> io::Result<Vec<(Kind, String)>> {
        let names = list(text(folder)?).map_err(error)?;
        let entry = |it: String| match it.split_at_checked(1)? {
            ("d", name) => Some((Kind::Folder, name.to_owned())),
            ("f", name) => Some((Kind::File, name.to_owned())),
            (_, name) => Some((Kind::Other, name.to_owned())),
        };
        Ok(names.into_iter().filter_map(entry).collect())
    }

    fn read(&self, file: &Path) -> Option<String> {
        read_file(text(file).ok()?).ok().map(|it| String::from_utf8_lossy(&it).into_owned())
    }

    fn current(&self) -> PathBuf {
        current_folder().map(PathBuf::from).unwrap_or_default()
    }

    fn excludes(&self) -> Option<PathBuf> {
        let named = Node.git(Path::new("."), &["config", "--path", "core.excludesFile"]).ok().filter(|it| it.success);
        if let Some(run) = named {
            return Some(PathBuf::from(String::from_utf8_lossy(&run.stdout).trim_end()));
        }
        let config = variable("XDG_CONFIG_HOME").filter(|it| !it.is_empty()).map(PathBuf::from);
        Some(config.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".config")))?.join("git/ignore"))
    }
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path is not UTF-8"))
}

/// What Node threw, in the words of the native program.
fn error(thrown: JsValue) -> io::Error {
    let field = |name: &str| Reflect::get(&thrown, &name.into()).ok().and_then(|it| it.as_string());
    // Its numbers are those of the system, below zero.
    let number = Reflect::get(&thrown, &"errno".into()).ok().and_then(|it| it.as_f64()).map_or(0, |it| -it as i32);
    let (kind, words) = match field("code").as_deref() {
        Some("ENOENT") => (io::ErrorKind::NotFound, "No such file or directory"),
        Some("EACCES" | "EPERM") => (io::ErrorKind::PermissionDenied, "Permission denied"),
        Some("EISDIR") => (io::ErrorKind::IsADirectory, "Is a directory"),
        Some("ENOTDIR") => (io::ErrorKind::NotADirectory, "Not a directory"),
        Some("EPIPE") => (io::ErrorKind::BrokenPipe, "Broken pipe"),
        _ => return io::Error::other(field("message").unwrap_or_else(|| "unknown error".to_owned())),
    };
    io::Error::new(kind, format!("{words} (os error {number})"))
}
