/** The card of a name in the text, as a tooltip. */
import type { EditorState } from "@codemirror/state";
import type { Tooltip } from "@codemirror/view";
import { render } from "preact";
import { aboutName, type Context } from "../names/about";
import { around } from "../names/around";
import { Catalog } from "../names/catalog";
import { pending, statements } from "../state";
import { NameCard } from "../ui/NameCard";

const nobody = new Catalog({ schemas: [] });

/** The card of what stands at a place; null where nothing is known of it. */
export async function nameTooltip({ doc }: EditorState, at: number): Promise<Tooltip | null> {
  const found = (await around()) ?? { before: nobody, after: nobody };
  const { context, start } = contextAt(doc, at);
  const known = aboutName(context, at - start, found);
  if (!known) return null;
  const dom = document.createElement("div");
  render(<NameCard about={known.about} />, dom);
  return {
    pos: start + known.from,
    end: start + known.to,
    above: true,
    create: () => ({ dom, destroy: () => render(null, dom) }),
  };
}

/** The card as a sentence, for those who listen. */
export function spoken(tooltip: Tooltip): string {
  const { dom } = tooltip.create(undefined as never);
  const wordsOf = ({ childNodes }: Element) => [...childNodes].map((it) => it.textContent).join(" ");
  const lines = [...dom.querySelectorAll("p, li, tr")].map((it) => wordsOf(it).replace(/\s+/g, " ").trim());
  return lines.filter(Boolean).join("; ");
}

/** The statement around a place, or its line where none is known. */
function contextAt(doc: EditorState["doc"], at: number): { context: Context; start: number } {
  // Places of an earlier text may be wrong.
  const known = pending.peek() ? [] : statements.peek();
  const statement = known.findLast((it) => it.start.offset <= at && at <= it.end.offset) ?? null;
  const { from, to } = statement ? { from: statement.start.offset, to: statement.end.offset } : doc.lineAt(at);
  return { context: { text: doc.sliceString(from, to), statement, statements: known }, start: from };
}
