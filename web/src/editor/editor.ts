/** The one editor of the page: CodeMirror, wired to the page's state. It shows one file and keeps the others' undo history. */
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, type Extension, type Transaction } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
  type Command,
} from "@codemirror/view";
import { effect, untracked } from "@preact/signals";
import { classHighlighter } from "@lezer/highlight";
import { activate, activePath, edit, text } from "../files";
import { clearHash } from "../hash";
import { styleNonce } from "../nonce";
import { askNow, isEarly, keep, remarks, selection, statements, type Range } from "../state";
import { verifiedAt } from "../verify/state";
import { pointedAt } from "../view";
import { rowsAreDrawn } from "../rows";
import { dialect, fetchColours } from "./colours";
import { pointAt, pointer } from "./highlight";
import { hover } from "./hover";
import { jump } from "./jump";
import { lenses, lensesShown } from "./lenses";
import { quickFix, remarksShown } from "./squiggles";

/** Marks text that the address or an example brought: it is not the reader's own, so it is not kept. */
const brought = Annotation.define<true>();

let view: EditorView | undefined;
/** What the editor and its tooltips are in: these reach out of the editor, whose layout is its own affair. */
let holder: HTMLElement;
/** The states of the files that are not in sight, by path. */
const states = new Map<string, EditorState>();
/** The path of the file that the view shows. */
let shownPath = "";
/** The text of the view, so that a long one is not put together again to be compared. */
let shownText = "";

/** Names and keywords while one types: nothing until it is fetched, and nothing in Python. */
const completion = new Compartment();
const nothing: Extension = [];
let completes: Extension = nothing;
let fetchingCompletion: Promise<void> | undefined;

function fetchCompletion() {
  fetchingCompletion ??= import("./complete").then(
    (it) => {
      completes = it.completion();
      if (view) completeIn(view);
    },
    // Without it one types as before; the next letter tries again.
    () => (fetchingCompletion = undefined),
  );
}

function completeIn(editor: EditorView) {
  const wanted = isPython(shownPath) ? nothing : completes;
  if (completion.get(editor.state) !== wanted) editor.dispatch({ effects: completion.reconfigure(wanted) });
}

/** The language of the text: none until it is fetched, and none for Python. */
const language = new Compartment();
const languageOf = (path: string) => (isPython(path) ? nothing : (dialect.peek()?.extension ?? nothing));

function colourIn(editor: EditorView) {
  const wanted = languageOf(shownPath);
  if (language.get(editor.state) !== wanted) editor.dispatch({ effects: language.reconfigure(wanted) });
}

const isPython = (path: string) => path.endsWith(".py");

const follow = EditorView.updateListener.of((update) => {
  if (update.docChanged) {
    if (!update.transactions.some((it) => it.annotation(brought))) {
      keep();
      clearHash();
    }
    if (update.transactions.some((it) => it.isUserEvent("input.type"))) fetchCompletion();
  }
  if (update.selectionSet || update.docChanged) {
    const { from, to } = update.state.selection.main;
    selection.value = { from, to };
  }
});

/** The engine hears of another text before the editor draws it, so that both work side by side. */
function tellFirst(transactions: readonly Transaction[], editor: EditorView) {
  const last = transactions.findLast((it) => it.docChanged);
  if (last) {
    shownText = last.newDoc.toString();
    edit(shownText);
    askNow();
  }
  editor.update(transactions);
}

/** Once it is there, its own key comes before this one. */
const completeNow: Command = (editor) => {
  if (isPython(shownPath)) return false;
  void import("./complete").then(({ startCompletion }) => {
    fetchCompletion();
    void fetchingCompletion?.then(() => startCompletion(editor));
  });
  return true;
};

// Tab is not bound: it leaves the editor. Ctrl-] and Ctrl-[ indent.
const extensions = (path: string) => [
  tooltips({ parent: holder }),
  EditorView.cspNonce.of(styleNonce),
  EditorView.contentAttributes.of({ "aria-label": "SQL migration", spellcheck: "false", autocapitalize: "off" }),
  EditorView.lineWrapping,
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  history(),
  indentOnInput(),
  bracketMatching(),
  hover,
  completion.of(nothing),
  keymap.of([
    { key: "Mod-.", run: quickFix },
    { key: "Ctrl-Space", run: completeNow },
    ...defaultKeymap,
    ...historyKeymap,
  ]),
  language.of(languageOf(path)),
  syntaxHighlighting(classHighlighter),
  placeholder("Paste a migration, or start typing SQL"),
  lenses,
  pointer,
  follow,
];

const stateOf = (path: string, doc: string) => EditorState.create({ doc, extensions: extensions(path) });

/** What the engine and the server in the page have said of the text. */
const said = () => ({
  list: remarks.value,
  rows: rowsAreDrawn.value ? statements.value : [],
  verified: verifiedAt.value,
});

/** What a state has to become to show that: most keys change nothing of it. */
function showing(state: EditorState, { list, rows, verified }: ReturnType<typeof said>) {
  const here = rows.every((it) => it.path === shownPath);
  const specs = [remarksShown(state, here ? list : []), lensesShown(state, here ? rows : [], verified)];
  return specs.filter((it) => it !== null);
}

/** Puts the editor into `parent`, in place of what the build has printed there. A second call moves it. */
export function mountEditor(parent: HTMLElement) {
  holder ??= document.createElement("div");
  holder.className = "holder";
  parent.replaceChildren(holder);
  if (view) return;
  shownPath = activePath.peek();
  shownText = text.peek();
  const empty = stateOf(shownPath, shownText);
  // The findings of the first example are known before the editor is drawn, and so are drawn with it.
  const { state } = empty.update(...showing(empty, untracked(said)));
  const editor = new EditorView({ parent: holder, state, dispatchTransactions: tellFirst });
  view = editor;
  effect(() => {
    // Another file, or another text of the same file that did not come from the view.
    const [path, doc] = [activePath.value, text.value];
    if (path !== shownPath) show(editor, path, doc);
    else if (doc !== shownText) replace(editor, doc);
  });
  // An analysis arrives only while the text is still the one that was analysed.
  effect(() => {
    const now = said();
    if (isEarly.value) return;
    // The list of findings first, which does not make the browser lay out the page in between.
    afterRender(() => {
      const specs = showing(editor.state, now);
      // Whatever is dispatched costs the editor a look at all that is in sight.
      if (specs.length > 0) editor.dispatch(...specs);
    });
  });
  effect(() => pointAt(editor, pointedAt.value));
  effect(() => {
    if (dialect.value) colourIn(editor);
  });
  fetchColours();
}

/** Runs something in this task still, when the components that wait for their turn are drawn. */
const afterRender = (then: () => void) => queueMicrotask(() => queueMicrotask(then));

function show(editor: EditorView, path: string, doc: string) {
  states.set(shownPath, editor.state);
  const known = states.get(path);
  shownPath = path;
  shownText = doc;
  editor.setState(known?.doc.toString() === doc ? known : stateOf(path, doc));
  completeIn(editor);
  colourIn(editor);
  const { from, to } = editor.state.selection.main;
  selection.value = { from, to };
}

/** Replaces the whole text in one step that Ctrl-Z takes back. */
function replace(editor: EditorView, doc: string) {
  editor.dispatch({
    changes: { from: 0, to: editor.state.doc.length, insert: doc },
    selection: { anchor: 0 },
    scrollIntoView: true,
    annotations: [brought.of(true), isolateHistory.of("full")],
  });
}

/** Puts an edit of the reader's own into the text in sight, which one Ctrl-Z takes back. */
export function changeText(edits: readonly { start: number; end: number; text: string }[]) {
  view?.dispatch({
    changes: edits.map(({ start, end, text }) => ({ from: start, to: end, insert: text })),
    annotations: isolateHistory.of("full"),
    userEvent: "input.fix",
  });
}

/** Selects a place in a file, in the file in sight if none is named. */
export function jumpTo({ path, from, to }: Range & { path?: string }) {
  if (path) activate(path);
  if (view) jump(view, { from, to });
}

/** Selects a place and brings it into sight; the focus stays where it is. */
export function lookAt({ from, to }: Range) {
  view?.dispatch({
    selection: { anchor: from, head: to },
    effects: EditorView.scrollIntoView(from, { y: "center" }),
  });
}

export const focusEditor = () => view?.focus();
export const isEditorFocused = () => view?.hasFocus ?? false;
