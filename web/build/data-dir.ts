/** A data directory with an empty database, made once, so that the server in the page need not run initdb. */
import { PGlite } from "@electric-sql/pglite";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import type { Plugin } from "vite";

const file = new URL("../pkg/pgdata.tar.gz", import.meta.url);
/** The version that made the file. */
const stamp = new URL("../pkg/pgdata.version", import.meta.url);
const { version } = JSON.parse(
  readFileSync(new URL("../node_modules/@electric-sql/pglite/package.json", import.meta.url), "utf8"),
) as { version: string };

export const dataDir: Plugin = {
  name: "data-dir",
  async buildStart() {
    if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, "utf8") === version) return;
    const database = await PGlite.create();
    // Two copies of the same catalogs, which nobody here makes databases from.
    await database.exec("UPDATE pg_database SET datistemplate = false WHERE datname ~ '^template'");
    for (const name of ["template0", "template1"]) await database.exec(`DROP DATABASE ${name}`);
    await database.exec("CHECKPOINT");
    const archive = await database.dumpDataDir("gzip");
    await database.close();
    await mkdir(new URL(".", file), { recursive: true });
    await writeFile(file, new Uint8Array(await archive.arrayBuffer()));
    await writeFile(stamp, version);
  },
};
