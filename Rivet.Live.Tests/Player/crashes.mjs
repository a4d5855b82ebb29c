// node crashes.mjs [--crashes 20] [--seconds 120] [--json FILE]
// Three broadcasts, each with its ladder in a process of its own; one of these processes is made to crash again and again (SIGSEGV). The server has to
// stay, the two other broadcasts must lose nothing, and hls.js in front of the third one has to play on. Exit 1 where one of that does not hold.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { viewInChromium } from "./browsers.mjs";
import { playable, sleep, startPages, startPublisher, startServer, table } from "./rig.mjs";

const { values } = parseArgs({ options: { crashes: { type: "string", default: "20" }, seconds: { type: "string", default: "120" }, json: { type: "string" } } });
const [crashes, seconds] = [Number(values.crashes), Number(values.seconds)];
const broadcasts = ["live/victim", "live/second", "live/third"];
const size = { width: 640, height: 360, bitrate: "1M" };

/** A chunk is a GOP: no crash may cost viewers more. */
const gapAtMost = 2;

const server = await startServer("--Encoding:Isolation", "process", "--Encoding:Tier", "draft", "--Ladder:Renditions", "360p,240p");
const pages = await startPages();
const publishers = [];
let report, killed, stats;
try {
  for (const broadcast of broadcasts) {
    publishers.push(await startPublisher(server, broadcast, size));
  }
  const urls = await Promise.all(broadcasts.map((broadcast) => playable(server, broadcast, 2)));
  await sleep(5000);
  report = await viewInChromium(pages.open("hls.js", urls[0], seconds + 5, { keepsUp: true }), { during: async () => { killed = await crash(); } });
  stats = await Promise.all(broadcasts.map(statsOf));
} finally {
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  await server.stop();
  pages.stop();
}

// What the publisher itself did not send, because the machine was busy, is nobody's loss.
const gapOf = ({ source }) => source.find(({ track }) => track === "video").gapSeconds;
const rows = stats.flatMap((one) => one.renditions.map((rendition) => (
  { broadcast: one.broadcast, processes: 1 + one.isolation.restarts, lost: Math.max(0, rendition.gapSeconds - gapOf(one)), ...rendition })));
console.log(table(
  ["broadcast", "rendition", "processes", "pictures", "left out", "lost s", "late samples", "restarts", "panics"],
  rows.map((row) => [row.broadcast, row.rendition, row.processes, row.framesEncoded, row.framesDropped, row.lost.toFixed(2), row.lateSamples, row.encoderRestarts, row.panics])));
console.log(`${killed} crashes in ${seconds} s; the viewer had ${report.stalls} stalls, at ${report.stallsAt.map((at) => at.toFixed(1)).join(", ") || "no time"}; `
  + `told ${report.errors.map(({ at, details }) => `${details.split("\n")[0]} at ${at.toFixed(1)} s`).join(", ") || "nothing"}`);
const flaws = [
  ...killed === crashes ? [] : [`${killed} processes crashed, expected ${crashes}`],
  ...rows.filter(({ broadcast }) => broadcast !== broadcasts[0]).flatMap(({ broadcast, rendition, processes, framesDropped, lost }) =>
    processes === 1 && framesDropped === 0 && lost < 0.1 ? [] : [`${broadcast} ${rendition}: ${processes} processes, ${framesDropped} pictures and ${lost.toFixed(2)} s lost; expected nothing lost`]),
  ...rows.filter(({ broadcast }) => broadcast === broadcasts[0]).flatMap(({ broadcast, rendition, lost }) =>
    lost <= crashes * gapAtMost ? [] : [`${broadcast} ${rendition}: ${lost.toFixed(2)} s lost in ${crashes} crashes; expected ${gapAtMost} s each at most`]),
  ...report.errors.filter(({ fatal }) => fatal).map(({ at, details }) => `the viewer met a fatal error at ${at.toFixed(1)} s: ${details}`),
  ...(report.glass.at(-1)?.time ?? 0) > seconds ? [] : ["the viewer's picture stood still at the end"],
];
console.log(flaws.join("\n") || "The server stayed, the others lost nothing, and the viewer played on.");
if (values.json) {
  await writeFile(values.json, JSON.stringify({ killed, stats, report }, (key, value) => key === "picture" ? undefined : value, 1));
}
process.exit(flaws.length > 0 ? 1 : 0);

async function statsOf(broadcast) {
  return (await fetch(`${server.address}/stats/${broadcast}`)).json();
}

/** Crashes the victim's process, each time the one that took over. */
async function crash() {
  let last, done = 0;
  for (const began = Date.now(); done < crashes; done++) {
    await sleep(Math.max(0, began + (done + 0.5) * seconds / crashes * 1000 - Date.now()));
    let processId;
    for (let attempt = 0; (processId === undefined || processId === last) && attempt < 100; attempt++) {
      ({ isolation: { processId } } = await statsOf(broadcasts[0]));
      await sleep(50);
    }
    if (processId === undefined || processId === last) {
      return done;
    }
    await segfault(last = processId);
  }
  return done;
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
