//! What the server asks of the project that it serves.

use lockkeeper_core::Report;
use lockkeeper_model::Version;
use lockkeeper_model::record::Record;
use lockkeeper_sources::Script;
use std::path::PathBuf;
use std::sync::Arc;

/// The files and the configuration around the documents of an editor.
pub trait Project {
    /// From now on a file has this text, whatever stands on the disk.
    fn set(&mut self, file: &std::path::Path, text: Arc<str>);

    /// From now on a file has the text that stands on the disk.
    fn unset(&mut self, file: &std::path::Path);

    /// What is wrong with the documents, each with its history as context.
    fn check(&mut self, documents: &[Asked]) -> Answer;

    /// What the statements of a document do; nothing if it is no migration.
    fn effects(&mut self, document: &Asked) -> Option<Effects>;
}

/// A document that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its path from the root of the file system.
    pub path: PathBuf,
    /// The folder that the editor has opened around it.
    pub workspace: PathBuf,
}

/// What there is to say.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Of the documents, grouped by their configuration.
    pub views: Vec<View>,
    /// Of what hinders the check itself.
    pub troubles: Vec<Trouble>,
}

/// Documents that share a configuration, with the files around them.
#[derive(Clone, Debug)]
pub struct View {
    /// The server's version.
    pub version: Version,
    /// The scripts, in the order in which the report counts them.
    pub scripts: Vec<Seen>,
    /// What is wrong with those that were asked about.
    pub report: Report,
}

/// A script and its file.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The file, from the root of the file system.
    pub path: PathBuf,
    /// The script.
    pub script: Script,
}

/// Something that hinders the check, such as a mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The file to show it in, from the root of the file system.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong, in lower case and without final dot.
    pub message: String,
}

/// What the history of a document does, up to its own statements, those of its way back last.
#[derive(Debug)]
pub struct Effects {
    /// The server's version.
    pub version: Version,
    /// The scripts, in the order in which the record counts them.
    pub scripts: Vec<Seen>,
    /// What they do.
    pub record: Record,
}
