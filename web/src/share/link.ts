/** Permalinks: everything that findings depend on, behind the `#` of the address, where no server sees it. */
import { batch, signal } from "@preact/signals";
import { versions, type Check, type Shared } from "../contract";
import { activePath, files, isFile, replaceFiles } from "../files";
import { withRule } from "../hash";
import { config, postgres, remarks, readLink, result, writeLink } from "../state";
import { countsInWords } from "../versions";
import { onlyTitle, panel, panels } from "../view";

/** What there is to say about the link that was opened; null when nothing is. */
export const linkSays = signal<{ kind: "opening" } | { kind: "failed"; reason: string } | null>(null);

/** What made the link that is shown, and what it found; null when the page shows none. */
export const madeWith = signal<{ version: string; found: string | null } | null>(null);

/** Longer links are cut by programs on their way, in characters. */
export const longLink = 16_000;

/** How the names of files end that hold what a link holds, for what is too long for one. */
export const savedEnding = ".lockkeeper.json";

/** What the page shows now. */
export function shared(): Shared {
  const shown = files.value.findIndex((it) => it.path === activePath.value);
  return {
    files: files.value.map(({ path, text }) => ({ path, text })),
    shown: Math.max(0, shown),
    postgres: postgres.value,
    config: config.value,
    view: panel.value === panels[0] ? null : panel.value,
    tool: result.value ? toolOf(result.value.analysis.check) : "",
  };
}

/** The letters of a link to it, and the rule whose findings alone are listed. */
export const linkToThis = async (): Promise<string> => (await writeLink(shared())) + withRule(listedRule());

/** Only the findings of this rule are listed; empty when all are. */
const listedRule = () => remarks.value.find((it) => it.rule === onlyTitle.value)?.rule ?? "";

/** Shows what a saved file holds; false when it is no such file. */
export function openSaved(json: string): boolean {
  try {
    const saved = JSON.parse(json) as Partial<Shared> | null;
    const { files: list, shown, postgres, config, view, tool } = saved ?? {};
    if (!Array.isArray(list) || list.length === 0 || !list.every(isFile)) return false;
    show({
      files: list,
      shown: typeof shown === "number" ? shown : 0,
      postgres: typeof postgres === "number" ? postgres : null,
      config: typeof config === "string" ? config : "",
      view: typeof view === "string" ? view : null,
      tool: typeof tool === "string" ? tool : "",
    });
    return true;
  } catch {
    return false;
  }
}

/** The version, with the numbers of errors, warnings and notes as what versions call build metadata: `0.1.0+1.2.0`. */
const toolOf = ({ tool, summary: { errors, warnings, infos } }: Check) =>
  `${tool.version}+${errors}.${warnings}.${infos}`;

function madeWithOf(tool: string) {
  const [version = "", metadata] = tool.split("+");
  if (!version) return null;
  const [errors, warnings, infos] = metadata?.split(".").map(Number) ?? [];
  const known = errors !== undefined && warnings !== undefined && infos !== undefined;
  return { version, found: known ? countsInWords({ errors, warnings, infos }) || "nothing" : null };
}

let opened = 0;

/** Shows what a link holds. The reader's own files and settings stay as they are kept. */
export async function openLink(letters: string) {
  const turn = ++opened;
  linkSays.value = { kind: "opening" };
  try {
    const shared = await readLink(letters);
    if (turn === opened) show(shared);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (turn === opened) linkSays.value = { kind: "failed", reason };
  }
}

function show(shared: Shared) {
  batch(() => {
    replaceFiles(shared.files, shared.files[shared.shown]?.path ?? "");
    postgres.value = versions.find((it) => it === shared.postgres) ?? postgres.value;
    config.value = shared.config;
    panel.value = panels.find((it) => it === shared.view) ?? panels[0];
    linkSays.value = null;
    madeWith.value = madeWithOf(shared.tool);
  });
}
