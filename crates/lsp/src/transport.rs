//! Messages over a pair of streams: a header with the length, then JSON (LSP 3.17, "Base Protocol").

use crossbeam_channel::{Receiver, unbounded};
use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A longer message is no message.
const LONGEST: usize = 256 << 20;
/// A longer line is no header.
const LONGEST_HEADER: u64 = 4096;

/// Where messages go. Both threads write to it.
#[derive(Clone)]
pub(crate) struct Output(Arc<Mutex<dyn Write + Send>>);

impl Output {
    pub(crate) fn new(stream: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(stream)))
    }

    pub(crate) fn send(&self, message: impl Into<Message>) {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A client that no longer reads has gone; that shows when its messages end.
        let _ = message.into().write(&mut &mut *stream);
    }

    /// The answer to what is no message, which has no number.
    fn refuse(&self, code: ErrorCode, message: &str) {
        let error = json!({"code": code as i32, "message": message});
        let text = json!({"jsonrpc": "2.0", "id": null, "error": error}).to_string();
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = write!(stream, "Content-Length: {}\r\n\r\n{text}", text.len()).and_then(|()| stream.flush());
    }
}

/// Reads messages on a thread of its own until the stream ends. What is no message is answered and passed over; only
/// where the next one begins must be known.
pub(crate) fn listen(mut input: impl BufRead + Send + 'static, output: Output) -> Receiver<Message> {
    let (sender, receiver) = unbounded();
    thread::spawn(move || {
        while let Ok(Some(body)) = frame(&mut input) {
            match message(&body) {
                Ok(message) => {
                    if sender.send(message).is_err() {
                        return;
                    }
                }
                Err((code, text)) => output.refuse(code, &text),
            }
        }
    });
    receiver
}

fn message(body: &[u8]) -> Result<Message, (ErrorCode, String)> {
    let value: Value = serde_json::from_slice(body).map_err(|error| (ErrorCode::ParseError, error.to_string()))?;
    serde_json::from_value(value).map_err(|_| {
        let text = "the message is neither a request nor a notification nor a response";
        (ErrorCode::InvalidRequest, text.to_owned())
    })
}

/// The body of the next message.
fn frame(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let invalid = |text: &str| io::Error::new(io::ErrorKind::InvalidData, text.to_owned());
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() && length.is_some() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("Content-Length")
        {
            length = Some(value.trim().parse().map_err(|_| invalid("a length is a number"))?);
        }
    }
    let length: usize = length.filter(|it| *it <= LONGEST).ok_or_else(|| invalid("the message is too long"))?;
    let mut body = Vec::new();
    input.by_ref().take(length as u64).read_to_end(&mut body)?;
    if body.len() < length { Ok(None) } else { Ok(Some(body)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(stream: &str) -> Vec<String> {
        let mut input = stream.as_bytes();
        std::iter::from_fn(|| frame(&mut input).ok().flatten()).map(|it| String::from_utf8(it).unwrap()).collect()
    }

    #[test]
    fn headers_are_read_as_clients_write_them() {
        let stream = "Content-Length: 2\r\n\r\n{}content-length:3\r\nContent-Type: x\r\n\r\n[1]";
        assert_eq!(bodies(stream), ["{}", "[1]"]);
    }

    #[test]
    fn what_does_not_end_or_has_no_length_is_no_message() {
        assert!(bodies("Content-Length: 9\r\n\r\n{}").is_empty());
        assert!(bodies("Content-Length: x\r\n\r\n{}").is_empty());
        assert!(bodies("Content-Length: 999999999999\r\n\r\n{}").is_empty());
        assert!(bodies("{}").is_empty());
    }
}
