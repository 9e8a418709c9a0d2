/**
 * The PostgreSQL in the page against native servers. The pages of `tests/locks` say what native servers of this version
 * did, and the server tests hold them to it both ways; here the same statements run on the server in the page, and what
 * its probe measured is compared with the same markers. The engine's prediction has no part in it.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Engine } from "./engine.js";
import { dist, start } from "./playground.js";

const version = 18;
/** Pages of the catalogue that are run, or some headings of them; each heading starts a server of its own. */
const pages = {
  "alter-constraints": "all",
  attached: "all",
  indexes: "all",
  upkeep: "all",
  "alter-columns": ["ADD COLUMN that rewrites", "ALTER COLUMN TYPE with a rewrite"],
  partitions: ["ATTACH PARTITION", "DETACH PARTITION"],
  types: ["ALTER TYPE of an enum"],
  "create-table": ["REFRESH MATERIALIZED VIEW", "CREATE TRIGGER"],
  bodies: ["Statements inside"],
  refused: ["Columns and their types"],
};

/** The modes, weakest first. */
const modes = Object.keys(JSON.parse(readFileSync(new URL("../../web/src/locks/modes.json", import.meta.url), "utf8")));
const strength = (mode) => modes.indexOf(mode);

/** What this server cannot show or has not, by page and heading, and why. */
const different = new Map([
  ["upkeep, Temporary tables", "each block has a session of its own natively, which ends its temporary tables"],
]);

/** The statements of a text, with their kinds. */
function statementsOf(sql) {
  const files = new Engine();
  files.set("a.sql", sql);
  const answer = files.analyse({ report: ["a.sql"], postgres: version, offsets: "utf16", want: ["effects"] });
  const { effects } = JSON.parse(answer);
  return effects.statements.map(({ kind, start, end }) => ({ kind, start: start.offset, end: end.offset }));
}

const holds = (range) => {
  const [, from, open, to] = /^(\d+)(?:(\+)|-(\d+))?$/.exec(range);
  return Number(from) <= version && version <= (open ? Infinity : Number(to ?? from));
};

/** The blocks of a page by heading; those above the first heading come before the others. */
function headings(page) {
  const text = readFileSync(new URL(`../locks/${page}.md`, import.meta.url), "utf8");
  const [top, ...parts] = text.split(/^## /m);
  const blocks = (part) =>
    [...part.matchAll(/^```sql (\w+)(.*)\n([^]*?)^```$/gm)]
      .filter(([, , attributes]) => (/pg=(\S+)/.exec(attributes) ?? []).slice(1).every(holds))
      .map(([, kind, attributes, text]) => ({ kind, alone: /tx=none/.test(attributes), text }));
  return parts.map((part) => ({ title: part.split("\n")[0], blocks: [...blocks(top), ...blocks(part)] }));
}

/** A heading as a job of the page's server, and what the markers claim of each of its statements. */
function jobOf(blocks) {
  const job = { history: [], statements: [], assumesSchema: false };
  const claims = [];
  for (const [transaction, { kind, alone, text }] of blocks.entries()) {
    const statements = statementsOf(text);
    for (const [index, { kind: tag, start, end }] of statements.entries()) {
      const sql = text.slice(start, end);
      if (kind === "setup") {
        job.history.push(sql);
        continue;
      }
      const behind = text.slice(end, statements[index + 1]?.start ?? text.length);
      const markers = [...behind.matchAll(/^--\^ (\w+): (.*?)(?: \[([^\]]+)\])?$/gm)].filter(
        ([, , , range]) => !range || holds(range),
      );
      const values = (name) => markers.filter((it) => it[1] === name).map((it) => it[2]);
      job.statements.push({
        sql,
        kind: tag,
        transaction: alone ? 1000 * transaction + index : transaction,
        explicit: !alone,
      });
      claims.push({ sql, block: transaction, values });
    }
  }
  return { job, claims };
}

const short = (name) => name.replace(/^public\./, "");
const sorted = (list) => [...list].sort();

/** One line for each thing that the page's server did otherwise. */
function differences({ sql, values }, seen) {
  const found = [];
  const [error] = values("error");
  if ((error ?? null) !== (seen.refusal?.sqlstate ?? null))
    return [
      `${sql}: ${seen.refusal?.sqlstate ?? "accepted"} (${seen.refusal?.message ?? ""}), natively ${error ?? "accepted"}`,
    ];
  if (error) return [];
  if (seen.locksSeen !== "none") {
    const strongest = (list) => {
      const map = new Map();
      for (const [relation, mode] of list)
        if (strength(mode) > strength(map.get(relation) ?? "")) map.set(relation, mode);
      return map;
    };
    const ofTables = (list) =>
      list.filter((it) => "rpmfS".includes(it.kind)).map((it) => [short(it.relation), it.mode]);
    const claimed = values("lock").map((it) => /^(\S+) (.*)$/.exec(it).slice(1));
    const expected = strongest([...ofTables(seen.held), ...claimed]);
    const measured = strongest(ofTables(seen.locks));
    for (const relation of new Set([...expected.keys(), ...measured.keys()])) {
      const [native, here] = [expected.get(relation), measured.get(relation)];
      const counts = [native, here].some((it) => strength(it) >= strength("SHARE UPDATE EXCLUSIVE"));
      if (counts && native !== here)
        found.push(`${sql}: ${relation} ${here ?? "not locked"}, natively ${native ?? "not locked"}`);
    }
  }
  for (const [marker, did] of [
    ["rewrite", seen.rewrites],
    ["scan", seen.scans],
    ["index", seen.indexBuilds],
  ]) {
    const [native, here] = [sorted(values(marker)).join(), sorted(did.map(short)).join()];
    if (native !== here) found.push(`${sql}: ${marker} ${here || "none"}, natively ${native || "none"}`);
  }
  return found;
}

test(`the server in the page does what PostgreSQL ${version} does`, async (t) => {
  const site = await start();
  t.after(() => site.close());
  const { page } = await site.open({ hash: "#new" });
  const script = readdirSync(`${dist}/assets`).find((it) => /^postgres-.*\.js$/.test(it));
  const run = (job) =>
    page.evaluate(
      ([address, job]) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(address, { type: "module" });
          const seen = [];
          worker.onerror = (event) => reject(new Error(event.message));
          worker.onmessage = ({ data }) => {
            if (data.kind === "seen") seen[data.index] = data.seen;
            if (data.kind === "history") reject(new Error(`${data.sql}: ${data.refusal.message}`));
            if (data.kind === "failed") reject(new Error(data.reason));
            if (data.kind !== "done") return;
            worker.terminate();
            resolve(seen);
          };
          worker.postMessage(job);
        }),
      [`./assets/${script}`, job],
    );
  let compared = 0;
  let unseen = 0;
  const found = [];
  for (const [name, wanted] of Object.entries(pages)) {
    const all = headings(name);
    const chosen = wanted === "all" ? all : all.filter((it) => wanted.includes(it.title));
    if (wanted !== "all") assert.equal(chosen.length, wanted.length, `${name} has these headings`);
    for (const { title, blocks } of chosen) {
      const { job, claims } = jobOf(blocks);
      if (claims.length === 0) continue;
      const seen = await run(job).catch((error) => error);
      if (seen instanceof Error) {
        found.push(`${name}, ${title}: ${seen.message}`);
        continue;
      }
      // After a refusal nothing of its block remains, and what follows there is not claimed.
      const refused = new Set();
      for (const [index, claim] of claims.entries()) {
        if (refused.has(claim.block)) continue;
        if (seen[index].refusal) refused.add(claim.block);
        compared += 1;
        if (seen[index].locksSeen === "none" && !seen[index].refusal) unseen += 1;
        const why = different.get(`${name}, ${title}`);
        if (!why) found.push(...differences(claim, seen[index]).map((it) => `${name}, ${title}: ${it}`));
      }
    }
  }
  console.log(`${compared} statements compared; of ${unseen} the locks cannot be seen from one connection`);
  for (const [where, why] of different) console.log(`not compared: ${where}: ${why}`);
  assert.deepEqual(found, []);
});
