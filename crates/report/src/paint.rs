//! Colours, and text that is safe to show.

use crate::Look;
use annotate_snippets::renderer::{
    DEFAULT_CONTEXT_STYLE, DEFAULT_EMPHASIS_STYLE, DEFAULT_ERROR_STYLE, DEFAULT_HELP_STYLE, DEFAULT_INFO_STYLE,
    DEFAULT_NOTE_STYLE, DEFAULT_WARNING_STYLE, Style,
};
use annotate_snippets::{Level, Renderer};
use lockkeeper_core::Severity;
use std::borrow::Cow;

/// What a piece of text is, to give it the colour that the snippets have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Severity(Severity),
    /// Something beside the findings.
    Note,
    /// What to do instead.
    Help,
    /// The frame of a snippet.
    Frame,
    /// A heading or a name to be noticed.
    Strong,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Ink::Severity(Severity::Error) => DEFAULT_ERROR_STYLE,
            Ink::Severity(Severity::Warning) => DEFAULT_WARNING_STYLE,
            Ink::Severity(Severity::Info) => DEFAULT_INFO_STYLE,
            Ink::Note => DEFAULT_NOTE_STYLE,
            Ink::Help => DEFAULT_HELP_STYLE,
            Ink::Frame => DEFAULT_CONTEXT_STYLE,
            Ink::Strong => DEFAULT_EMPHASIS_STYLE,
        }
    }

    /// The level whose colour a snippet takes.
    pub(crate) fn level(self) -> Level<'static> {
        match self {
            Ink::Severity(Severity::Error) => Level::ERROR,
            Ink::Severity(Severity::Warning) => Level::WARNING,
            Ink::Severity(Severity::Info) => Level::INFO,
            Ink::Help => Level::HELP,
            Ink::Note | Ink::Frame | Ink::Strong => Level::NOTE,
        }
    }
}

impl Look {
    /// The text in its colour, or as it is.
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        if self.color && !text.is_empty() {
            let style = ink.style();
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// What draws snippets.
    pub(crate) fn renderer(self) -> Renderer {
        if self.color { Renderer::styled() } else { Renderer::plain() }
    }
}

/// The text without characters that steer a terminal: names in a migration may hold any. Each becomes its escape, as
/// `\u{1b}`; line breaks stay where `lines` says so.
pub(crate) fn harmless(text: &str, lines: bool) -> Cow<'_, str> {
    let steers = |it: char| it.is_control() && !(lines && it == '\n') || is_bidirectional(it);
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().fold(String::with_capacity(text.len() + 8), |mut out, it| {
        if steers(it) {
            out.extend(it.escape_unicode())
        } else {
            out.push(it)
        }
        out
    });
    Cow::Owned(shown)
}

/// Characters that let text read in another order than it stands in the file (Unicode, UAX 9).
fn is_bidirectional(it: char) -> bool {
    matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(harmless("drop `\u{1b}[2J`\n", false), "drop `\\u{1b}[2J`\\u{a}");
        assert_eq!(harmless("a\nb", true), "a\nb");
        assert_eq!(harmless("\u{202e}x", true), "\\u{202e}x");
    }

    #[test]
    fn colour_is_only_there_when_asked_for() {
        assert_eq!(Look { color: false }.paint(Ink::Note, "x"), "x");
        assert_eq!(Look { color: true }.paint(Ink::Note, "x"), "\u{1b}[1m\u{1b}[92mx\u{1b}[0m");
    }
}
