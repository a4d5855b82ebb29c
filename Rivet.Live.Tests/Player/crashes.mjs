// node crashes.mjs [--crashes 20] [--seconds 120] [--json FILE]
// Three broadcasts, each with its ladder in a process of its own; one of these processes is made to crash again and again (SIGSEGV). The server's process
// has to stay, the two other broadcasts must lose no picture and the third one no more than a chunk in each crash, and hls.js in front of it has to play on.
// Exit 1 where one of that does not hold.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { viewInChromium } from "./browsers.mjs";
import { percentile, playable, sleep, startPages, startPublisher, startServer, table } from "./rig.mjs";

const { values } = parseArgs({ options: { crashes: { type: "string", default: "20" }, seconds: { type: "string", default: "120" }, json: { type: "string" } } });
const [crashes, seconds] = [Number(values.crashes), Number(values.seconds)];
const broadcasts = ["live/victim", "live/second", "live/third"];
const size = { width: 640, height: 360, bitrate: "1M" };

/** A chunk is a GOP: no crash may cost viewers more. */
const gapAtMost = 2;

/** A picture that stands still for longer is none that plays: the player has less than that in its buffer, and a chunk may be missing. */
const stillAtMost = 5;

const server = await startServer("--Encoding:Isolation", "process", "--Encoding:Tier", "draft", "--Ladder:Renditions", "360p,240p");
const pages = await startPages();
const publishers = [];
let report, killed, stats, isServerThere;
try {
  for (const broadcast of broadcasts) {
    publishers.push(await startPublisher(server, broadcast, size));
  }
  const urls = await Promise.all(broadcasts.map((broadcast) => playable(server, broadcast, 2)));
  await sleep(5000);
  report = await viewInChromium(pages.open("hls.js", urls[0], seconds + 5, { keepsUp: true }), { during: async () => { killed = await crash(); } });
  stats = await Promise.all(broadcasts.map(statsOf));

  // What comes out at the end counts too.
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  const ended = await Promise.all(broadcasts.map(whenEnded));
  stats = stats.map((one, index) => ({ ...ended[index], isolation: one.isolation, sent: publishers[index].sent.length }));
  isServerThere = server.isRunning();
} finally {
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  await server.stop();
  pages.stop();
}

const rows = stats.flatMap((one) => one.renditions.map((rendition) => (
  { broadcast: one.broadcast, processes: 1 + one.isolation.restarts, sent: one.sent, lost: lostIn(one, rendition), ...rendition })));
const stills = [0, ...report.glass.slice(1).map(({ at }, index) => (at - report.glass[index].at) / 1000)];
console.log(table(
  ["broadcast", "rendition", "processes", "pictures in", "out", "left out", "lost s", "late samples", "restarts", "panics"],
  rows.map((row) => [row.broadcast, row.rendition, row.processes, row.sent, row.framesEncoded, row.framesDropped, row.lost.toFixed(2), row.lateSamples, row.encoderRestarts, row.panics])));
const backs = killed.map(({ back }) => back);
console.log(`${killed.length} crashes in ${seconds} s, ${backs.length > 0 ? `went on after ${percentile(backs, 0.5).toFixed(1)} s (${percentile(backs, 1).toFixed(1)} s at most)` : "none was got over"}; the server is process ${server.pid}; the viewer's picture stood still for ${Math.max(...stills).toFixed(1)} s at most, it had ${report.stalls} stalls, at ${report.stallsAt.map((at) => at.toFixed(1)).join(", ") || "no time"}; `
  + `told ${report.errors.map(({ at, details }) => `${details.split("\n")[0]} at ${at.toFixed(1)} s`).join(", ") || "nothing"}`);
const flaws = [
  ...isServerThere ? [] : [`the server, process ${server.pid}, is gone; expected that it stays`],
  ...killed.length === crashes ? [] : [`${killed.length} processes crashed, expected ${crashes}`],
  ...rows.filter(({ broadcast }) => broadcast !== broadcasts[0]).flatMap(({ broadcast, rendition, processes, sent, framesEncoded, lost }) =>
    processes === 1 && framesEncoded === sent && lost < 0.1 ? [] : [`${broadcast} ${rendition}: ${processes} processes, ${framesEncoded} of ${sent} pictures and ${lost.toFixed(2)} s lost; expected all pictures of one process`]),
  ...costs(killed, stats[0]).flatMap((lost, crash) => lost <= gapAtMost ? [] : [`${broadcasts[0]}: ${lost.toFixed(2)} s lost in crash ${crash + 1}; expected ${gapAtMost} s at most`]),
  ...stills.every((still) => still <= stillAtMost) ? [] : [`the viewer's picture stood still for ${Math.max(...stills).toFixed(1)} s, expected ${stillAtMost} s at most`],
  ...report.errors.filter(({ fatal }) => fatal).map(({ at, details }) => `the viewer met a fatal error at ${at.toFixed(1)} s: ${details}`),
  ...(report.glass.at(-1)?.time ?? 0) > seconds ? [] : ["the viewer's picture stood still at the end"],
];
console.log(flaws.join("\n") || "The server stayed, the others lost no picture, the victim no more than a chunk each time, and the viewer played on.");
if (values.json) {
  await writeFile(values.json, JSON.stringify({ killed, stats, report }, (key, value) => key === "picture" ? undefined : value, 1));
}
process.exit(flaws.length > 0 ? 1 : 0);

async function statsOf(broadcast) {
  return (await fetch(`${server.address}/stats/${broadcast}`)).json();
}

async function whenEnded(broadcast) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const stats = await statsOf(broadcast);
    if (stats.state === "ended") {
      return stats;
    }
    await sleep(100);
  }
  throw new Error(`${broadcast} has not ended 20 s after its publisher.`);
}

/** Seconds that a rendition lost; what the publisher itself did not send, because the machine was busy, is nobody's loss. */
function lostIn({ source }, { gapSeconds }) {
  return Math.max(0, gapSeconds - source.find(({ track }) => track === "video").gapSeconds);
}

/** What the victim had lost before each crash becomes what each crash cost, of the rendition that lost most. */
function costs(before, after) {
  const lost = [...before.map((one) => one.lost), after.renditions.map((rendition) => lostIn(after, rendition))];
  return before.map((_, crash) => Math.max(...lost[crash].map((seconds, rendition) => lost[crash + 1][rendition] - seconds)));
}

/**
 * Crashes the victim's process, each time the one that took over.
 * @returns For each crash, what each rendition had lost before it, and when every rendition went on behind it, in seconds.
 */
async function crash() {
  const done = [];
  for (const began = Date.now(); done.length < crashes;) {
    await sleep(Math.max(0, began + (done.length + 0.5) * seconds / crashes * 1000 - Date.now()));
    const before = await statsOf(broadcasts[0]);
    const lost = before.renditions.map((rendition) => lostIn(before, rendition));
    const killed = Date.now();
    await segfault(before.isolation.processId);
    const next = await until(({ isolation }) => isolation.processId !== undefined && isolation.processId !== before.isolation.processId);
    if (next === undefined || await until(({ renditions }) => renditions.every(({ framesEncoded }, index) => framesEncoded > next.renditions[index].framesEncoded)) === undefined) {
      return done;
    }
    done.push({ lost, back: (Date.now() - killed) / 1000 });
  }
  return done;
}

/** The victim's stats when they are so; undefined where they never are. */
async function until(isSo) {
  for (let attempt = 0; attempt < 500; attempt++) {
    const stats = await statsOf(broadcasts[0]);
    if (isSo(stats)) {
      return stats;
    }
    await sleep(20);
  }
}

/** A signal from outside only takes a handler of the runtime away, where a crash of its own comes again and again. */
async function segfault(processId) {
  try {
    for (;;) {
      process.kill(processId, "SIGSEGV");
      await sleep(10);
    }
  } catch (gone) {
    if (gone.code !== "ESRCH") {
      throw gone;
    }
  }
}
