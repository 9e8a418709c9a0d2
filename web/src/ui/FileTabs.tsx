/** The open files, and what can be done with them. */
import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import {
  activate,
  activePath,
  addFile,
  fileName,
  files,
  isSchema,
  nextMigration,
  removeBeside,
  removeFile,
  renameFile,
  schemaPath,
  shownFiles,
} from "../files";
import { focusEditor } from "../editor/editor";
import { clearHash } from "../hash";
import { chooseFiles, openTrouble } from "../open";
import { byFile, keep } from "../state";
import { Menu, type MenuItem } from "./Menu";
import { Tabs } from "./Tabs";

const renaming = signal(false);

/** The address described other files. */
function mine(change: () => void) {
  return () => {
    change();
    clearHash();
    keep();
    focusEditor();
  };
}

export function FileTabs() {
  const path = activePath.value;
  const beside = files.value.filter((it) => !shownFiles.value.includes(it)).map((it) => it.path);
  const items: MenuItem[] = [
    ...(schemaPath.value
      ? []
      : [
          {
            name: "Add the schema",
            about: "schema.sql: pg_dump --schema-only of the database, so that nothing needs to be assumed",
            onChoose: mine(() => addFile("schema.sql")),
          },
        ]),
    { name: "Add a migration", about: "runs after the others", onChoose: mine(() => addFile(nextMigration())) },
    {
      name: "Open files…",
      about: ".sql, or .py of Alembic, with what their tool reads beside them",
      onChoose: () => chooseFiles(false),
    },
    { name: "Open a folder…", about: "a whole history, run as its tool does", onChoose: () => chooseFiles(true) },
    { name: `Rename ${fileName(path)}`, onChoose: () => (renaming.value = true) },
    ...(beside.length > 0
      ? [
          {
            name: `Without ${beside.length === 1 ? fileName(beside[0]!) : `the ${beside.length} files beside them`}`,
            about: "read for what they tell of the tool, but not run",
            onChoose: mine(removeBeside),
          },
        ]
      : []),
    ...(files.value.length > 1 ? [{ name: `Remove ${fileName(path)}`, onChoose: mine(() => removeFile(path)) }] : []),
  ];
  return (
    <div class="files">
      {renaming.value ? (
        <Rename />
      ) : (
        <Tabs
          label="Files"
          prefix="file"
          controls="editor"
          tabs={shownFiles.value.map((it) => ({ name: it.path, title: it.path, label: <Name path={it.path} /> }))}
          selected={path}
          onSelect={activate}
        />
      )}
      {beside.length > 0 && (
        <span class="beside" title={beside.join("\n")}>
          with {fileName(beside[0]!)}
          {beside.length > 1 && ` and ${beside.length - 1} more`}
        </span>
      )}
      <Menu label={<Plus />} title="Files" items={items} />
      {openTrouble.value && (
        <p class="mistake" role="alert">
          {openTrouble.value}
        </p>
      )}
    </div>
  );
}

function Name({ path }: { path: string }) {
  const count = byFile.value.get(path);
  return (
    <>
      {fileName(path)}
      {isSchema(path) && <span class="count">schema</span>}
      {count !== undefined && <span class="count">{count}</span>}
    </>
  );
}

const Plus = () => (
  <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="stroke">
    <path d="M8 3v10M3 8h10" />
  </svg>
);

function Rename() {
  const field = useRef<HTMLInputElement>(null);
  const done = (save: boolean) => {
    if (!renaming.value) return;
    if (save && field.current && renameFile(activePath.value, field.current.value.trim())) keep();
    renaming.value = false;
  };
  return (
    <input
      ref={(element) => {
        if (element && !field.current) element.select();
        field.current = element;
      }}
      class="rename"
      aria-label="Path of the file"
      defaultValue={activePath.value}
      onBlur={() => done(true)}
      onKeyDown={(event) => {
        if (event.key === "Enter") done(true);
        if (event.key === "Escape") done(false);
      }}
    />
  );
}
