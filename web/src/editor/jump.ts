import { EditorView } from "@codemirror/view";
import type { Range } from "../state";

/** Selects a range, brings it into sight and moves the focus there. */
export function jump(view: EditorView, { from, to }: Range) {
  // The text may have become shorter since the range was found.
  const end = view.state.doc.length;
  const anchor = Math.min(from, end);
  view.dispatch({
    selection: { anchor, head: Math.min(to, end) },
    effects: EditorView.scrollIntoView(anchor, { y: "center" }),
  });
  view.focus();
}
