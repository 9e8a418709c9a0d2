/** Blocks of Markdown as elements. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { ruleHref } from "../hash";
import { versions as allVersions } from "../contract";
import { fileInWords, readFence, withoutMarkers } from "../rules/fence";
import type { Block, Inline } from "../rules/markdown";
import { versionsInWords } from "../versions";
import { Sql } from "./Sql";
import { Table } from "./Table";

/** Where documents are read: how one leads to another, and how far below the page's own heading theirs stand. */
export const Shelf = createContext({ hrefOf: ruleHref, below: 1 });

export function Document({ blocks }: { blocks: Block[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <BlockView block={block} key={index} />
      ))}
    </>
  );
}

export function BlockView({ block }: { block: Block }) {
  const { below } = useContext(Shelf);
  switch (block.kind) {
    case "heading": {
      const Heading = `h${Math.min(block.level + below, 6)}` as "h2";
      return (
        <Heading>
          <Text content={block.content} />
        </Heading>
      );
    }
    case "paragraph":
      return (
        <p>
          <Text content={block.content} />
        </p>
      );
    case "list":
      return (
        <ul>
          {block.items.map((item, index) => (
            <li key={index}>
              <Text content={item} />
            </li>
          ))}
        </ul>
      );
    case "table":
      return <Table head={block.head} rows={block.rows} show={(it) => <Text content={it} />} />;
    case "code":
      return (
        <figure>
          {block.info && <figcaption>{caption(block.info)}</figcaption>}
          <Sql sql={withoutMarkers(block).text} language={block.language} />
        </figure>
      );
  }
}

const captions: Record<string, string> = {
  setup: "given",
  bad: "reported",
  good: "fine",
  fixed: "after the fix",
};

/** `good pg=15+ file=goose` becomes `fine · goose · PostgreSQL 15–18`. */
function caption(info: string): string {
  const { kind, file, versions } = readFence(info);
  const servers = versions.length < allVersions.length && `PostgreSQL ${versionsInWords(versions)}`;
  return [captions[kind] ?? kind, fileInWords(file), servers].filter(Boolean).join(" · ");
}

function Text({ content }: { content: Inline[] }) {
  return (
    <>
      {content.map((part, index) => (
        <InlineView part={part} key={index} />
      ))}
    </>
  );
}

function InlineView({ part }: { part: Inline }) {
  const { hrefOf } = useContext(Shelf);
  switch (part.kind) {
    case "text":
      return <>{part.text}</>;
    case "code":
      return <code>{part.text}</code>;
    case "strong":
      return <strong>{part.text}</strong>;
    case "emphasis":
      return <em>{part.text}</em>;
    case "link": {
      const document = /^([a-z0-9-]+)\.md$/.exec(part.href);
      if (document) return <a href={hrefOf(document[1]!)}>{part.text}</a>;
      return (
        <a href={part.href} target="_blank" rel="noreferrer">
          {part.text}
        </a>
      );
    }
  }
}
