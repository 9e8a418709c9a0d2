/** The one editor of the page: CodeMirror, wired to the page's state. */
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { sql } from "@codemirror/lang-sql";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { Annotation, EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { effect } from "@preact/signals";
import { classHighlighter } from "@lezer/highlight";
import { clearHash } from "../hash";
import { styleNonce } from "../nonce";
import { remarks, result, selection, text, type Range } from "../state";
import { save } from "../storage";
import { postgresql } from "./dialect";
import { jump } from "./jump";
import { lenses, showLenses } from "./lenses";
import { showRemarks } from "./squiggles";

/** Marks text that the address or an example brought: it is not the reader's own, so it is not kept. */
const brought = Annotation.define<true>();

let view: EditorView | undefined;

const follow = EditorView.updateListener.of((update) => {
  if (update.docChanged) {
    text.value = update.state.doc.toString();
    if (!update.transactions.some((it) => it.annotation(brought))) {
      save("text", text.value);
      clearHash();
    }
  }
  if (update.selectionSet || update.docChanged) {
    const { from, to } = update.state.selection.main;
    selection.value = { from, to };
  }
});

// Tab is not bound: it leaves the editor. Ctrl-] and Ctrl-[ indent.
const extensions = [
  EditorView.cspNonce.of(styleNonce),
  EditorView.contentAttributes.of({ "aria-label": "SQL migration", spellcheck: "false", autocapitalize: "off" }),
  EditorView.lineWrapping,
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  history(),
  indentOnInput(),
  bracketMatching(),
  keymap.of([...defaultKeymap, ...historyKeymap]),
  sql({ dialect: postgresql }),
  syntaxHighlighting(classHighlighter),
  placeholder("Paste a migration, or start typing SQL"),
  lenses,
  follow,
];

export function mountEditor(parent: HTMLElement) {
  view = new EditorView({ parent, state: EditorState.create({ doc: text.peek(), extensions }) });
  const editor = view;
  // An analysis arrives only while the text is still the one that was analysed.
  effect(() => {
    showRemarks(editor, remarks.value);
    showLenses(editor, result.value?.analysis.effects.statements ?? []);
  });
}

/** Replaces the whole text in one step that Ctrl-Z takes back. */
export function bringText(doc: string) {
  if (!view || view.state.doc.toString() === doc) return;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: doc },
    selection: { anchor: 0 },
    scrollIntoView: true,
    annotations: [brought.of(true), isolateHistory.of("full")],
  });
}

export function jumpTo(range: Range) {
  if (view) jump(view, range);
}
