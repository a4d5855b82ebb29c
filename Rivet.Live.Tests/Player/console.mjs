// node console.mjs URL FOLDER
// Drives the console in Chromium as an operator does. Asks the test, by a line on standard output, to fail an encoder, and prints what it saw as
// one JSON line at the end. Screenshots go to FOLDER.
import { readFileSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { openChromium } from "./browsers.mjs";

const [url, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const patience = { timeout: 90_000 };
const seen = { errors: [], findings: [] };
const browser = await openChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });
  page.setDefaultTimeout(patience.timeout);
  page.on("pageerror", (error) => seen.errors.push(error.stack ?? String(error)));
  await page.goto(url);

  // Two broadcasts on air.
  await page.waitForFunction(() => [...document.querySelectorAll("#broadcasts .pill")].filter((state) => state.textContent === "live").length === 2, null, patience);
  seen.broadcasts = await page.locator("#broadcasts .name").allTextContents();

  // The second one, by keyboard; then its rungs.
  await page.locator("#broadcasts button", { hasText: seen.broadcasts[1] }).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((name) => document.querySelector("#name").textContent === name && window.rivet.player.playing !== null, seen.broadcasts[1], patience);
  seen.played = [];
  for (const rung of ["180p", "90p", "180p"]) {
    await page.locator("#rungs button", { hasText: rung }).click();
    await page.waitForFunction((name) => window.rivet.player.playing === name, rung, patience);
    seen.played.push(rung);
  }
  await page.waitForFunction(() => document.querySelector("#glass").textContent.endsWith(" s"), null, patience);

  // Both have their picture in the list.
  await page.waitForFunction(() => [...document.querySelectorAll("#broadcasts video")].every((picture) => picture.videoWidth > 0), null, patience);

  // The device that encodes is lost.
  seen.deviceBefore = await page.locator("#renditions .rendition").first().textContent();
  const lostAt = Date.now();
  console.log("lose");
  await page.waitForFunction(() =>
    document.querySelector("#timeline [data-kind=failover]") && document.querySelector("#timeline [data-kind=device-failed]")
      && [...document.querySelectorAll("#devices .pill")].some((health) => health.textContent === "failing"), null, patience);
  seen.noticedMilliseconds = Date.now() - lostAt;
  seen.verdict = await page.locator("#verdict").getAttribute("data-level");
  seen.timeline = await page.locator("#timeline li").allTextContents();
  seen.devices = await page.locator("#devices .device").allTextContents();

  await look(page, "console-dark");
  await page.locator("#theme").click();
  await look(page, "console-light");
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, "console-phone");
  seen.widerThanPhone = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

  // The end, from the page.
  await page.locator("#end").click();
  await page.locator("#confirm-yes").click();
  await page.waitForFunction(() => document.querySelector("#state").textContent === "ended", null, patience);
  seen.ended = await page.locator("#timeline [data-kind=ended]").count();
  console.log(JSON.stringify(seen));
} catch (error) {
  await browser.contexts()[0]?.pages()[0]?.screenshot({ path: path.join(folder, "console-failed.png"), fullPage: true });
  console.error(`Seen so far: ${JSON.stringify(seen)}`);
  throw error;
} finally {
  await browser.close();
}

/** A screenshot, and what axe-core has against the page. */
async function look(page, name) {
  await page.waitForTimeout(500);
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  seen.findings.push(...violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${name}: ${id} at ${nodes.map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary})`).join("; ")}`));
}
