/** The document of a rule, over the page; the address `#rule=NAME` opens it. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { clearHash, place } from "../hash";
import { readDocument } from "../rules/documents";
import { parseMarkdown, type Block } from "../rules/markdown";
import { Dialog } from "./Dialog";
import { Document } from "./Document";

type Page = { kind: "closed" } | { kind: "unknown"; name: string } | { kind: "open"; name: string; blocks: Block[] };

export function RuleDialog() {
  const page = useSignal<Page>({ kind: "closed" });
  const wanted = place.value.kind === "rule" ? place.value.name : null;

  useEffect(() => {
    let stale = false;
    const show = async (name: string) => {
      const markdown = await readDocument(name);
      if (stale) return;
      page.value =
        markdown === null ? { kind: "unknown", name } : { kind: "open", name, blocks: parseMarkdown(markdown) };
    };
    if (wanted) void show(wanted);
    else page.value = { kind: "closed" };
    return () => {
      stale = true;
    };
  }, [wanted]);

  return (
    <Dialog label="Rule" open={page.value.kind !== "closed"} onClose={closed}>
      <Content page={page.value} />
    </Dialog>
  );
}

/** The address may already lead somewhere else. */
function closed() {
  if (place.value.kind === "rule") clearHash();
}

function Content({ page }: { page: Page }) {
  switch (page.kind) {
    case "closed":
      return null;
    case "unknown":
      return (
        <p>
          There is no rule named <code>{page.name}</code>.
        </p>
      );
    case "open":
      return (
        <>
          <Document blocks={page.blocks} />
          <p>
            <a href={`./rules/${page.name}.html`}>The same with findings, and what each PostgreSQL did</a>
          </p>
        </>
      );
  }
}
