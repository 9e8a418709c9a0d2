/** A whole PostgreSQL in a worker: made for one run, thrown away after it. It may be started before the run is known. */
import { PGlite } from "@electric-sql/pglite";
import dataDirUrl from "../../pkg/pgdata.tar.gz?url";
import bundleUrl from "../../node_modules/@electric-sql/pglite/dist/pglite.data?url";
import wasmUrl from "../../node_modules/@electric-sql/pglite/dist/pglite.wasm?url";
import { probe } from "./probe";
import type { Order, Refusal, Report } from "./protocol";
import type { Outcome, Server } from "./server";

const say = (report: Report) => postMessage(report);

let started: Promise<Server> | undefined;

onmessage = async ({ data: order }: MessageEvent<Order>) => {
  if (order === "start") {
    started ??= boot();
    // Whoever brings the run hears of it.
    started.catch(() => {});
    return;
  }
  const start = performance.now();
  try {
    // For the page, the time of this run begins now.
    if (started) say({ kind: "booting" });
    const server = await (started ??= boot());
    say({ kind: "booted", version: await versionOf(server) });
    await probe(server, order, say);
    say({ kind: "done", milliseconds: performance.now() - start });
  } catch (error) {
    say({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
};

async function boot(): Promise<Server> {
  const [wasm, bundle, dataDir] = await download([wasmUrl, bundleUrl, dataDirUrl]);
  say({ kind: "booting" });
  const database = await PGlite.create({
    pgliteWasmModule: await WebAssembly.compile(await wasm!.arrayBuffer()),
    fsBundle: bundle!,
    loadDataDir: dataDir!,
    relaxedDurability: true,
  });
  return { send: (sql) => send(database, sql) };
}

async function versionOf(server: Server): Promise<string> {
  const { rows } = await server.send("SELECT current_setting('server_version') AS version");
  return String(rows[0]?.version);
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

/** Fetches the parts, or says in words why not. */
async function download(urls: string[]): Promise<Blob[]> {
  try {
    return await downloadAll(urls);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`PostgreSQL could not be fetched: ${navigator.onLine ? reason : "there is no network"}.`, {
      cause: error,
    });
  }
}

/** Fetches the parts side by side and says how far they are. */
function downloadAll(urls: string[]): Promise<Blob[]> {
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
