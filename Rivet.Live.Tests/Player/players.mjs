// node players.mjs [--seconds 60] [--part 0.5] [--only NAME,NAME] [--screenshots FOLDER] [--json FILE]
// Plays one live broadcast with every player that runs here, one after the other, and prints what each viewer got. Exit 1 where one stalled or erred.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { viewInChromium, viewInFirefox } from "./browsers.mjs";
import { playWithFfmpeg, playWithGStreamer, playWithMpv } from "./plain.mjs";
import { percentile, playable, sleep, startPages, startPublisher, startServer, table } from "./rig.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" }, part: { type: "string", default: "0.5" }, only: { type: "string" },
    screenshots: { type: "string" }, json: { type: "string" },
  },
});
const seconds = Number(values.seconds);
/** A network that gets slower, and then well again: Mb/s, and for how much of the time. Players are slow to believe in better times, so it takes twice as long as all else. */
const steps = [{ megabits: 6, share: 0.3 }, { megabits: 2.4, share: 0.4 }, { megabits: 1.2, share: 0.3 }, { megabits: 12, share: 1 }];
const catchUp = { keepsUp: true };

/** Forgets sooner how fast the network was, and trusts it less: by itself hls.js still believed 3.4 Mb/s after 18 s of 2.4. */
const cautious = { abrEwmaFastLive: 1, abrEwmaSlowLive: 3, abrBandWidthFactor: 0.8 };
const shot = (name) => values.screenshots && path.join(values.screenshots, `${name.replaceAll(/[^a-z.]+/gi, "-")}.png`);
if (values.screenshots) {
  await mkdir(values.screenshots, { recursive: true });
}

let [server, pages, publisher, url] = [];

const players = {
  "hls.js in Chromium": (name) => viewInChromium(pages.open("hls.js", url, seconds, catchUp), { screenshot: shot(name) }),
  "Shaka in Chromium": (name) => viewInChromium(pages.open("shaka", url, seconds), { screenshot: shot(name) }),
  "video.js in Chromium, mended": (name) => viewInChromium(pages.open("video.js", url, seconds, { mended: true }), { screenshot: shot(name) }),
  "video.js in Chromium, without parts": (name) => viewInChromium(pages.open("video.js", url, seconds, { llhls: false }), { screenshot: shot(name) }),
  "hls.js in Firefox": (name) => viewInFirefox(pages.open("hls.js", url, seconds, catchUp), { screenshot: shot(name) }),
  "ffmpeg": () => playWithFfmpeg(url, seconds),
  "GStreamer": () => playWithGStreamer(url, seconds),
  "mpv": () => playWithMpv(url, seconds),
  "hls.js throttled": (name) => throttled(name),
};
const wanted = values.only?.split(",") ?? Object.keys(players);
const unknown = wanted.filter((part) => !Object.keys(players).some((name) => name.includes(part)));
if (unknown.length > 0) {
  console.error(`--only: saw ${unknown.join(", ")}, of which no player's name has a part. Players: ${Object.keys(players).join("; ")}`);
  process.exit(2);
}
const reports = {};
let status = 0;
try {
  server = await startServer("--Hls:PartSeconds", values.part);
  pages = await startPages();
  publisher = await startPublisher(server, "live/clock");
  url = await playable(server, "live/clock", 3);
  await sleep(8000);
  for (const name of Object.keys(players).filter((key) => wanted.some((part) => key.includes(part)))) {
    console.error(`${name}: ${seconds} s`);
    const report = reports[name] = await players[name](name);
    const flaws = flawsOf(report, name);
    flaws.forEach((flaw) => console.error(`  ${flaw}`));
    status ||= flaws.length > 0 ? 1 : 0;
  }
} finally {
  await publisher?.stop();
  await server?.stop();
  pages?.stop();
}

console.log(table(
  ["player", "joined ms", "played s", "stalls", "errors", "dropped", "frames", "own latency s", "on glass p50 s", "on glass p95 s"],
  Object.entries(reports).map(([name, report]) => [
    name, report.joined?.toFixed(0), report.played?.toFixed(1), report.stalls, report.errors.length, report.dropped, report.frames,
    percentile(report.own, 0.5)?.toFixed(2), inSeconds(settled(report), 0.5), inSeconds(settled(report), 0.95),
  ])));
for (const [name, { levels }] of Object.entries(reports).filter(([, report]) => report.levels.length > 0)) {
  console.log(`${name}: ${levels.map(({ at, name: level }) => `${at.toFixed(1)} s ${level}`).join(", ")}`);
}
if (values.json) {
  await writeFile(values.json, JSON.stringify(reports, (key, value) => key === "picture" ? undefined : value, 1));
}
process.exit(status);

/** Ages of the pictures, in milliseconds, once the player had ten seconds (or a third of its time) to find its place. */
function settled(report) {
  const from = report.joined / 1000 + Math.min(10, seconds / 3);
  return report.glass.filter(({ time }) => time >= from).map(({ age }) => age);
}

function inSeconds(ages, fraction) {
  const age = percentile(ages, fraction);
  return age === null ? null : (age / 1000).toFixed(2);
}

function flawsOf(report, name) {
  const flaws = report.errors.map(({ at, details, fatal }) => `${fatal ? "fatal error" : "error"} at ${at.toFixed(1)} s: ${details}`);
  if (report.joined === null) {
    return [...flaws, "never played"];
  }
  if (report.stalls > 0) {
    flaws.push(`${report.stalls} stalls, at ${report.stallsAt.map((at) => at.toFixed(1)).join(", ")} s`);
  }
  if (report.played < seconds - 15) {
    flaws.push(`played only ${report.played.toFixed(1)} s`);
  }
  return name.includes("throttled") ? [...flaws, ...ladderFlaws(report)] : flaws;
}

/**
 * hls.js while the network slows down in steps and recovers. Six seconds behind, as plain HLS is played: what it has buffered 1.5 s
 * behind is gone before it has measured that the network became slower.
 */
async function throttled(name) {
  return await viewInChromium(pages.open("hls.js", url, 2 * seconds, { liveSyncDuration: 6, ...cautious }), {
    screenshot: shot(name),
    during: async (page) => {
      const network = await page.context().newCDPSession(page);
      await network.send("Network.enable");

      // It begins well: how hls.js starts on a slow network is not what is tried.
      await page.waitForFunction("window.hls?.mainForwardBufferInfo?.len > 4");
      for (const { megabits, share } of steps) {
        await network.send("Network.emulateNetworkConditions", {
          offline: false, latency: 0, downloadThroughput: megabits * 1e6 / 8, uploadThroughput: -1,
        });
        await sleep(seconds * 1000 * share);
      }
    },
  });
}

/** The rungs must go down while the network is slow and come up again after it. */
function ladderFlaws({ glass }) {
  const before = glass.findLast(({ time }) => time <= seconds * steps[0].share)?.height ?? 0;
  const lowest = Math.min(...glass.filter(({ time }) => time > seconds * steps[0].share).map(({ height }) => height));
  const after = glass.at(-1)?.height ?? 0;
  return lowest < before && after > lowest ? [] : [`played ${before} lines first, ${lowest} at the lowest, ${after} in the end`];
}
