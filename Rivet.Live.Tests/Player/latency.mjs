// node latency.mjs [--seconds 60] [--json FILE]
// Where the time goes between the camera and the glass, with parts of 0.2 s on one machine. First the server alone, then with hls.js in Chromium; and
// whether what the server says of its stages, with what publisher and player say of theirs, adds up to what the clock in the picture shows.
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

/** How far the sum of the stages may be from the glass, in ms. */
const sumTarget = 50;
const pictureMilliseconds = 1000 / 30;

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
  const { rung, rows, sum, glass } = sumUp(report, split, stages);
  console.log(`What those stages add up to, of ${rung}, medians in ms:\n${table(["stage", "by", "p50"], rows.map(([stage, by, value]) => [stage, by, value.toFixed(0)]))}`);
  judge(`the stages' sum is at most ${sumTarget} ms from the glass, ${name}`, Math.abs(sum - glass), sumTarget);
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

/**
 * The stages of the rung that was shown most. The player says how far it is behind the end of the newest part, the publisher when a picture was taken: a part ends one
 * picture after its last one was.
 */
function sumUp(report, split, stages) {
  const from = report.joined / 1000 + settleSeconds;
  const heights = report.glass.filter(({ time }) => time > from).map(({ height }) => `${height}p`);
  const times = (name) => heights.filter((one) => one === name).length;
  const most = [...new Set(heights)].sort((a, b) => times(b) - times(a))[0];
  const rung = stages[most] ? most : "source";
  const rows = [
    ["picture to fragment", "publisher", percentile(split["publisher: picture to fragment"], 0.5)],
    ["first byte to playlist", "/stats", stages[rung].firstByteToPlaylistMilliseconds.p50],
    ["to the first player", "/stats", stages[rung].firstFetchMilliseconds.p50],
    ["behind the newest part", "player", 1000 * percentile(report.network.filter(({ at, own }) => at > from && own > 0).map(({ own }) => own), 0.5)],
    ["less the last picture's own time", "frame rate", -pictureMilliseconds],
  ];
  const sum = rows.reduce((all, [, , value]) => all + value, 0);
  const glass = percentile(split["camera to glass"], 0.5);
  return { rung, sum, glass, rows: [...rows, ["sum", "", sum], ["camera to glass", "the clock in the picture", glass], ["difference", "", sum - glass]] };
}

/** By rendition, where its time goes inside the server. The source's video is what is decoded. */
async function stagesOf(server) {
  const { source, renditions } = await (await fetch(`${server.address}/stats/live/clock`)).json();
  const video = source.find(({ track }) => track === "video");
  return Object.fromEntries([["source", video.stages], ...renditions.map((one) => [one.rendition, one.stages])].filter(([, stages]) => stages));
}

function stagesTable(stages) {
  const columns = ["receive", "decode", "encode", "package", "list", "firstFetch", "firstByteToPlaylist"];
  return table(
    ["rendition", ...columns.flatMap((column) => [`${column} p50`, "p95"])],
    Object.entries(stages).map(([name, all]) => [name, ...columns.flatMap((column) => ["p50", "p95"].map((of) => all[`${column}Milliseconds`]?.[of].toFixed(1)))]));
}
