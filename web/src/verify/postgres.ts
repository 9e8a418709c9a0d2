/** A whole PostgreSQL in a worker: made for one run, thrown away after it. */
import { PGlite } from "@electric-sql/pglite";
import dataDirUrl from "../../pkg/pgdata.tar.gz?url";
import bundleUrl from "../../node_modules/@electric-sql/pglite/dist/pglite.data?url";
import wasmUrl from "../../node_modules/@electric-sql/pglite/dist/pglite.wasm?url";
import { probe } from "./probe";
import type { Job, Refusal, Report } from "./protocol";
import type { Outcome, Server } from "./server";

const say = (report: Report) => postMessage(report);

onmessage = async ({ data: job }: MessageEvent<Job>) => {
  const start = performance.now();
  try {
    const server = await boot();
    await probe(server, job, say);
    say({ kind: "done", milliseconds: performance.now() - start });
  } catch (error) {
    say({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
};

async function boot(): Promise<Server> {
  const [wasm, bundle, dataDir] = await download([wasmUrl, bundleUrl, dataDirUrl]);
  say({ kind: "booting" });
  const start = performance.now();
  const database = await PGlite.create({
    pgliteWasmModule: await WebAssembly.compile(await wasm!.arrayBuffer()),
    fsBundle: bundle!,
    loadDataDir: dataDir!,
    relaxedDurability: true,
  });
  const server: Server = { send: (sql) => send(database, sql) };
  const { rows } = await server.send("SELECT current_setting('server_version') AS version");
  say({ kind: "booted", version: String(rows[0]?.version), milliseconds: performance.now() - start });
  return server;
}

async function send(database: PGlite, sql: string): Promise<Outcome> {
  const messages: string[] = [];
  try {
    const results = await database.exec(sql, { onNotice: (it) => void (it.message && messages.push(it.message)) });
    return { rows: results.at(-1)?.rows ?? [], messages, refusal: null };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return { rows: [], messages, refusal };
  }
}

function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  const { detail, hint } = error as { detail?: string; hint?: string };
  return { sqlstate: error.code, message: error.message, detail, hint };
}

/** Fetches the parts side by side and says how far they are. */
async function download(urls: string[]): Promise<Blob[]> {
  const loaded = urls.map(() => 0);
  const totals = urls.map(() => 0);
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
  return Promise.all(
    urls.map(async (url, index) => {
      const response = await fetch(url);
      if (!response.ok || !response.body) throw new Error(`${response.status} ${url}`);
      totals[index] = Number(response.headers.get("content-length") ?? 0);
      const parts: Uint8Array<ArrayBuffer>[] = [];
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return new Blob(parts);
        parts.push(value);
        loaded[index]! += value.length;
        say({ kind: "downloading", loaded: sum(loaded), total: sum(totals) });
      }
    }),
  );
}
