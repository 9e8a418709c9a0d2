/** Files from the reader's disk: chosen, or dropped with the folders they lie in. Nothing of them leaves the page. */
import { signal } from "@preact/signals";
import { addFiles, fileName, isMarker, isMigration, type File as TextFile } from "./files";
import { clearHash } from "./hash";
import { openSaved, savedEnding } from "./share/link";
import { changeConfig, keep } from "./state";

/** What could not be opened; null when all went well. */
export const openTrouble = signal<string | null>(null);

/** Bytes of all files together that the page takes. */
const most = 20_000_000;

/** Folders of what others have made: nothing in them is a migration of the project. */
const foreign = /(^|\/)(node_modules|\.git|\.?venv|site-packages|target|dist|__pycache__)\//;

const isConfig = (path: string) => fileName(path) === "lockkeeper.toml";

/** Opens migrations, and takes along what tells how their tool runs them. */
export async function openFiles(list: { path: string; file: File }[]) {
  const saved = list.find(({ path }) => path.endsWith(savedEnding));
  if (saved) {
    openTrouble.value = openSaved(await saved.file.text())
      ? null
      : `${fileName(saved.path)} is no file that was saved here.`;
    if (!openTrouble.value) clearHash();
    return;
  }
  const wanted = list.filter(({ path }) => (isMigration(path) || isMarker(path)) && !foreign.test(path));
  const found = wanted.some(({ path }) => isMigration(path));
  const size = wanted.reduce((sum, { file }) => sum + file.size, 0);
  if (!found || size > most) {
    openTrouble.value = !found
      ? "There is no .sql or .py file among these."
      : "These files are too large for a page. The command line takes them: lockkeeper check FOLDER";
    return;
  }
  const texts = await Promise.all(
    wanted.map(async ({ path, file }): Promise<TextFile> => ({ path, text: await file.text() })),
  );
  openTrouble.value = null;
  const configs = texts.filter((it) => isConfig(it.path)).sort((a, b) => a.path.length - b.path.length);
  if (configs[0]) changeConfig(configs[0].text);
  addFiles(withoutCommonFolder(texts).filter((it) => !isConfig(it.path)));
  clearHash();
  keep();
}

/** Asks the browser for files or a folder. */
export function chooseFiles(folder: boolean) {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  if (folder) input.webkitdirectory = true;
  else input.accept = ".sql,.py,.psql,.pgsql,.ddl,.toml,.ini,.json,.conf,.plan,.mod,.sum,.xml,.yaml,.yml";
  input.onchange = () =>
    void openFiles([...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  input.click();
}

/** Everything that was dropped, with the files of dropped folders. */
export async function droppedFiles(transfer: DataTransfer): Promise<{ path: string; file: File }[]> {
  // Entries must be taken before the first pause: afterwards the list is empty.
  const items = [...transfer.items].map((it) => ({ entry: it.webkitGetAsEntry(), file: it.getAsFile() }));
  const found: { path: string; file: File }[] = [];
  for (const { entry, file } of items) {
    if (entry) await collect(entry, found);
    else if (file) found.push({ path: file.name, file });
  }
  return found;
}

async function collect(entry: FileSystemEntry, found: { path: string; file: File }[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ""), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives its entries in portions; an empty one is the last.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return;
    for (const child of portion) await collect(child, found);
  }
}

/** `migrations/1.sql` and `migrations/2.sql` are known as `1.sql` and `2.sql`. */
function withoutCommonFolder(list: TextFile[]): TextFile[] {
  const folders = list.map(({ path }) => path.split("/").slice(0, -1));
  let depth = 0;
  while (folders.every((it) => depth < it.length && it[depth] === folders[0]![depth])) depth += 1;
  return list.map(({ path, text }) => ({ path: path.split("/").slice(depth).join("/"), text }));
}
