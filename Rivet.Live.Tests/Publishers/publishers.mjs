// node publishers.mjs [--seconds 30] [--only NAME,NAME]
// Real encoders push to a server, one after the other; each ladder is played while it is live. Prints client, command line, verdict. Exit 1 where one failed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { playable, sleep, startServer, stopChild, table } from "../Player/rig.mjs";
import { recordInBrowser } from "./browser.mjs";
import { clients, commandOf } from "./clients.mjs";
import { obsSettings, pushWithObs } from "./obs.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "30" }, only: { type: "string" } } });
const programme = { width: 640, height: 360, rate: 25, seconds: Number(values.seconds), numbered: false };
const wanted = values.only?.split(",");
const obs = { name: "obs", says: "OBS" };
const server = await startServer("--Ladder:Renditions=240p", "--Encoding:Tier=draft");

const rows = [];
try {
  for (const client of [...clients, obs].filter(({ name }) => !wanted || wanted.includes(name))) {
    const broadcast = `live/${client.name}`;
    console.error(`${client.name}: ${values.seconds} s`);
    const verdict = await tryOut(client, broadcast).catch((error) => `failed: ${error.message}`);
    const line = client.command ? commandOf(client, "URL", programme).replaceAll(/\s+/g, " ") : client === obs ? obsSettings : "MediaRecorder(…).start(200), socket.send(data)";
    rows.push([client.says, `\`${line}\``, verdict]);
  }
} finally {
  await server.stop();
}
console.log(table(["client", "command line", "verdict"], rows));
process.exit(rows.every(([, , verdict]) => verdict.startsWith("plays")) ? 0 : 1);

/** Pushes, plays half of the programme as soon as it can be played, and says how that went. */
async function tryOut(client, broadcast) {
  const began = performance.now();
  const pushing = push(client, `${server.address}/ingest/${broadcast}`);
  const master = await playable(server, broadcast, 2);
  const startup = (performance.now() - began) / 1000;
  const frames = await play(master, programme.seconds / 2);
  const { source, findings = [] } = await (await fetch(`${server.address}/stats/${broadcast}`)).json();
  await pushing;
  const expected = programme.rate * programme.seconds / 2;
  const tracks = source.map(({ track, codec }) => `${track} ${codec}`).join(", ");
  const found = findings.map(({ code }) => code).join(", ") || "nothing";
  const verdict = frames >= expected * 0.95 ? "plays" : "fails";
  return `${verdict}: ${frames} of ${expected} pictures decoded, first playlist after ${startup.toFixed(1)} s; ${tracks}; found: ${found}`;
}

async function push(client, url) {
  if (client === obs) {
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
