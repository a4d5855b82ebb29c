// node play.mjs URL SECONDS [screenshot.png]
// Opens a watch page in Chromium, plays it and prints one JSON line of what the viewer got. Exit code 1 when the page cannot be played at all.
import { chromium } from "playwright-core";

const [url, seconds, screenshot] = process.argv.slice(2);
if (!url || !(Number(seconds) > 0)) {
  console.error("usage: node play.mjs URL SECONDS [screenshot.png]");
  process.exit(2);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ignoreHTTPSErrors: true });
  const consoleErrors = [];
  page.on("pageerror", (error) => consoleErrors.push(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => window.rivet !== undefined);
  await page.waitForTimeout(Number(seconds) * 1000);
  const seen = await page.evaluate(() => {
    const { stats, video } = window.rivet;
    let played = 0;
    for (let index = 0; index < video.played.length; index++) {
      played += video.played.end(index) - video.played.start(index);
    }
    return {
      currentTime: video.currentTime, played, paused: video.paused, readyState: video.readyState,
      width: video.videoWidth, height: video.videoHeight,
      stalls: stats.stalls, errors: stats.errors, latency: stats.latency, levels: stats.levels,
      levelsSeen: stats.levelsSeen, dropped: stats.dropped, frames: stats.frames,
      note: document.querySelector("#note").textContent,
    };
  });
  if (screenshot) {
    await page.screenshot({ path: screenshot });
  }
  console.log(JSON.stringify({ ...seen, pageErrors: consoleErrors }));
} finally {
  await browser.close();
}
