// node segments.mjs [--seconds 30]
// Reads every segment of every rendition of a live broadcast, each alone with its init, through ffmpeg's strictest reader: any word from it fails.
// A gap has nothing to read; it is counted, since it says that the publisher was late.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { playable, sleep, startPublisher, startServer, table } from "./rig.mjs";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "30" } } });
const server = await startServer();
const publisher = await startPublisher(server, "live/clock");
const found = {};
try {
  const master = await playable(server, "live/clock", 4);
  const text = await (await fetch(master)).text();
  const playlists = [...new Set([...text.matchAll(/^[^#\s].*|(?<=URI=")[^"]+/gm)].map(([uri]) => uri))].filter((uri) => !uri.includes("iframe"));
  await sleep(Number(values.seconds) * 1000);
  await publisher.stop();
  for (const uri of playlists) {
    found[uri.split("/").at(-2)] = await readPlaylist(new URL(uri, master));
  }
} finally {
  await publisher.stop();
  await server.stop();
}

const all = Object.values(found);
const sum = (pick) => all.reduce((total, playlist) => total + pick(playlist), 0);
console.log(table(["rendition", "segments read", "gaps", "flawed"], Object.entries(found).map(([name, { read, gaps, flawed }]) => [name, read, gaps, flawed])));
console.log(`${sum(({ read }) => read)} segments read, ${sum(({ flawed }) => flawed)} flawed`);
process.exit(all.every(({ read, flawed }) => read > 0 && flawed === 0) ? 0 : 1);

/** Waits for the playlist's end, then reads all that is listed. */
async function readPlaylist(url) {
  let text;
  do {
    await sleep(250);
    text = await (await fetch(url)).text();
  } while (!text.includes("#EXT-X-ENDLIST"));
  let init = null;
  const counts = { read: 0, gaps: 0, flawed: 0 };
  let isGap = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("#EXT-X-MAP:")) {
      init = await load(new URL(line.match(/URI="([^"]+)"/)[1], url));
    } else if (line === "#EXT-X-GAP") {
      isGap = true;
    } else if (line && !line.startsWith("#") && isGap) {
      counts.gaps++;
      isGap = false;
    } else if (line && !line.startsWith("#")) {
      counts.read++;
      const words = await ask(Buffer.concat([init, await load(new URL(line, url))]));
      if (words) {
        counts.flawed++;
        console.error(`${new URL(line, url).pathname}: ${words}`);
      }
    }
  }
  return counts;
}

async function load(url) {
  const answer = await fetch(url);
  if (!answer.ok) {
    throw new Error(`${url} answered ${answer.status}`);
  }
  return Buffer.from(await answer.arrayBuffer());
}

/** What ffmpeg has to say about the bytes; nothing where they are right. */
function ask(bytes) {
  return new Promise((resolve, reject) => {
    const child = spawn("ffmpeg", ["-hide_banner", "-v", "warning", "-err_detect", "explode", "-xerror", "-i", "pipe:0", "-f", "null", "-"], { stdio: ["pipe", "ignore", "pipe"] });
    let words = "";
    child.stderr.on("data", (piece) => { words += piece; });
    child.on("error", reject);
    child.on("close", (code) => resolve(words.trim() || (code === 0 ? "" : `exit code ${code}`)));
    child.stdin.on("error", () => {});
    child.stdin.end(bytes);
  });
}
