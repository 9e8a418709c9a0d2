/** Permalinks: everything that findings depend on, behind the `#` of the address, where no server sees it. */
import { batch, signal } from "@preact/signals";
import { versions, type Shared } from "../contract";
import { activePath, files, replaceFiles } from "../files";
import { config, postgres, readLink, result, writeLink } from "../state";
import { panel, panels } from "../view";

/** What there is to say about the link that was opened; null when nothing is. */
export const linkSays = signal<{ kind: "opening" } | { kind: "failed"; reason: string } | null>(null);

/** The version that made the link that is shown; null when it shows none. */
export const madeWith = signal<string | null>(null);

/** Longer links are cut by programs on their way, in characters. */
export const longLink = 16_000;

/** The letters of a link to what the page shows now. */
export function linkToThis(): Promise<string> {
  const shown = files.value.findIndex((it) => it.path === activePath.value);
  return writeLink({
    files: files.value.map(({ path, text }) => ({ path, text })),
    shown: Math.max(0, shown),
    postgres: postgres.value,
    config: config.value,
    view: panel.value === panels[0] ? null : panel.value,
    tool: result.value?.analysis.check.tool.version ?? "",
  });
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
    madeWith.value = shared.tool || null;
  });
}
