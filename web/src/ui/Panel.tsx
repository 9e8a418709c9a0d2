/** The right-hand side: findings, locks, fixes, the real server, the schema, the syntax trees, reports for others, settings. */
import { computed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../files";
import { countWords, plural, type Remark } from "../remarks";
import { fixable } from "../fixes";
import { recipes } from "../recipes";
import { allRows, rowsAreDrawn } from "../rows";
import { blank, cancelCheck, configMistake, pending, remarks, result, slow, statements, trouble } from "../state";
import { linkSays } from "../share/link";
import { panel, panels, type PanelName } from "../view";
import { Alert } from "./Alert";
import { Clean } from "./Clean";
import { Empty } from "./Empty";
import { Findings } from "./Findings";
import { Later } from "./Later";
import { LinkNotice } from "./LinkNotice";
import { tabId, Tabs } from "./Tabs";

export function Panel() {
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => content.current?.scrollTo(0, 0), [panel.value]);
  // The signal itself: with its value, each key would draw all of the panel twice.
  return (
    <section class="panel" aria-label="What it does" aria-busy={pending}>
      <Tabs
        label="Views"
        prefix="view"
        controls="view"
        tabs={panels.map((name) => ({ name, label: <Label name={name} /> }))}
        selected={panel.value}
        onSelect={(name) => (panel.value = name)}
      />
      <div class="view" id="view" role="tabpanel" aria-labelledby={tabId("view", panel.value)} ref={content}>
        <LinkNotice />
        <Alert />
        <Slow />
        <Rows />
        <Content />
      </div>
    </section>
  );
}

/** A long text takes a while, and need not be waited for. */
function Slow() {
  if (!slow.value || blank.value) return null;
  return (
    <div class="slow">
      <p role="status">Reading {plural(text.value.length, "character")}…</p>
      <progress aria-label="Reading" />
      <button type="button" onClick={cancelCheck}>
        Cancel
      </button>
    </div>
  );
}

/** Where there are too many rows under statements, they wait to be asked for. */
function Rows() {
  if (rowsAreDrawn.value || blank.value || !result.value) return null;
  return (
    <p class="note rows">
      What each statement locks is not drawn under {plural(statements.value.length, "statement")}.{" "}
      <button type="button" class="link" onClick={() => (allRows.value = true)}>
        Draw it
      </button>
    </p>
  );
}

const labels: Record<PanelName, string> = {
  findings: "Findings",
  locks: "Locks",
  fix: "Fix",
  verify: "Verify",
  schema: "Schema",
  syntax: "Syntax",
  output: "Output",
  settings: "Settings",
};

/** Findings that have a fix or files to make. */
const waysOut = computed(() => new Set<Remark>([...fixable.value, ...recipes.value.map((it) => it.remark)]).size);

function Label({ name }: { name: PanelName }) {
  const count = name === "findings" ? remarks.value.length : name === "fix" ? waysOut.value : 0;
  return (
    <>
      {labels[name]}
      {!blank.value && count > 0 && <span class="count">{count.toLocaleString("en")}</span>}
      {name === "settings" && configMistake.value && <span class="count mistake">!</span>}
    </>
  );
}

function Content() {
  if (panel.value === "settings") return <Later name="Settings" />;
  if (linkSays.value?.kind === "opening") return null;
  if (blank.value) return <Empty />;
  if (!result.value) return trouble.value ? null : <p class="starting">Reading…</p>;
  switch (panel.value) {
    case "findings":
      return <FindingsView />;
    case "locks":
      return <Later name="Locks" />;
    case "fix":
      return <Later name="FixPanel" />;
    case "verify":
      return <Later name="Verify" />;
    case "schema":
      return <Later name="SchemaPanel" />;
    case "syntax":
      return <Later name="SyntaxPanel" />;
    case "output":
      return <Later name="OutputPanel" />;
  }
}

function FindingsView() {
  if (remarks.value.length === 0) return <Clean analysis={result.value!.analysis} />;
  return (
    <>
      <h2 class="summary">{countWords(remarks.value).join(", ")}</h2>
      <Findings />
    </>
  );
}
