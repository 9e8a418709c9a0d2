/** The right-hand side: findings, locks, fixes, the real server, the schema, the syntax trees, settings. */
import { computed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { countWords, type Remark } from "../remarks";
import { fixable } from "../fixes";
import { recipes } from "../recipes";
import { blank, configMistake, pending, remarks, result, trouble } from "../state";
import { linkSays } from "../share/link";
import { panel, panels, type PanelName } from "../view";
import { Alert } from "./Alert";
import { Clean } from "./Clean";
import { Empty } from "./Empty";
import { Findings } from "./Findings";
import { FixPanel } from "./fix/FixPanel";
import { LinkNotice } from "./LinkNotice";
import { Locks } from "./locks/Locks";
import { SchemaPanel } from "./SchemaPanel";
import { Settings } from "./Settings";
import { SyntaxPanel } from "./SyntaxPanel";
import { tabId, Tabs } from "./Tabs";
import { Verify } from "./verify/Verify";

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
        <Content />
      </div>
    </section>
  );
}

const labels: Record<PanelName, string> = {
  findings: "Findings",
  locks: "Locks",
  fix: "Fix",
  verify: "Verify",
  schema: "Schema",
  syntax: "Syntax",
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
  if (panel.value === "settings") return <Settings />;
  if (linkSays.value?.kind === "opening") return null;
  if (blank.value) return <Empty />;
  if (!result.value) return trouble.value ? null : <p class="starting">Reading…</p>;
  switch (panel.value) {
    case "findings":
      return <FindingsView />;
    case "locks":
      return <Locks />;
    case "fix":
      return <FixPanel />;
    case "verify":
      return <Verify />;
    case "schema":
      return <SchemaPanel />;
    case "syntax":
      return <SyntaxPanel />;
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
