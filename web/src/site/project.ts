/** Examples that are files of a tool, by the paths by which the engine knows them. */
import type { Shared } from "../contract";

type Files = Shared["files"];

/** What tells a tool by other means than the text of its migrations. */
const signs: Record<string, Files[number]> = {
  sqlx: { path: "sqlx/Cargo.toml", text: '[dependencies]\nsqlx = "0.8"\n' },
};

/** A migration of a tool that is not written in a program; the second is its path. */
export function toolFiles(tool: string, text: string): [Files, string] {
  const path = `${tool}/${tool === "flyway" ? "V1__example.sql" : "0001_example.sql"}`;
  const sign = signs[tool];
  return [[...(sign ? [sign] : []), { path, text }], path];
}

/** A project that uses Alembic: its files so far, which a heading starts from. */
export class Project {
  #setup: Files = [];
  #files: Files = [];
  #revisions = 0;

  /** What stands under a heading is forgotten at the next, but for what it sets up. */
  nextHeading() {
    this.#files = [...this.#setup];
    this.#revisions = this.#setup.filter((it) => it.path.includes("/versions/")).length;
  }

  /** Adds a file, or puts it in place of one of the same path; the second is its path. */
  add(name: string, text: string, setsUp: boolean): [Files, string] {
    const path = this.#pathOf(name);
    const file = { path, text: `${text}\n` };
    const withIt = (list: Files) => [...list.filter((it) => it.path !== path), file];
    if (setsUp) this.#setup = withIt(this.#setup);
    this.#files = withIt(this.#files);
    return [this.#files, path];
  }

  /** Takes the newest file out again: what the server refuses leaves nothing behind. */
  forget() {
    this.#files = this.#files.slice(0, -1);
  }

  #pathOf(name: string): string {
    if (name === "env.py") return "migrations/env.py";
    if (name !== "python") return name;
    this.#revisions += 1;
    return `migrations/versions/${String(this.#revisions).padStart(4, "0")}.py`;
  }
}
