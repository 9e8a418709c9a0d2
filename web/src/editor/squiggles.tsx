/** The remarks as underlined text with a tooltip. */
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";
import { render } from "preact";
import type { Remark } from "../remarks";
import { jump } from "./jump";
import { RemarkBody, RemarkHead } from "../ui/Remark";

export function showRemarks(view: EditorView, remarks: Remark[]) {
  const end = view.state.doc.length;
  const diagnostics = remarks.map((remark): Diagnostic => ({
    from: Math.min(remark.start.offset, end),
    to: Math.min(remark.end.offset, end),
    severity: remark.severity,
    message: remark.message,
    renderMessage: (view) => tooltip(view, remark),
  }));
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

function tooltip(view: EditorView, remark: Remark): Node {
  const dom = document.createElement("div");
  dom.className = "remark";
  render(
    <>
      <RemarkHead remark={remark} />
      <RemarkBody remark={remark} jumpTo={(range) => jump(view, range)} />
    </>,
    dom,
  );
  return dom;
}
