// node reconnects.mjs [--times 10] [--json FILE]
// hls.js in front of a broadcast whose encoder is killed and started again ten times, each time with timestamps from 0: the player must play through all of
// them, and whoever reads the playlists meanwhile must find every segment in the discontinuity that it was always in, and no end. Exit 1 where not.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { viewInChromium } from "./browsers.mjs";
import { percentile, playable, sleep, startPages, startPublisher, startServer, table } from "./rig.mjs";

const { values } = parseArgs({ options: { times: { type: "string", default: "10" }, json: { type: "string" } } });
const times = Number(values.times);
const calmSeconds = 10;
const awaySeconds = 1.5;
const watchedSeconds = 12;

/** A new encoder's first picture is on the glass this long after the encoder was started: a start, the latency of before, and a reload. */
const backWithin = 8;

const broadcast = "live/clock";
const size = { width: 640, height: 360, bitrate: "1M" };
const server = await startServer("--Ingest:IdleSeconds=60", "--Encoding:Tier", "draft", "--Ladder:Renditions", "240p");
const pages = await startPages();
const interruptions = [];
let report, reading;
let publisher = await startPublisher(server, broadcast, size);
try {
  const url = await playable(server, broadcast, 2);
  reading = await readPlaylists(url);
  await sleep(6000);
  const seconds = calmSeconds + times * (awaySeconds + watchedSeconds);
  report = await viewInChromium(pages.open("hls.js", url, seconds, { keepsUp: true }), {
    during: async () => {
      await sleep(calmSeconds * 1000);
      for (let number = 1; number <= times; number++) {
        const began = Date.now();
        publisher.break();
        await sleep(awaySeconds * 1000);
        publisher = await startPublisher(server, broadcast, size);
        interruptions.push({ number, began, ended: Date.now() });
        await sleep(watchedSeconds * 1000);
      }
    },
  });
  await reading.stop();
} finally {
  await publisher.stop();
  await server.stop();
  pages.stop();
}

const rows = interruptions.map((one) => ({ ...one, ...effectOf(one, report) }));
console.log(table(
  ["restart", "picture stood still s", "went on s after the encoder's start", "latency before s", "stalls told", "errors told"],
  rows.map(({ number, still, back, before, stalls, errors }) => [number, still.toFixed(2), back?.toFixed(2), before.toFixed(2), stalls, errors])));
const middle = (pick, fraction) => percentile(rows.map(pick), fraction).toFixed(2);
console.log(`picture stood still: median ${middle(({ still }) => still, 0.5)} s, most ${middle(({ still }) => still, 1)} s; `
  + `stalls ${report.stalls}; told ${report.errors.map(({ at, details }) => `${details.split("\n")[0]} at ${at.toFixed(1)} s`).join(", ") || "nothing"}`);
for (const [name, { reloads, discontinuities }] of reading.playlists) {
  console.log(`${name}: ${reloads} reloads, ${discontinuities.size} segments, discontinuities ${Math.min(...discontinuities.values())} to ${Math.max(...discontinuities.values())}`);
}
const flaws = [
  ...rows.flatMap(({ number, back }) => back === null || back > backWithin ? [`restart ${number}: went on ${back === null ? "never" : `after ${back.toFixed(1)} s`}, expected within ${backWithin} s`] : []),
  ...report.errors.filter(({ fatal }) => fatal).map(({ at, details }) => `fatal error at ${at.toFixed(1)} s: ${details}`),
  ...reading.flaws,
  ...[...reading.playlists].flatMap(([name, { discontinuities }]) => Math.max(...discontinuities.values()) === times ? [] : [`${name}: the last segment is in discontinuity ${Math.max(...discontinuities.values())}, expected ${times}`]),
];
console.log(flaws.join("\n") || "The player went on by itself each time, and the playlists were right throughout.");
if (values.json) {
  await writeFile(values.json, JSON.stringify({ rows, report }, (key, value) => key === "picture" ? undefined : value, 1));
}
process.exit(flaws.length > 0 ? 1 : 0);

/** What a restart was on the glass, in seconds; null where it did not come back. */
function effectOf({ began, ended }, { glass, stallsAt, errors }) {
  const until = ended + watchedSeconds * 1000;
  const shown = glass.filter(({ at }) => at > began - 2000 && at < until);
  const first = shown.find(({ at, age }) => at - age > ended);
  // The page counts seconds from when it was opened, and pictures tell both times.
  const opened = glass.length > 0 ? glass[0].at - glass[0].time * 1000 : 0;
  const isWithin = (second) => opened + second * 1000 > began && opened + second * 1000 < until;
  return {
    still: shown.length < 2 ? NaN : Math.max(...shown.slice(1).map(({ at }, index) => at - shown[index].at)) / 1000,
    back: first ? (first.at - ended) / 1000 : null,
    before: (percentile(shown.filter(({ at }) => at < began).map(({ age }) => age), 0.5) ?? NaN) / 1000,
    stalls: stallsAt.filter(isWithin).length,
    errors: errors.filter(({ at }) => isWithin(at)).length,
  };
}

/** Reads all media playlists twice a second, from the outside. */
async function readPlaylists(master) {
  const text = await (await fetch(master)).text();
  const uris = [...text.matchAll(/^(?!#).+\.m3u8.*$/gm), ...text.matchAll(/(?<=TYPE=AUDIO.*URI=")[^"]+/g)].map(([uri]) => new URL(uri, master));
  const playlists = new Map(uris.map((uri) => [uri.pathname.split("/").slice(-2).join("/"), { uri, reloads: 0, discontinuities: new Map() }]));
  const flaws = [];
  let stopped = false;
  const reading = (async () => {
    while (!stopped) {
      await Promise.all([...playlists].map(async ([name, playlist]) => {
        const answer = await fetch(playlist.uri);
        if (answer.ok) {
          flaws.push(...compare(name, playlist, await answer.text()));
        } else {
          flaws.push(`${name}: answered ${answer.status}`);
        }
      }));
      await sleep(500);
    }
  })();
  return { playlists, flaws, stop: () => { stopped = true; return reading; } };
}

function compare(name, playlist, text) {
  playlist.reloads++;
  const flaws = /#EXT-X-ENDLIST/.test(text) ? [`${name}: has an ENDLIST`] : [];
  const numberOf = (tag) => Number(text.match(new RegExp(`^#${tag}:(\\d+)`, "m"))?.[1] ?? 0);
  let sequence = numberOf("EXT-X-MEDIA-SEQUENCE");
  let discontinuity = numberOf("EXT-X-DISCONTINUITY-SEQUENCE");
  for (const line of text.split("\n")) {
    if (line === "#EXT-X-DISCONTINUITY") {
      discontinuity++;
    } else if (line && !line.startsWith("#")) {
      const before = playlist.discontinuities.get(sequence) ?? discontinuity;
      if (before !== discontinuity) {
        flaws.push(`${name}: segment ${sequence} was in discontinuity ${before} and is in ${discontinuity} now`);
      }
      playlist.discontinuities.set(sequence++, discontinuity);
    }
  }
  return flaws;
}
