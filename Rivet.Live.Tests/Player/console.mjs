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
  await page.addInitScript(() => {
    window.stateOf = (list, name) => [...document.querySelectorAll(`${list} > li`)].find((card) => card.querySelector("h3").textContent === name)?.querySelector(".pill").textContent;
  });
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
  await page.waitForFunction(() => [...document.querySelectorAll("#broadcasts img")].every((picture) => picture.naturalWidth === 256 && picture.naturalHeight === 144), null, patience);

  // What an operator does with a rendition and a device, and back.
  await press(page, "#renditions", "Restart 180p");
  await press(page, "#renditions", "Drop 90p");
  await press(page, "#devices .device:first-child", "Cordon");
  await page.waitForFunction(() => stateOf("#renditions", "90p") === "dropped" && stateOf("#devices", "cpu") === "cordoned", null, patience);
  await press(page, "#renditions", "Restore 90p");
  await press(page, "#devices .device:first-child", "Uncordon");
  await page.waitForFunction(() => stateOf("#renditions", "90p") === "running" && stateOf("#devices", "cpu") !== "cordoned", null, patience);
  seen.done = await page.evaluate(() => [...document.querySelectorAll("#timeline [data-kind^=operator-]")].map(({ dataset }) => dataset.kind));

  // The device that encodes is lost. The page notes when it shows that, beside when the server noticed.
  seen.deviceBefore = await page.locator("#renditions .rendition").first().textContent();
  await page.evaluate(noteWhenShown);
  const lostAt = Date.now();
  console.log("lose");
  await page.waitForFunction(() => window.shown.failover && window.shown["device-failed"] && window.shown.map, null, patience);
  seen.shown = await page.evaluate(() => window.shown);
  seen.noticedMilliseconds = Math.max(...Object.values(seen.shown).map(({ at }) => at)) - lostAt;
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

/** Presses a button, and says yes. */
async function press(page, where, name) {
  await page.locator(where).getByRole("button", { name, exact: true }).click();
  await page.locator("#confirm-yes").click();
  await page.waitForFunction(() => !document.querySelector("#confirm").open, null, patience);
}

/** In the page: when each of these was first shown, and when the server had noticed it. */
function noteWhenShown() {
  window.shown = {};
  const look = () => {
    const at = performance.timeOrigin + performance.now();
    for (const kind of ["failover", "device-failed"]) {
      const stamp = document.querySelector(`#timeline [data-kind=${kind}] time`)?.getAttribute("datetime");
      if (stamp) {
        window.shown[kind] ??= { at, noticed: Date.parse(stamp) };
      }
    }
    if ([...document.querySelectorAll("#devices .pill")].some((health) => health.textContent === "failing")) {
      window.shown.map ??= { at, noticed: window.shown["device-failed"]?.noticed ?? at };
    }
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
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
