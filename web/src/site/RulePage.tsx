/** A rule's document as a page: its examples as the editor would show them, and what the servers did. */
import type { ComponentChild } from "preact";
import type { Analysis } from "../contract";
import { fileInWords } from "../rules/fence";
import type { RuleInfo } from "../rules/info";
import { parseMarkdown, type Block } from "../rules/markdown";
import { remarksOf, severityNames, type Remark } from "../remarks";
import { versionsInWords } from "../versions";
import { BlockView, Shelf } from "../ui/Document";
import { Listing } from "../ui/Listing";
import { RemarkHead, RemarkNotes, RemarkWay } from "../ui/Remark";
import { SeverityIcon } from "../ui/icons";
import { deedsOf, type Deed } from "./deeds";
import { examplesOf, type Example } from "./example";
import { Frame } from "./Frame";
import type { Judge } from "./renderer";

/** Pages of rules lie side by side. */
export const pageOf = (rule: string) => `${rule}.html`;

const fixes: Record<RuleInfo["fix"], string> = {
  none: "no fix by itself",
  safe: "has a safe fix",
  unsafe: "has a fix to look at",
};

export function RulePage({ rule, markdown, judge }: { rule: RuleInfo; markdown: string; judge: Judge }) {
  const [title, ...blocks] = parseMarkdown(markdown);
  const examples = examplesOf(blocks, rule);
  const judged = new Map([...examples].map(([block, it]) => [block, judge(it.shared)]));
  const shown = blocks.map((block, index): ComponentChild => {
    const example = examples.get(block);
    if (!example) return <BlockView key={index} block={block} />;
    return <Shown key={index} example={example} {...judged.get(block)!} />;
  });
  const deeds = [...examples]
    // What a program sends is run through that program, on one version.
    .filter(([, it]) => it.language === "sql" && (it.heading === "Example" || it.heading === "Instead"))
    .flatMap(([block, it]) => deedsOf(it, judged.get(block)!.analysis.effects.statements));
  const end = blocks.findIndex(isReferences);
  return (
    <Shelf.Provider value={{ hrefOf: pageOf, below: 0 }}>
      <Frame here="rule">
        <article class="document">
          <h1>{title?.kind === "heading" ? title.content.map((it) => it.text).join("") : rule.name}</h1>
          <p class="facts">
            <SeverityIcon severity={rule.severity} />{" "}
            <b class={`severity ${rule.severity}`}>{severityNames[rule.severity]}</b>
            {" · "}
            {rule.hazard} · {rule.category} · {fixes[rule.fix]}
          </p>
          {shown.slice(0, end)}
          <Deeds deeds={deeds} />
          {shown.slice(end)}
        </article>
      </Frame>
    </Shelf.Provider>
  );
}

const isReferences = (block: Block) => block.kind === "heading" && block.content[0]?.text === "References";

const captions: Record<Example["kind"], string> = { bad: "reported", good: "fine", fixed: "after the fix" };

function Shown({ example, analysis, letters }: { example: Example; analysis: Analysis; letters: string }) {
  const remarks = remarksOf(analysis.check);
  return (
    <figure class="example" data-kind={example.kind}>
      <figcaption>
        <span>
          {captions[example.kind]}
          {example.file && ` · ${fileInWords(example.file)}`}
          {example.versions.length < 6 && ` · PostgreSQL ${versionsInWords(example.versions)}`}
        </span>
        <a class="try" href={`../#${letters}`} data-letters={letters}>
          Try it
        </a>
      </figcaption>
      <Listing
        text={example.text}
        language={example.language}
        remarks={remarks}
        statements={analysis.effects.statements}
      />
      {remarks.map((it) => (
        <Said key={`${it.title} ${it.start.offset} ${it.end.offset}`} remark={it} />
      ))}
    </figure>
  );
}

function Said({ remark }: { remark: Remark }) {
  return (
    <div class="said" data-severity={remark.severity}>
      <RemarkHead remark={remark} />
      <div class="body">
        <RemarkWay remark={remark} copy={false} />
        <RemarkNotes remark={remark} />
        {remark.rule && (
          <p class="rule">
            <a href={pageOf(remark.rule)}>{remark.rule}</a>
          </p>
        )}
      </div>
    </div>
  );
}

function Deeds({ deeds }: { deeds: Deed[] }) {
  if (deeds.length === 0) return null;
  return (
    <section class="deeds">
      <h2>What PostgreSQL 13 to 18 really did</h2>
      <div class="wide-table" tabIndex={0} role="region" aria-label="What the servers did">
        <table>
          <thead>
            <tr>
              <th scope="col">Statement</th>
              <th scope="col">Version</th>
              <th scope="col">What it did</th>
            </tr>
          </thead>
          <tbody>
            {deeds.map(({ statement, versions, did }, index) => (
              <tr key={index}>
                <td>
                  <code>{statement}</code>
                </td>
                <td>{versionsInWords(versions)}</td>
                <td>{did.length > 0 ? did.map((it) => <p key={it}>{it}</p>) : "nothing that others notice"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">
        The tests run every statement on these servers and compare, both ways: what is not listed here did not happen.
        Locks below SHARE UPDATE EXCLUSIVE, and those on what the statement itself creates, are left out.
      </p>
    </section>
  );
}
