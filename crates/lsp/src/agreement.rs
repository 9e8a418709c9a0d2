//! What client and server agree upon when a session begins.

use crate::lines::Encoding;
use crate::uri::path_of;
use lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, HoverProviderCapability,
    InitializeParams, OneOf, PositionEncodingKind, SaveOptions, ServerCapabilities, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use std::path::PathBuf;

/// A code action that makes all fixes of a document that keep its meaning.
pub(crate) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.lockkeeper");

/// What the client can do, as far as it matters.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Agreement {
    pub(crate) encoding: Encoding,
    /// Whether it shows places that a diagnostic refers to.
    pub(crate) related: bool,
    /// Whether it can be asked to watch files.
    pub(crate) watches: bool,
}

impl Agreement {
    pub(crate) fn with(client: &ClientCapabilities) -> Self {
        let encodings = client.general.as_ref().and_then(|it| it.position_encodings.as_ref());
        let utf8 = encodings.is_some_and(|it| it.contains(&PositionEncodingKind::UTF8));
        let published = client.text_document.as_ref().and_then(|it| it.publish_diagnostics.as_ref());
        let watched = client.workspace.as_ref().and_then(|it| it.did_change_watched_files.as_ref());
        Agreement {
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            related: published.and_then(|it| it.related_information).unwrap_or_default(),
            watches: watched.and_then(|it| it.dynamic_registration).unwrap_or_default(),
        }
    }

    /// What the server can do.
    pub(crate) fn capabilities(self) -> ServerCapabilities {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(SaveOptions::default().into()),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, FIX_ALL]),
            ..CodeActionOptions::default()
        };
        let folders =
            WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(OneOf::Left(true)) };
        ServerCapabilities {
            position_encoding: Some(match self.encoding {
                Encoding::Utf8 => PositionEncodingKind::UTF8,
                Encoding::Utf16 => PositionEncodingKind::UTF16,
            }),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            code_action_provider: Some(CodeActionProviderCapability::Options(actions)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            workspace: Some(WorkspaceServerCapabilities { workspace_folders: Some(folders), file_operations: None }),
            ..ServerCapabilities::default()
        }
    }
}

/// The folders that the editor has opened.
pub(crate) fn workspaces(params: &InitializeParams) -> Vec<PathBuf> {
    if let Some(folders) = params.workspace_folders.as_ref().filter(|it| !it.is_empty()) {
        return folders.iter().filter_map(|it| path_of(&it.uri)).collect();
    }
    // Older clients know one folder.
    #[allow(deprecated, reason = "they send nothing else")]
    params.root_uri.iter().filter_map(path_of).collect()
}
