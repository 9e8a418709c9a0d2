/** After the first visit the page needs no network. */
import { test } from "node:test";
import { start } from "./playground.js";
import { soon } from "./soon.js";

/** Waits until the service worker has kept what it keeps and answers for the page. */
const kept = (page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done));
    while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 20));
  });

test("without a network the page checks, explains, and runs what it has run before", async (t) => {
  const site = await start();
  t.after(() => site.close());
  const playground = await site.open({ serviceWorkers: "allow" });
  const { page } = playground;
  await playground.settled();
  await kept(page);
  const run = async () => {
    await playground.view("Verify");
    await page.getByRole("button", { name: /Run on PostgreSQL 18|Run again/ }).click();
    await playground.ran();
    await page.locator(".verify h2", { hasText: /confirmed|otherwise/ }).waitFor();
  };
  await run();
  site.goOffline();

  await page.reload();
  await playground.settled();
  await soon.match(() => playground.of("error").innerText(), /market_odds_history/);
  await playground.editor.focus();
  await page.keyboard.type("DROP TABLE customers; ");
  await page.getByText("customers", { exact: true }).first().waitFor();
  await playground.remarks.getByRole("link", { name: "table-dropped" }).click();
  await page.getByRole("dialog").getByRole("heading", { name: "table-dropped" }).waitFor();
  await page.keyboard.press("Escape");
  await run();
  await page.goto(page.url().replace(/#.*/, "") + "embed.html");
  await page.locator("li.remark").first().waitFor();
});
