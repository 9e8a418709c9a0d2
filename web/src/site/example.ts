/** The examples of a rule's document as the files that the page would hold, so that they can be judged and tried. */
import { defaultPostgres, type Postgres, type Shared } from "../contract";
import { readFence, withoutMarkers, type Marker } from "../rules/fence";
import type { Block } from "../rules/markdown";
import type { RuleInfo } from "../rules/info";
import { Project, toolFiles } from "./project";

export interface Example {
  kind: "bad" | "good" | "fixed";
  heading: string;
  language: string;
  /** The file that it is, where its name matters; empty for SQL that any tool may send. */
  file: string;
  /** The text without its markers, which are for the tests. */
  text: string;
  markers: Marker[];
  versions: readonly Postgres[];
  /** The page with the schema, the migrations before, and this one. */
  shared: Shared;
}

/** A block as an older migration of those below it. */
interface Older {
  sql: string;
  /** The servers that ran it: of what a server refuses nothing remains. */
  versions: readonly Postgres[];
}

/** The examples by their block. A heading starts from the setup blocks above it; its blocks are successive migrations. */
export function examplesOf(blocks: readonly Block[], rule: RuleInfo): Map<Block, Example> {
  const found = new Map<Block, Example>();
  let heading = "";
  const setup: Older[] = [];
  let earlier: Older[] = [];
  const project = new Project();
  for (const block of blocks) {
    if (block.kind === "heading") {
      heading = block.content.map((it) => it.text).join("");
      earlier = [];
      project.nextHeading();
    }
    if (block.kind !== "code") continue;
    const { kind, versions, file, name, sent } = readFence(block.info);
    const isExample = kind === "bad" || kind === "good" || kind === "fixed";
    if (kind !== "setup" && !isExample) continue;
    const { text, markers } = withoutMarkers(block);
    const refused = markers.filter((it) => it.kind === "error").flatMap((it) => it.versions);
    const older: Older = { sql: text, versions: versions.filter((it) => !refused.includes(it)) };
    const postgres = versions.includes(defaultPostgres) ? defaultPostgres : versions.at(-1)!;
    const example = (files: Shared["files"], shown: string, config: string): void => {
      if (!isExample) return;
      const at = files.findIndex((it) => it.path === shown);
      const shared = { files, shown: at, postgres, config, view: null, tool: "" };
      const { language } = block;
      found.set(block, { kind, heading, language, file: name || file, text, markers, versions, shared });
    };
    if (block.language !== "sql" || name) {
      // A file of a program is told by `file=`; other languages are prose.
      if (!file) continue;
      example(...project.add(name ? `migrations/${name}` : file, text, kind === "setup"), levelOf(rule));
      if (refused.includes(postgres)) project.forget();
      continue;
    }
    if (kind === "setup") {
      setup.push(older);
      continue;
    }
    const schema = schemaOf(onServer(setup, postgres));
    if (file) {
      const [files, shown] = toolFiles(file, `${text}\n`);
      example([schema, ...files], shown, levelOf(rule));
      continue;
    }
    // A fixed block stands in place of the bad one above it.
    if (kind === "fixed") earlier = earlier.slice(0, -1);
    const migrations = [...onServer(earlier, postgres), text].map(numbered);
    example([schema, ...migrations], migrations.at(-1)!.path, configOf(sent, rule));
    earlier.push(older);
  }
  return found;
}

const onServer = (list: readonly Older[], server: Postgres) =>
  list.filter((it) => it.versions.includes(server)).map((it) => it.sql);

const schemaOf = (setup: string[]) => ({
  path: "schema.sql",
  text: `${setup.length > 0 ? setup.join("\n\n") : "-- An empty database."}\n`,
});

const numbered = (text: string, index: number) => ({
  path: `${String(index + 1).padStart(4, "0")}.sql`,
  text: `${text}\n`,
});

/** Its rule is on, also where it is off by default. */
const levelOf = ({ name, severity }: RuleInfo) => (severity === "info" ? `[rules]\n${name} = "info"\n` : "");

/** How the block is sent. */
function configOf(sent: string, rule: RuleInfo): string {
  const runner = { none: "", query: "[runner]\nsingle_query = true\n" }[sent];
  return [levelOf(rule), runner ?? '[runner]\ntransaction = "file"\n'].filter(Boolean).join("\n");
}
