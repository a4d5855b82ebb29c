// node publishers.mjs [--seconds 30] [--only NAME,NAME]
// Real encoders push to a server, one after the other; each ladder is played while it is live, and every rung read through ffmpeg's strictest reader once it
// has ended. Prints client, command line, verdict. Exit 1 where one failed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { playable, sleep, startServer, stopChild, table } from "../Player/rig.mjs";
import { recordInBrowser } from "./browser.mjs";
import { clients, commandOf } from "./clients.mjs";
import { pushWithObs } from "./obs.mjs";
import { decode, download, endedPlaylists } from "./rungs.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "30" }, only: { type: "string" } } });
const programme = { width: 640, height: 360, rate: 25, seconds: Number(values.seconds), numbered: false };
const wanted = values.only?.split(",");

// OBS and browsers leave without a word: they are not waited for. Pictures that a busy machine's encoder owes are: what is tried is what comes of them.
const options = ["--Ingest:StallSeconds=20", "--Ladder:Renditions=240p", "--Ladder:Source=always", "--Encoding:Tier=draft", "--Ingest:ReconnectSeconds=2", "--Hls:WindowSeconds=120"];

// Pages of other origins need a key, wherever their browser runs.
const key = "publishers";
const [server, keyed] = [await startServer(...options), await startServer(...options, `--Ingest:Keys:0=${key}`)];

/** Pictures of its programme that a client may leave out: OBS takes its time to start, and a page draws when it is let. */
const leftOutMax = 0.2;

const rows = [];
try {
  for (const client of clients.filter(({ name }) => !wanted || wanted.includes(name))) {
    const broadcast = `live/${client.name}`;
    console.error(`${client.name}: ${values.seconds} s`);
    const verdict = await (client.name !== "mediarecorder" ? tryOut(client, broadcast, server) : tryOut(client, broadcast, keyed, `?key=${key}`)).catch((error) => `fails: ${error.message}`);
    console.error(verdict);
    const line = client.command ? commandOf(client, "URL", programme).replaceAll(/\s+/g, " ") : client.line;
    rows.push([client.says, `\`${line}\``, verdict]);
  }
} finally {
  await Promise.all([server.stop(), keyed.stop()]);
}
console.log(table(["client", "command line", "verdict"], rows));
process.exit(rows.every(([, , verdict]) => verdict.startsWith("plays")) ? 0 : 1);

/** Pushes, plays half of the programme as soon as it can be played, reads all of it once it is over, and says how that went. */
async function tryOut(client, broadcast, server, query = "") {
  const began = performance.now();
  const pushing = push(client, `${server.address}/ingest/${broadcast}${query}`);
  pushing.catch(() => {});
  const master = await playable(server, broadcast, 2);
  const startup = (performance.now() - began) / 1000;
  const live = await play(master, programme.seconds / 2);
  const { source, publisher, findings = [] } = await (await fetch(`${server.address}/stats/${broadcast}`)).json();
  await pushing;
  const rungs = await Promise.all((await endedPlaylists(master)).map(readRung));
  const tracks = source.map(({ track, codec }) => `${track} ${codec}`).join(", ");
  const found = findings.map(({ code }) => code).join(", ") || "nothing";
  const flaws = [...live < programme.rate * programme.seconds / 2 * 0.9 ? [`${live} pictures played live`] : [], ...flawsOf(rungs)];
  return `${flaws.length === 0 ? "plays" : `fails: ${flaws.join("; ")}`}: ${rungs.map(({ name, frames }) => `${name} ${frames}`).join(", ")} frames of ${programme.seconds} s, `
    + `${live} played live, first playlist after ${startup.toFixed(1)} s; ${publisher?.dialect ?? "gone"}; ${tracks}; found: ${found}`;
}

/** Every frame of a rung, decoded, and what there is to say about it. */
async function readRung(playlist) {
  const { runs, gaps } = await download(playlist);
  const scale = playlist.name === "audio" ? [] : ["-vf", "settb=1/90000", "-enc_time_base", "1:90000", "-fps_mode", "passthrough"];
  const decoded = await Promise.all(runs.map((bytes) => decode(bytes, [...scale, "-f", "framecrc", "-"])));
  const frames = decoded.reduce((sum, { bytes }) => sum + bytes.toString().split("\n").filter((line) => /^0,/.test(line)).length, 0);
  return { name: playlist.name, frames, gaps, runs: runs.length, words: decoded.map(({ words }) => words).filter(Boolean).join(" | ") };
}

function flawsOf(rungs) {
  const expected = programme.rate * programme.seconds;
  const { frames: source } = rungs.find(({ name }) => name === "source");
  return [
    ...rungs.some(({ name }) => name === "audio") ? [] : ["no audio"],
    ...source < expected * (1 - leftOutMax) || source > expected * 1.05 ? [`source has ${source} pictures, expected about ${expected}`] : [],
    ...rungs.flatMap(({ name, frames, gaps, runs, words }) => [
      ...words ? [`${name}: ${words}`] : [],
      ...gaps > 0 || runs !== 1 ? [`${name}: ${gaps} gaps, ${runs - 1} discontinuities`] : [],
      ...name !== "audio" && frames !== source ? [`${name} has ${frames} pictures, expected the source's ${source}`] : [],
    ]),
  ];
}

async function push(client, url) {
  if (client.name === "obs") {
    await pushWithObs(url, programme);
  } else if (client.command) {
    const child = spawn("sh", ["-c", `exec ${commandOf(client, url, programme).replace(/^ffmpeg/, "ffmpeg -hide_banner -loglevel error")}`], { stdio: ["ignore", "inherit", "inherit"] });
    const gone = once(child, "exit");
    // A sink that waits for answers may not see that its programme is over.
    await Promise.race([gone, sleep(programme.seconds * 1000 + 20000)]);
    await stopChild(child, "SIGKILL");
  } else {
    console.error(JSON.stringify(await recordInBrowser(url, programme)));
  }
}

/** How many pictures of the 240p rendition ffmpeg decodes, reading as a player does. */
async function play(master, seconds) {
  const player = spawn("ffmpeg", ["-hide_banner", "-loglevel", "error", "-i", master, "-map", "0:v:0", "-t", String(seconds), "-fps_mode", "passthrough", "-f", "framecrc", "-"], { stdio: ["ignore", "pipe", "inherit"] });
  let frames = 0;
  player.stdout.on("data", (bytes) => { frames += bytes.toString().split("\n").filter((line) => /^0,/.test(line)).length; });
  await Promise.race([once(player, "exit"), sleep(seconds * 1000 + 30000)]);
  await stopChild(player, "SIGKILL");
  return frames;
}
