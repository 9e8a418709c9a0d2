/** What a visitor downloads, and what the page may do. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { dist } from "./playground.js";

/** The most that the scripts of the first load may weigh, in bytes after gzip. */
const limit = 200 * 1024;

const page = readFileSync(`${dist}/index.html`, "utf8");
const assets = readdirSync(`${dist}/assets`);
const read = (name) => readFileSync(`${dist}/assets/${name}`, "utf8");

/** Fetched only when someone asks for it: the real server, the engine that reads Python, permalinks, the comparison of texts, the catalog of names, the views behind the first. */
const later =
  /^(postgres|python|links|unified|names|complete|views|memfs2opfs|opfs-ahp|nodefs|rolldown-runtime|__vite-browser-external)-/;

test("the first load is light", () => {
  const scripts = assets.filter((name) => name.endsWith(".js") && !later.test(name));
  assert.ok(scripts.length >= 2, "the page and its worker");
  for (const [, name] of page.matchAll(/assets\/([^"]+\.js)/g)) assert.ok(scripts.includes(name), name);
  const sizes = scripts.map((name) => gzipSync(read(name)).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`scripts after gzip: ${total} bytes in ${scripts.length} files, at most ${limit}`);
  assert.ok(total <= limit);
});

test("only scripts of this origin run", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)[1].replaceAll("&#39;", "'");
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
  assert.doesNotMatch(page, /<script(?![^>]*src=)|\son\w+=|\sstyle=/);
});

test("the page works from any folder", () => {
  const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
  assert.ok(addresses.length >= 3);
  for (const address of addresses) assert.match(address, /^(\.\/|#)/);
});

test("no third party is named in the scripts", () => {
  // Names of XML vocabularies are no addresses that anyone fetches.
  const vocabularies =
    /http:\/\/www\.w3\.org\/(2000\/svg|1999\/xhtml|1999\/xlink|1998\/Math\/MathML|2000\/xmlns\/|XML\/1998\/namespace)/g;
  // The real server is a program of others, whose messages name their addresses; the policy lets it call none.
  for (const name of assets.filter((it) => /\.(js|css)$/.test(it) && !it.startsWith("postgres-"))) {
    const addresses = read(name)
      .replace(vocabularies, "")
      .match(/https?:\/\/[^\s"'`)]+/g);
    assert.equal(addresses, null, name);
  }
});
