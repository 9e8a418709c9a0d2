/** A read-only view of the new text in which the old lines stand where they were. */
import { syntaxHighlighting } from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { postgresql } from "../../editor/dialect";
import { styleNonce } from "../../nonce";

export class UnifiedDiff {
  readonly #view: EditorView;

  constructor(parent: HTMLElement) {
    this.#view = new EditorView({ parent });
  }

  show(original: string, doc: string) {
    this.#view.setState(
      EditorState.create({
        doc,
        extensions: [
          EditorView.cspNonce.of(styleNonce),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ "aria-label": "The text with the fixes", tabindex: "0" }),
          EditorView.lineWrapping,
          lineNumbers(),
          postgresql.extension,
          syntaxHighlighting(classHighlighter),
          unifiedMergeView({
            original,
            mergeControls: false,
            gutter: false,
            collapseUnchanged: { margin: 2, minSize: 5 },
          }),
        ],
      }),
    );
  }

  destroy() {
    this.#view.destroy();
  }
}
