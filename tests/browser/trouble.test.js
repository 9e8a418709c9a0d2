/** The engine fails in every way it can; the reader's text stays. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./playground.js";
import { soon } from "./soon.js";

let site;
before(async () => (site = await start()));
after(() => site?.close());

/** Replaces the page's worker by `script`, for the first `times` that it is fetched. */
const replaceWorker = (script, times) => (page) =>
  page.route("**/worker-*.js", (route) => route.fulfill({ contentType: "text/javascript", body: script }), { times });

const alert = (playground) => playground.page.getByRole("alert");
const sql = "DROP TABLE customers;";

test("without its engine the page says so, keeps the text and tries again", async () => {
  const playground = await site.open({
    hash: "#new",
    prepare: (page) => page.route("**/*.wasm", (route) => route.abort(), { times: 1 }),
  });
  await alert(playground).waitFor();
  await playground.type(sql);
  await soon.match(() => alert(playground).innerText(), /could not start[^]*Your text is kept[^]*lockkeeper check/);
  await soon.equal(async () => (await playground.editor.innerText()).trim(), sql);
  await playground.page.getByRole("button", { name: "Try again" }).click();
  await playground.remarks.first().waitFor();
  await soon.equal(() => alert(playground).count(), 0);
  await playground.close();
});

test("a worker that cannot be loaded is an engine that could not start", async () => {
  const playground = await site.open({ prepare: replaceWorker("this is no script", 1) });
  await alert(playground).getByText("could not start").waitFor();
  await playground.close();
});

test("a crash costs one answer", async () => {
  const crashing = `
    onmessage = ({ data }) => postMessage({ kind: "crashed", revision: data.revision, reason: "unreachable" });
    postMessage({ kind: "ready" });`;
  const playground = await site.open({ hash: "#new", prepare: replaceWorker(crashing, 1) });
  await alert(playground).getByText("stopped at this text").waitFor();
  await playground.type(sql);
  await playground.remarks.first().waitFor();
  await soon.equal(() => alert(playground).count(), 0);
  await playground.close();
});

test("an error that nobody caught is a crash", async () => {
  const throwing = `
    onmessage = () => { throw new Error("out of memory"); };
    postMessage({ kind: "ready" });`;
  const playground = await site.open({ prepare: replaceWorker(throwing, 1) });
  await alert(playground).getByText("out of memory").waitFor();
  await playground.close();
});

test("an engine that does not answer is replaced", async () => {
  const silent = `postMessage({ kind: "ready" });`;
  const playground = await site.open({
    hash: "#new",
    prepare: async (page) => {
      await page.clock.install();
      await replaceWorker(silent, 1)(page);
    },
  });
  // The clock of the page runs by hand: past the pause after the last key, then past the limit.
  const late = alert(playground).getByText("took too long");
  // The question is sent when the worker is there, which takes as long as the machine does.
  for (let second = 0; second < 600 && (await late.count()) === 0; second++) {
    await playground.page.clock.runFor(1000);
    await playground.page.waitForTimeout(20);
  }
  await late.waitFor();
  await playground.page.clock.resume();
  await playground.type(sql);
  await playground.remarks.first().waitFor();
  await playground.close();
});

/** An engine has an answer for who asks about other servers too: the next text waits for it. */
const knowsNoMore = `if ("survey" in data) return postMessage({ kind: "surveyed", survey: data.survey, analyses: [] });`;

/** An engine that is lost in the first text that says "long", and finds nothing in all others. */
const stuck = `
  onmessage = ({ data }) => {
    ${knowsNoMore}
    const { revision, set, postgres } = data;
    if (set.some(({ text }) => text.includes("long"))) return;
    const summary = { files: 1, statements: 0, errors: 0, warnings: 0, infos: 0, problems: 0 };
    const check = { postgres, summary, findings: [], problems: [], unused_suppressions: [] };
    const effects = { postgres, statements: [], transactions: [] };
    postMessage({ kind: "analysed", revision, analysis: JSON.stringify({ check, effects }), milliseconds: 1 });
  };
  postMessage({ kind: "ready" });`;

test("who does not want to wait ends the check", async () => {
  const playground = await site.open({ hash: "#new", prepare: replaceWorker(stuck, 1) });
  await playground.settled();
  await playground.editor.focus();
  await playground.page.keyboard.insertText("SELECT 1; -- long");
  await playground.page.getByRole("button", { name: "Cancel" }).click();
  await alert(playground).getByText("The check was stopped").waitFor();
  await soon.equal(() => playground.page.getByText("Reading").count(), 0);
  await playground.editor.press("Control+End");
  await playground.page.keyboard.insertText("\n" + sql);
  await playground.remarks.first().waitFor();
  await playground.close();
});

test("what was changed before the check was ended is checked", async () => {
  const playground = await site.open({ hash: "#new", prepare: replaceWorker(stuck, 1) });
  await playground.settled();
  await playground.editor.focus();
  await playground.page.keyboard.insertText("SELECT 1; -- long");
  await playground.page.getByRole("button", { name: "Cancel" }).waitFor();
  await playground.page.keyboard.insertText("\n" + sql);
  await playground.page.getByRole("button", { name: "Cancel" }).click();
  await playground.remarks.first().waitFor();
  await soon.equal(() => alert(playground).count(), 0);
  await playground.close();
});

test("findings are there before what the statements do is known, each at its statement", async () => {
  // The last statement is found fault with. After the first text nobody hears what the statements do.
  const early = `
    let known = false;
    let path, text;
    onmessage = ({ data }) => {
      ${knowsNoMore}
      const { revision, set, postgres } = data;
      if (set.length > 0) [{ path, text }] = set;
      const at = (offset) => ({ line: 1, column: 1, offset });
      const ranges = [...text.matchAll(/(CREATE|DROP)[^;]*;/g)].map((it) => [it[1], it.index, it.index + it[0].length]);
      const places = ranges.map(([kind, start, end]) => ({ kind, path, start: at(start), end: at(end) }));
      const more = { locks: [], rewrites: [], scans: [], index_builds: [], failure: null, assumed: [], transaction: 1 };
      const effects = { postgres, statements: places.map((it) => ({ ...it, ...more })), transactions: [] };
      const said = { rule: "echo", severity: "warning", message: text, notes: [], labels: [], assumed: [] };
      const summary = { files: 1, statements: 2, errors: 0, warnings: 1, infos: 0, problems: 0 };
      const findings = places.slice(-1).map((it) => ({ ...said, ...it }));
      const check = { postgres, summary, findings, problems: [], unused_suppressions: [] };
      postMessage({ kind: "found", revision, check: JSON.stringify(check) });
      if (known) return;
      known = places.length > 0;
      postMessage({ kind: "analysed", revision, analysis: JSON.stringify({ effects }), milliseconds: 1 });
    };
    postMessage({ kind: "ready" });`;
  const playground = await site.open({ hash: "#new", prepare: replaceWorker(early, 1) });
  await playground.editor.focus();
  await playground.page.keyboard.insertText("CREATE TABLE a (b int);\nDROP TABLE c;");
  const list = playground.page.locator(".groups");
  await soon.match(() => list.innerText(), /DROP[^]*CREATE TABLE a/);
  await playground.editor.press("Control+Home");
  await playground.page.keyboard.insertText("-- a line that is longer than what follows\n");
  await soon.match(() => list.innerText(), /^DROP[^]*longer than/);
  await playground.close();
});

test("an answer to an older text is dropped", async () => {
  // Answers each question with a finding that quotes the text, the first one only after a while.
  const slow = `
    const at = { line: 1, column: 1, offset: 0 };
    let pause = 2000;
    let text;
    onmessage = ({ data }) => {
      ${knowsNoMore}
      const { revision, set, postgres } = data;
      if (set.length > 0) [{ text }] = set;
      const finding = { rule: "echo", severity: "warning", path: "migration.sql", start: at, end: at, message: text, notes: [], labels: [], assumed: [] };
      const summary = { files: 1, statements: 0, errors: 0, warnings: 1, infos: 0, problems: 0 };
      const check = { postgres, summary, findings: [finding], problems: [], unused_suppressions: [] };
      const effects = { postgres, statements: [], transactions: [] };
      const analysis = JSON.stringify({ check, effects });
      setTimeout(() => postMessage({ kind: "analysed", revision, analysis, milliseconds: 1 }), pause);
      pause = 0;
    };
    postMessage({ kind: "ready" });`;
  const playground = await site.open({ hash: "#example=index", prepare: replaceWorker(slow, 1) });
  const shown = playground.page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = [];
        new MutationObserver(() => {
          const message = document.querySelector("li.remark .message")?.textContent;
          if (message && message !== seen.at(-1)) seen.push(message);
          if (message?.includes("newest")) resolve(seen);
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
  );
  await playground.page.waitForTimeout(250);
  await playground.editor.focus();
  await playground.page.keyboard.insertText("-- newest\n");
  const seen = await shown;
  assert.equal(seen.length, 1, `shown: ${seen}`);
  await playground.close();
});

test("without its colours the text is there all the same", async () => {
  const colourless = (page) => page.route("**/dialect-*.js", (route) => route.abort());
  const playground = await site.open({ prepare: colourless });
  await playground.settled();
  await soon.match(() => playground.editor.innerText(), /CREATE TABLE/);
  await soon.match(() => playground.remarks.locator(".sql").first().innerText(), /PRIMARY KEY/);
  await soon.equal(() => playground.page.locator("[class*=tok-]").count(), 0);
  await playground.close();
});
