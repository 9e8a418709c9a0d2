/** The comment on a change, about as a forge shows it. */
import type { Block, Inline } from "../../output/preview";
import { Sql } from "../Sql";
import { Table } from "../Table";

export function Preview({ blocks }: { blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return block.level <= 3 ? (
        <h2>
          <Text content={block.content} />
        </h2>
      ) : (
        <h3>
          <Text content={block.content} />
        </h3>
      );
    case "paragraph":
      return (
        <p>
          <Text content={block.content} />
        </p>
      );
    case "small":
      return (
        <p class="note">
          <Text content={block.content} />
        </p>
      );
    case "item":
      return (
        <div class="item">
          <p>
            <Text content={block.content} />
          </p>
          <Preview blocks={block.blocks} />
        </div>
      );
    case "details":
      return (
        <details>
          <summary>
            <Text content={block.summary} />
          </summary>
          <Preview blocks={block.blocks} />
        </details>
      );
    case "quote":
      return (
        <blockquote>
          <Preview blocks={block.blocks} />
        </blockquote>
      );
    case "code":
      return <Sql sql={block.text} language={block.language} />;
    case "table":
      return (
        <div class="wide-table" tabIndex={0} role="region" aria-label="Locks">
          <Table head={block.head} rows={block.rows} show={(it) => <Text content={it} />} />
        </div>
      );
  }
}

function Text({ content }: { content: readonly Inline[] }) {
  return (
    <>
      {content.map((part, index) => {
        switch (part.kind) {
          case "text":
            return part.text;
          case "code":
            return <code key={index}>{part.text}</code>;
          case "strong":
            return <strong key={index}>{part.text}</strong>;
          case "break":
            return <br key={index} />;
          case "link":
            return (
              <a key={index} href={part.href} target="_blank" rel="noreferrer">
                <Text content={part.content} />
              </a>
            );
        }
      })}
    </>
  );
}
