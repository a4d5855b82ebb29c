// node interruptions.mjs [--part 0.5] [--json FILE]
// A viewer in front of hls.js while the encoder hangs for four seconds, and while it dies and is started again three seconds later: the player must go on
// by itself, and be where it was. Exit 1 where it gave up or came back too late.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { viewInChromium } from "./browsers.mjs";
import { percentile, playable, sleep, startPages, startPublisher, startServer, table } from "./rig.mjs";

const { values } = parseArgs({ options: { part: { type: "string", default: "0.5" }, json: { type: "string" } } });
const calmSeconds = 12;
const watchedSeconds = 25;
const awaySeconds = { "encoder hangs": 4, "encoder is started again": 3 };

/** The first picture after the interruption is on the glass this long after it was taken, and the latency is what it was (or this much more) after so long. */
const backWithin = 8;
const liveWithin = 20;
const nearness = 0.5;

const server = await startServer("--Hls:PartSeconds", values.part);
const pages = await startPages();
const ways = { "hls.js as the watch page runs it": { keepsUp: true }, "hls.js as it is": {} };
const viewings = {};
try {
  for (const [name, options] of Object.entries(ways)) {
    console.error(name);
    viewings[name] = await view(options);
  }
} finally {
  await server.stop();
  pages.stop();
}

const rows = Object.entries(viewings).flatMap(([name, { report, interruptions }]) => interruptions.map((one) => ({ name, ...effectOf(one, report, latencyBefore(interruptions[0], report)) })));
console.log(table(
  ["player", "interruption", "latency before s", "picture stood still s", "went on s after the encoder", "at the old latency s after the encoder", "latency then s"],
  rows.map(({ name, what, before, still, back, live, after }) => [name, what, ...[before, still, back, live, after].map((value) => value?.toFixed(2))])));
const flaws = [...rows.flatMap(flawsOf), ...Object.entries(viewings).flatMap(([name, { report }]) => report.errors.filter(({ fatal }) => fatal).map(({ at, details }) => `${name}: fatal error at ${at.toFixed(1)} s: ${details}`))];
for (const [name, { report }] of Object.entries(viewings)) {
  console.log(`${name}: ${report.stalls} stalls, at ${report.stallsAt.map((at) => at.toFixed(1)).join(", ")} s; told ${report.errors.map(({ at, details }) => `${details} at ${at.toFixed(1)} s`).join(", ") || "nothing"}`);
}
console.log(flaws.join("\n") || "The player went on by itself each time.");
if (values.json) {
  await writeFile(values.json, JSON.stringify(viewings, (key, value) => key === "picture" ? undefined : value, 1));
}
process.exit(flaws.length > 0 ? 1 : 0);

/** One viewer, both interruptions. */
async function view(options) {
  const broadcast = `live/clock${Object.keys(viewings).length}`;
  let publisher = await startPublisher(server, broadcast);
  try {
    const url = await playable(server, broadcast, 3);
    await sleep(8000);
    const away = Object.values(awaySeconds).reduce((sum, seconds) => sum + seconds, 0);
    const interruptions = [];
    const note = (what, began) => interruptions.push({ what, began, ended: Date.now() });
    const seconds = calmSeconds + 2 * watchedSeconds + away;
    const report = await viewInChromium(pages.open("hls.js", url, seconds, options), {
      during: async () => {
        await sleep(calmSeconds * 1000);
        for (const [what, seconds] of Object.entries(awaySeconds)) {
          const began = Date.now();
          if (what === "encoder hangs") {
            publisher.stall();
            await sleep(seconds * 1000);
            publisher.resume();
          } else {
            publisher.break();
            await sleep(seconds * 1000);
            publisher = await startPublisher(server, broadcast);
          }
          note(what, began);
          await sleep(watchedSeconds * 1000);
        }
      },
    });
    return { report, interruptions };
  } finally {
    await publisher.stop();
  }
}

/** In seconds, over the five before the interruption. */
function latencyBefore({ began }, { glass }) {
  return percentile(glass.filter(({ at }) => at > began - 5000 && at < began).map(({ age }) => age), 0.5) / 1000;
}

/**
 * What an interruption was on the glass, in seconds; null where it did not come back.
 * A player that does not catch up may come nearer by an interruption: it is back where it is no later than it was, or than `calm`, its latency before the first.
 */
function effectOf({ what, began, ended }, { glass }, calm) {
  const until = ended + watchedSeconds * 1000;
  const shown = glass.filter(({ at }) => at > began - 5000 && at < until);
  const before = latencyBefore({ began }, { glass });
  const stills = shown.slice(1).map(({ at }, index) => at - shown[index].at);
  const first = shown.find(({ at, age }) => at - age > ended);
  const isLive = ({ age }) => age / 1000 <= Math.max(before, calm) + nearness;
  const live = first && shown.find((one, index) => one.at >= first.at && shown.slice(index).every(isLive));
  const since = (one) => one ? (one.at - ended) / 1000 : null;
  return { what, before, still: Math.max(...stills) / 1000, back: since(first), live: since(live), after: percentile(shown.slice(-60).map(({ age }) => age), 0.5) / 1000 };
}

function flawsOf({ name, what, back, live }) {
  return [
    ...back === null || back > backWithin ? [`${name}: ${what}: went on ${back === null ? "never" : `after ${back.toFixed(1)} s`}, expected within ${backWithin} s`] : [],
    ...live === null || live > liveWithin ? [`${name}: ${what}: at the old latency ${live === null ? "never" : `after ${live.toFixed(1)} s`}, expected within ${liveWithin} s`] : [],
  ];
}
