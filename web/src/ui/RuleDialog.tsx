/** The document of a rule, over the page; the address `#rule=NAME` opens it. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { clearHash, place } from "../hash";
import { readDocument } from "../rules/documents";
import { parseMarkdown, type Block } from "../rules/markdown";
import { Document } from "./Document";

type Page = { kind: "closed" } | { kind: "unknown"; name: string } | { kind: "open"; name: string; blocks: Block[] };

export function RuleDialog() {
  const page = useSignal<Page>({ kind: "closed" });
  const dialog = useRef<HTMLDialogElement>(null);
  const wanted = place.value.kind === "rule" ? place.value.name : null;

  useEffect(() => {
    let stale = false;
    const show = async (name: string) => {
      const markdown = await readDocument(name);
      if (stale) return;
      page.value =
        markdown === null ? { kind: "unknown", name } : { kind: "open", name, blocks: parseMarkdown(markdown) };
      if (!dialog.current?.open) dialog.current?.showModal();
      dialog.current?.scrollTo(0, 0);
    };
    if (wanted) void show(wanted);
    else dialog.current?.close();
    return () => {
      stale = true;
    };
  }, [wanted]);

  const onClick = (event: MouseEvent) => {
    // A click on the backdrop has the dialog itself as its target.
    if (event.target === dialog.current) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} aria-label="Rule" onClose={clearHash} onClick={onClick}>
      <div class="document">
        <button type="button" class="close" onClick={() => dialog.current?.close()}>
          Close
        </button>
        {page.value.kind === "open" && (
          <>
            <Document blocks={page.value.blocks} />
            <p>
              <a href={`./rules/${page.value.name}.html`}>The same with findings, and what each PostgreSQL did</a>
            </p>
          </>
        )}
        {page.value.kind === "unknown" && (
          <p>
            There is no rule named <code>{page.value.name}</code>.
          </p>
        )}
      </div>
    </dialog>
  );
}
