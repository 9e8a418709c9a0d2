/** The right-hand side: examples, findings, or what was checked. */
import { countWords } from "../remarks";
import { blank, pending, remarks, result, trouble } from "../state";
import { Alert } from "./Alert";
import { Clean } from "./Clean";
import { Empty } from "./Empty";
import { Findings } from "./Findings";

export function Panel() {
  const found = !blank.value && remarks.value.length > 0;
  return (
    <section class="panel" aria-labelledby="panel-title" aria-busy={pending.value}>
      <h2 id="panel-title">
        {blank.value ? "Start here" : "Findings"}
        {found && <span class="count">{countWords(remarks.value).join(", ")}</span>}
      </h2>
      <Alert />
      <Content />
    </section>
  );
}

function Content() {
  if (blank.value) return <Empty />;
  if (!result.value) return trouble.value ? null : <p class="starting">Reading…</p>;
  if (remarks.value.length > 0) return <Findings />;
  return <Clean analysis={result.value.analysis} />;
}
