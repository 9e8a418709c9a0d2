/**
 * The files of the page. One is shown and checked, the one in sight; those before it in its folder are its history, and
 * a file named `schema.sql` describes the database that they all start from.
 */
import { batch, computed, signal } from "@preact/signals";
import changelogNames from "../../crates/sources/src/changelogs.txt?raw";
import markerNames from "../../crates/sources/src/markers.txt?raw";
import { load, save } from "./storage";

export interface File {
  /** Unique; decides about the file's folder and its turn there. */
  path: string;
  text: string;
}

/** What the page calls a text that has no name yet. */
export const firstPath = "migration.sql";

export const files = signal<readonly File[]>([{ path: firstPath, text: "" }]);
export const activePath = signal(firstPath);

/** The names of files that say which tool runs the migrations around them: the engine's own lists. */
const markers: ReadonlySet<string> = new Set([markerNames, changelogNames].flatMap((it) => it.trim().split("\n")));

export const isMarker = (path: string) => markers.has(fileName(path)) || path.endsWith(".sql.conf");

/** Does the file only tell something about the others? Of Python, that is all but the revisions. */
export const standsBeside = ({ path, text }: File) =>
  isMarker(path) || (path.endsWith(".py") && !/^(down_)?revision\b/m.test(text));

/** The files that have a tab: the one in sight has, whatever it is. */
export const shownFiles = computed(() => files.value.filter((it) => it.path === activePath.value || !standsBeside(it)));

let lastPaths: readonly string[] = [];

/** Their paths: the same list until a file comes, goes or is renamed, so that what depends on it sleeps while one types. */
export const paths = computed(() => {
  const now = shownFiles.value.map((it) => it.path);
  const same = now.length === lastPaths.length && now.every((it, at) => it === lastPaths[at]);
  return same ? lastPaths : (lastPaths = now);
});

/** The text in sight. */
export const text = computed(() => files.value.find((it) => it.path === activePath.value)?.text ?? "");

/** The file that describes the database; null when there is none. */
export const schemaPath = computed(() => files.value.find((it) => isSchema(it.path))?.path ?? null);

/** Files of these names hold the schema and are no migration. */
export const isSchema = (path: string) => /(^|\/)(schema|structure|dump)\.sql$/i.test(path);

/** Is this the kind of file that a migration tool would run? */
export const isMigration = (path: string) => /\.(sql|py|psql|pgsql|ddl)$/i.test(path);

export const fileName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** Replaces the text in sight. */
export function edit(text: string) {
  const path = activePath.peek();
  files.value = files.peek().map((it) => (it.path === path ? { path, text } : it));
}

export function activate(path: string) {
  if (files.peek().some((it) => it.path === path)) activePath.value = path;
}

/** The editor ends lines in one way, and places are counted in its text. */
const withEditorsLines = (it: File): File =>
  it.text.includes("\r") ? { path: it.path, text: it.text.replace(/\r\n?/g, "\n") } : it;

/** Shows these files and no others. */
export function replaceFiles(list: readonly File[], active: string) {
  batch(() => {
    files.value = list.length > 0 ? list.map(withEditorsLines) : [{ path: firstPath, text: "" }];
    const [first = files.peek()[0]!] = files.peek().filter((it) => !standsBeside(it));
    activePath.value = files.peek().some((it) => it.path === active) ? active : first.path;
  });
}

/** Adds files beside those that are there; one of the same path replaces the old one. Shows the last migration. */
export function addFiles(added: readonly File[]) {
  if (added.length === 0) return;
  const blank = (it: File) => it.path === firstPath && it.text.trim() === "";
  const kept = files.peek().filter((it) => !blank(it) && !added.some((other) => other.path === it.path));
  const all = [...kept, ...added].sort((a, b) => inOrder(a.path, b.path));
  const shown = added.filter((it) => !isSchema(it.path) && !standsBeside(it)).sort((a, b) => inOrder(a.path, b.path));
  replaceFiles(all, (shown.at(-1) ?? added[0]!).path);
}

/** Adds a file of a name that is not taken, and shows it. */
export function addFile(path: string, text = "") {
  const file = { path, text };
  replaceFiles(isSchema(path) ? [file, ...files.peek()] : [...files.peek(), file], path);
}

/** A name for what runs after the last of these migrations. */
export function nextMigration(taken: readonly string[] = paths.peek()): string {
  let path = nextName(taken.findLast((it) => !isSchema(it)) ?? firstPath);
  while (taken.includes(path)) path = nextName(path);
  return path;
}

/** Lets another file run before the last one: it takes the name, and the last one gets the next. Shows the new one. */
export function addBefore(path: string, text: string, nextPath: string) {
  const moved = files.peek().map((it) => (it.path === path ? { path: nextPath, text: it.text } : it));
  const at = moved.findIndex((it) => it.path === nextPath);
  replaceFiles([...moved.slice(0, at), { path, text }, ...moved.slice(at)], path);
}

/** One number more, in the same width. The first number comes behind a `_`, which sorts after the name without one. */
function nextName(path: string): string {
  const [, before, number, after] = /^(.*?)(\d+)(\D*)$/.exec(path) ?? [];
  if (number !== undefined) return `${before}${String(Number(number) + 1).padStart(number.length, "0")}${after}`;
  const [, stem, extension = ""] = /^(.*?)(\.[^./]*)?$/.exec(path) ?? [];
  return `${stem}_2${extension}`;
}

/** Gives a file another path. False when the path is empty or taken. */
export function renameFile(from: string, to: string): boolean {
  if (to === from) return true;
  if (to.trim() === "" || files.peek().some((it) => it.path === to)) return false;
  batch(() => {
    files.value = files.peek().map((it) => (it.path === from ? { path: to, text: it.text } : it));
    if (activePath.peek() === from) activePath.value = to;
  });
  return true;
}

/** Takes a file away; the last one leaves an empty one behind. */
export function removeFile(path: string) {
  const at = files.peek().findIndex((it) => it.path === path);
  const left = files.peek().filter((it) => it.path !== path);
  replaceFiles(left, activePath.peek() === path ? (left[Math.max(0, at - 1)]?.path ?? "") : activePath.peek());
}

/** Takes away what stands beside the migrations. */
export function removeBeside() {
  replaceFiles(shownFiles.peek(), activePath.peek());
}

/** The schema first, then as people count: `2` before `10`. */
function inOrder(a: string, b: string): number {
  return Number(isSchema(b)) - Number(isSchema(a)) || a.localeCompare(b, "en", { numeric: true });
}

/** The most that is kept between visits, in UTF-16 code units: browsers give a page about five million. */
const kept = 2_000_000;

let saving = 0;

/** Writes the files down when the typing pauses, and before the page goes: a long text takes longer than a key may. */
export function saveFiles() {
  clearTimeout(saving);
  saving = setTimeout(saveNow, 400);
}

function saveNow() {
  clearTimeout(saving);
  saving = 0;
  const list = files.peek();
  const size = list.reduce((sum, it) => sum + it.text.length, 0);
  save("files", size > kept ? null : JSON.stringify({ active: activePath.peek(), files: list }));
}

for (const going of ["pagehide", "visibilitychange"]) addEventListener(going, () => saving && saveNow());

/** The files of the last visit; null when there are none. */
export function savedFiles(): { active: string; files: File[] } | null {
  try {
    const saved: unknown = JSON.parse(load("files") ?? "null");
    if (typeof saved !== "object" || saved === null) return null;
    const { active, files } = saved as { active?: unknown; files?: unknown };
    if (typeof active !== "string" || !Array.isArray(files) || !files.every(isFile)) return null;
    return { active, files };
  } catch {
    return null;
  }
}

export const isFile = (it: unknown): it is File =>
  typeof it === "object" &&
  it !== null &&
  "path" in it &&
  typeof it.path === "string" &&
  "text" in it &&
  typeof it.text === "string";
