// Browsers that run a page without a screen.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { stopChild } from "./rig.mjs";

export const openChromium = () => chromium.launch({
  executablePath: fileURLToPath(new URL("chromium.sh", import.meta.url)),
  headless: true,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
  ],
});

/** Opens a page in Chromium; `during(page)` may act on it while it plays. Resolves to what the page reports. */
export async function viewInChromium({ page: address, reported }, { screenshot, during } = {}) {
  const browser = await openChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 700, height: 440 } });
    page.on("crash", () => console.error(`${address} crashed`));
    await page.goto(address);
    const acting = during?.(page);
    const report = await reported;
    await acting;
    if (screenshot) {
      await page.screenshot({ path: screenshot });
    }
    return report;
  } finally {
    await browser.close();
  }
}

/** Opens a page in Firefox, which has no driver here: the page's own report says everything. */
export async function viewInFirefox({ page: address, reported }, { screenshot } = {}) {
  const profile = await mkdtemp(path.join(tmpdir(), "rivet-firefox-"));
  const preferences = {
    "media.autoplay.default": 0, "media.autoplay.blocking_policy": 0, "media.autoplay.block-webaudio": false,
    "browser.shell.checkDefaultBrowser": false, "datareporting.policy.dataSubmissionEnabled": false, "app.update.enabled": false,
    "toolkit.telemetry.reportingpolicy.firstRun": false, "browser.startup.homepage_override.mstone": "ignore",
    "app.normandy.enabled": false, "services.settings.server": "", "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false, "extensions.update.enabled": false, "privacy.reduceTimerPrecision": false,
  };
  await writeFile(path.join(profile, "user.js"), Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`).join(""));
  const firefox = spawn("nice", ["-n", "5", "firefox-esr", "--headless", "--no-remote", "--profile", profile, address], { stdio: "ignore", env: { ...process.env, HOME: profile } });
  try {
    const ended = new Promise((_, reject) => firefox.once("exit", (code) => reject(new Error(`Firefox ended with ${code} before the page reported`))));
    const report = await Promise.race([reported, ended]);
    if (screenshot) {
      await writeFile(screenshot.replace(/png$/, "jpg"), Buffer.from(report.picture.split(",")[1], "base64"));
    }
    return report;
  } finally {
    firefox.removeAllListeners("exit");
    await stopChild(firefox, "SIGTERM");
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
