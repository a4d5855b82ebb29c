// The playlists of a broadcast that has ended, and what ffmpeg decodes of each.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { sleep } from "../Player/rig.mjs";

/** Reloads until the master playlist's media playlists have their end; their names and URLs, audio among them. */
export async function endedPlaylists(master) {
  const text = await (await fetch(master)).text();
  const uris = [...new Set([...text.matchAll(/^[^#\s].*|(?<=URI=")[^"]+/gm)].map(([uri]) => uri))].filter((uri) => !uri.includes("iframe"));
  const playlists = uris.map((uri) => ({ name: uri.split("/").at(-2), uri: new URL(uri, master) }));
  for (const playlist of playlists) {
    for (let attempt = 0; !playlist.text?.includes("#EXT-X-ENDLIST"); attempt++) {
      if (attempt === 120) {
        throw new Error(`${playlist.uri} has no end after 60 s`);
      }
      await sleep(attempt === 0 ? 0 : 500);
      playlist.text = await (await fetch(playlist.uri)).text();
    }
  }
  return playlists;
}

/** Init and segments as one file for each run between two discontinuities, and how many gaps are listed between them: behind the last, nobody came back. */
export async function download({ text, uri }) {
  const runs = [];
  let [init, gaps, gapsSince, isGap, begins] = [null, 0, 0, false, true];
  for (const line of text.split("\n")) {
    if (line.startsWith("#EXT-X-MAP:")) {
      init = await load(new URL(line.match(/URI="([^"]+)"/)[1], uri));
    } else if (line === "#EXT-X-GAP") {
      isGap = true;
    } else if (line === "#EXT-X-DISCONTINUITY") {
      begins = true;
    } else if (line && !line.startsWith("#")) {
      if (isGap) {
        gapsSince++;
      } else {
        gaps += gapsSince;
        gapsSince = 0;
        begins && runs.push([init]);
        begins = false;
        runs.at(-1).push(await load(new URL(line, uri)));
      }
      isGap = false;
    }
  }
  return { runs: runs.map((pieces) => Buffer.concat(pieces)), gaps };
}

/** What ffmpeg's strictest reader writes for the bytes with these options, and what it has to say: nothing where they are right. */
export async function decode(bytes, options) {
  const child = spawn("ffmpeg", ["-hide_banner", "-v", "warning", "-err_detect", "explode", "-xerror", "-i", "pipe:0", ...options], { stdio: ["pipe", "pipe", "pipe"] });
  const written = [];
  let words = "";
  child.stdout.on("data", (piece) => written.push(piece));
  child.stderr.on("data", (piece) => { words += piece; });
  child.stdin.on("error", () => {});
  child.stdin.end(bytes);
  const [code] = await once(child, "close");
  return { bytes: Buffer.concat(written), words: words.trim() || (code === 0 ? "" : `exit code ${code}`) };
}

async function load(url) {
  const answer = await fetch(url);
  if (!answer.ok) {
    throw new Error(`${url} answered ${answer.status}`);
  }
  return Buffer.from(await answer.arrayBuffer());
}
