// node latency.mjs [--seconds 60] [--json FILE]
// Where the time goes between the camera and the glass, with parts of 0.2 s on one machine. First the server alone, then with hls.js in Chromium.
// Exit 1 where a target is missed.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { viewInChromium } from "./browsers.mjs";
import { PartWatch } from "./parts.mjs";
import { everyFrame, percentile, playable, publishRecorded, sleep, startPages, startPublisher, startServer, table } from "./rig.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" }, json: { type: "string" } } });
const seconds = Number(values.seconds);
const settleSeconds = Math.min(10, seconds / 3);
const targets = { "source": 60, "480p": 120 };
const glassTarget = 1000;

/** A broadcast this old is an ordinary one: its first segments are there. */
const windowSeconds = 8;
const part = ["--Hls:PartSeconds", "0.2"];
const ways = {
  "hls.js with maxLiveSyncPlaybackRate 1.5": { maxLiveSyncPlaybackRate: 1.5 },
  "hls.js with a largest latency of 1 s": { liveSyncDuration: 0.65, liveMaxLatencyDuration: 1, liveSyncMode: "buffered" },
  "hls.js as the watch page runs it": { keepsUp: true },
};
const verdicts = [];

const shares = await measureServer();
console.log(`\nThe server's own share: a part's last picture is in, until the part has been fetched, in ms. Nothing else runs.\n${table(
  ["rendition", "parts", "part p50", "p95", "max", "playlist p50", "p95", "max"],
  Object.entries(shares).map(([name, { whole, listed }]) => [name, whole.length, ...three(whole), ...three(listed)]))}`);
console.log(`\nWhat happens to it in the server meanwhile, by /stats, ms. Delivery, the loopback and this process are the rest.\n${stagesTable(shares.source.stages)}`);
for (const [name, target] of Object.entries(targets)) {
  judge(`server's share of ${name}, p95 at most ${target} ms`, Math.max(percentile(shares[name].whole, 0.95), percentile(shares[name].listed, 0.95)), target);
}

const viewings = {};
for (const [name, options] of Object.entries(ways)) {
  const { report, split, stages } = viewings[name] = await measureGlass(options);
  console.log(`\nFrom camera to glass, ${name}, ms:\n${table(["stage", "p50", "p95", "max"], Object.entries(split).map(([stage, all]) => [stage, ...three(all)]))}`);
  console.log(`${report.stalls} stalls, ${report.errors.length} errors, ${report.dropped} of ${report.frames} pictures dropped, own latency ${percentile(report.own, 0.5)?.toFixed(2)} s, ` +
    `rates ${[...new Set(report.rates)].sort().join(" ")}, rungs ${report.levels.map(({ at, name: rung }) => `${at.toFixed(1)} s ${rung}`).join(", ")}`);
  console.log(`The server meanwhile, by /stats, ms:\n${stagesTable(stages)}`);
}
const best = Math.min(...Object.values(viewings).map(({ split }) => percentile(split["camera to glass"], 0.5)));
judge(`camera to glass, hls.js allowed to catch up, p50 at most ${glassTarget} ms`, best, glassTarget);
if (values.json) {
  await writeFile(values.json, JSON.stringify({ shares, viewings }, (key, value) => key === "picture" ? undefined : value, 1));
}
console.log(verdicts.map(({ text, isMet }) => `${isMet ? "met   " : "missed"}  ${text}`).join("\n"));
process.exit(verdicts.every(({ isMet }) => isMet) ? 0 : 1);

function judge(text, value, target) {
  verdicts.push({ text: `${text}: ${value.toFixed(0)}`, isMet: value <= target });
}

function three(all) {
  return [0.5, 0.95, 1].map((fraction) => percentile(all, fraction)?.toFixed(0));
}

/** By rendition: from a part's last picture in, to the part in hand and to the playlist that lists it in hand. */
async function measureServer() {
  const server = await startServer(...part);
  try {
    const { sent, done } = await publishRecorded(server, "live/clock", seconds + settleSeconds + 5);
    const watches = await watch(server, Object.keys(targets));
    await sleep((settleSeconds + seconds) * 1000);
    const stages = await stagesOf(server);
    await done;
    await Promise.all(Object.values(watches).map(({ following }) => following));
    return Object.fromEntries(Object.entries(watches).map(([name, { parts }]) => {
      const from = sent[0].at + settleSeconds * 1000;
      const measured = parts.filter((one) => one.listed !== null && one.whole > from).map((one) => ({ ...one, in: lastOf(sent, one).at }));
      return [name, { whole: measured.map((one) => one.whole - one.in), listed: measured.map((one) => one.listed - one.in), stages }];
    }));
  } finally {
    await server.stop();
  }
}

/** Every picture on the glass, its way taken apart. */
async function measureGlass(options) {
  const server = await startServer(...part);
  const pages = await startPages();
  const publisher = await startPublisher(server, "live/clock", { fragments: everyFrame });
  try {
    const watches = await watch(server, ["source", "480p", "240p"]);
    const url = `${server.address}/hls/live/clock/master.m3u8`;
    await sleep(windowSeconds * 1000);
    const report = await viewInChromium(pages.open("hls.js", url, seconds + settleSeconds, options));
    const stages = await stagesOf(server);
    Object.values(watches).forEach((one) => one.stop());
    return { report, stages, split: splitUp(report, publisher, watches) };
  } finally {
    await publisher.stop();
    await server.stop();
    pages.stop();
  }
}

function splitUp(report, publisher, watches) {
  const stages = { "publisher: picture to fragment": [], "its part fills": [], "server": [], "player": [], "camera to glass": [] };
  const indexOf = new Map(publisher.clocks.map((clock, index) => [clock, index]));
  const wall = (at) => performance.timeOrigin + at;
  for (const { clock, at, age, time, height } of report.glass.filter((shown) => shown.time > report.joined / 1000 + settleSeconds)) {
    const picture = publisher.sent[indexOf.get(clock)];
    const rung = (watches[`${height}p`] ?? watches.source).parts.find((one) => picture && one.from <= picture.tick && picture.tick < one.to);
    if (!rung) {
      continue;
    }
    const last = lastOf(publisher.sent, rung);
    stages["publisher: picture to fragment"].push(wall(picture.at) - (at - age));
    stages["its part fills"].push(last.at - picture.at);
    stages["server"].push(rung.whole - last.at);
    stages["player"].push(at - wall(rung.whole));
    stages["camera to glass"].push(age);
  }
  return stages;
}

/** The last picture of a part, as it was sent. */
function lastOf(sent, { to }) {
  return sent.findLast(({ tick }) => tick < to);
}

async function watch(server, names) {
  const master = await playable(server, "live/clock", names.length);
  const text = await (await fetch(master)).text();
  return Object.fromEntries(names.map((name) => [name, new PartWatch(new URL(text.match(new RegExp(`^[^#\\s].*/${name}/.*$`, "m"))[0], master))]));
}

/** Where a rendition's time goes inside the server: its last byte in, to published, to its part made. The source's video is what is decoded. */
async function stagesOf(server) {
  const { source, renditions } = await (await fetch(`${server.address}/stats/live/clock`)).json();
  const video = source.find(({ track }) => track === "video");
  const spread = (one) => one && [one.p50, one.p95].map((value) => value.toFixed(1));
  return [
    ["source", spread(video.ingestToPublishMilliseconds), null, spread(video.packageMilliseconds)],
    ...renditions.filter((one) => one.ingestToPublishMilliseconds).map((one) => [
      one.rendition, spread(video.ingestToPublishMilliseconds), spread(one.ingestToPublishMilliseconds), spread(one.packageMilliseconds),
    ]),
  ];
}

function stagesTable(stages) {
  return table(
    ["rendition", "ingest p50", "p95", "ingest, decode, scale, encode p50", "p95", "package p50", "p95"],
    stages.map(([name, ...spreads]) => [name, ...spreads.flatMap((spread) => spread ?? [null, null])]));
}
