/** How fast the page is on this machine. The numbers are printed; only what would be a bug is asserted. */
import { loadavg } from "node:os";
import { test } from "node:test";
import { start } from "../playground.js";
import { soon } from "../soon.js";

/** A migration of some lines, every tenth of which is worth a finding. */
const migration = (lines) =>
  Array.from({ length: lines }, (_, line) =>
    line % 10 === 0
      ? `CREATE INDEX items_${line}_idx ON items_${line % 7} (column_${line});`
      : `ALTER TABLE new_${line % 7} ADD COLUMN column_${line} text NOT NULL DEFAULT 'none';`,
  ).join("\n");

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
/** Others may use the machine too. */
const load = () => `(load ${loadavg()[0].toFixed(1)})`;
const ms = (number) => `${number.toFixed(1)} ms`;

/**
 * Presses keys one by one, `x` unless others are given; gives for each the time until `until` holds, and that until the
 * next frame, in milliseconds.
 */
async function press(page, count, until, keys = ["x"]) {
  await page.evaluate(() => {
    globalThis.pressed = 0;
    globalThis.frame = 0;
    addEventListener(
      "keydown",
      () => {
        globalThis.pressed = performance.now();
        requestAnimationFrame(() => setTimeout(() => (globalThis.frame = performance.now() - globalThis.pressed)));
      },
      { capture: true },
    );
  });
  const [answers, frames] = [[], []];
  for (let key = 0; key < count; key++) {
    const answer = page.evaluate(until);
    await page.keyboard.press(keys[key % keys.length]);
    answers.push(await answer);
    await page.waitForTimeout(60);
    frames.push(await page.evaluate(() => globalThis.frame));
  }
  return { answers, frames };
}

const lastHalf = ({ answers, frames }) => ({
  answers: answers.slice(answers.length / 2),
  frames: frames.slice(frames.length / 2),
});

/** Until the list of findings shows a change. */
const untilFound = () =>
  new Promise((done) => {
    new MutationObserver((_, observer) => {
      observer.disconnect();
      done(performance.now() - globalThis.pressed);
    }).observe(document.querySelector(".groups"), { subtree: true, childList: true, characterData: true });
  });

test("from a key to its findings, in 500 lines", async (t) => {
  const site = await start();
  t.after(() => site.close());
  const playground = await site.open({ hash: "#new" });
  await playground.paste(`DROP TABLE t;\n${migration(499)}`);
  await playground.page.keyboard.press("Control+Home");
  for (let step = 0; step < "DROP TABLE t".length; step++) await playground.page.keyboard.press("ArrowRight");
  const say = async (when, { answers, frames }) => {
    const engine = /[\d.]+ ms/.exec(await playground.page.locator("footer").innerText());
    const longest = ms(Math.max(...answers));
    console.log(`${when}: key to findings: median ${ms(median(answers))}, at most ${longest} ${load()}`);
    console.log(`${when}: key to frame: median ${ms(median(frames))}; engine: ${engine} ${load()}`);
  };
  // While the browser still compiles what it runs often, and when it has.
  await say("first 20 keys", await press(playground.page, 20, untilFound));
  await say("100 keys later", await press(playground.page, 200, untilFound, ["x", "Backspace"]).then(lastHalf));
  await soon.match(() => playground.remarks.first().innerText(), /tx{20}/);
});

test("typing in a megabyte", async (t) => {
  const site = await start();
  t.after(() => site.close());
  const playground = await site.open({ hash: "#new" });
  const text = migration(13_500);
  await playground.editor.focus();
  const pasted = Date.now();
  await playground.pasteAtOnce(text);
  const shown = Date.now() - pasted;
  await playground.page.locator('.panel[aria-busy="false"]').waitFor({ timeout: 60_000 });
  console.log(
    `${(text.length / 1e6).toFixed(2)} MB: pasted in ${shown} ms, findings after ${Date.now() - pasted} ms ${load()}`,
  );
  const { frames } = await press(playground.page, 20, () => 0);
  console.log(`key to frame: median ${ms(median(frames))}, at most ${ms(Math.max(...frames))} ${load()}`);
  await soon.match(() => playground.editor.innerText(), /x{20}/, "each key has arrived");
});

test("first visit at 1.6 Mbit/s with a CPU four times slower", async (t) => {
  const site = await start({ gzip: true });
  t.after(() => site.close());
  const playground = await site.open({
    prepare: async (page) => {
      const devtools = await page.context().newCDPSession(page);
      const rate = 1_600_000 / 8;
      await devtools.send("Network.enable");
      await devtools.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 150,
        downloadThroughput: rate,
        uploadThroughput: rate / 2,
      });
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await page.addInitScript(() => {
        const look = () => {
          if (document.querySelector(".cm-content")) globalThis.editorAt = performance.now();
          else requestAnimationFrame(look);
        };
        look();
      });
    },
  });
  await playground.settled();
  const [paint, editor, answer] = await playground.page.evaluate(() => [
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
    globalThis.editorAt,
    performance.now(),
  ]);
  console.log(
    `findings readable ${ms(paint)}, editor usable ${ms(editor)}, engine has answered ${ms(answer)} ${load()}`,
  );
});
