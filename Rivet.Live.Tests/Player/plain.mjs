// Players that know nothing of parts: they test what everybody else gets. Each resolves to a report like a page's.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { ageOf, readClock } from "./clock.mjs";
import { sleep, stopChild } from "./rig.mjs";

const width = 320;
const height = 180;

/** Pictures that come later than this after the one before are a stall. */
const stallMilliseconds = 500;

const report = (player) => ({ player, joined: null, stalls: 0, stallsAt: [], errors: [], dropped: null, frames: 0, glass: [], own: [], levels: [] });

/** Reads raw grey pictures as they are shown: counts them, reads their clocks, notices stalls. */
function watchPictures(stream, seen, began) {
  const size = width * height;
  let buffered = Buffer.alloc(0);
  let last = null;
  stream.on("data", (bytes) => {
    buffered = Buffer.concat([buffered, bytes]);
    for (; buffered.length >= size; buffered = buffered.subarray(size)) {
      const at = performance.now() - began;
      seen.joined ??= at;
      seen.frames++;
      if (last !== null && at - last > stallMilliseconds) {
        seen.stalls++;
        seen.stallsAt.push(Math.round(at) / 1000);
      }
      last = at;
      const clock = readClock((x, y) => buffered[y * width + x], width, height);
      if (clock !== null) {
        const glass = performance.timeOrigin + began + at;
        seen.glass.push({ clock, at: glass, age: ageOf(clock, glass), time: at / 1000 });
      }
    }
  });
}

/** Every line that the player complains with is an error, but for those that are known to mean nothing. */
function watchComplaints(stream, seen, began, isComplaint) {
  createInterface({ input: stream }).on("line", (line) => {
    if (line.trim() && isComplaint(line)) {
      seen.errors.push({ at: (performance.now() - began) / 1000, details: line.trim(), fatal: false });
    }
  });
}

export async function playWithFfmpeg(url, seconds) {
  const seen = report("ffmpeg");
  const began = performance.now();
  const child = spawn("ffmpeg", [
    "-hide_banner", "-nostdin", "-nostats", "-v", "warning", "-re", "-i", url, "-map", "0:v:0",
    "-vf", `scale=${width}:${height}:flags=area,format=gray`, "-f", "rawvideo", "pipe:1",
  ], { stdio: ["ignore", "pipe", "pipe"] });
  watchPictures(child.stdout, seen, began);
  // The init comes again with every reload of the playlist.
  watchComplaints(child.stderr, seen, began, (line) => !line.includes("Found duplicated MOOV Atom"));
  return await playFor(child, seconds, seen);
}

export async function playWithGStreamer(url, seconds) {
  const seen = report("GStreamer");
  const began = performance.now();
  const sink = `videoconvert ! videoscale ! video/x-raw,format=GRAY8,width=${width},height=${height} ! fdsink fd=3 sync=true`;
  const child = spawn("gst-launch-1.0", ["playbin3", `uri=${url}`, `video-sink=${sink}`, "audio-sink=fakesink sync=true"], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  child.stdout.resume();
  watchPictures(child.stdio[3], seen, began);
  watchComplaints(child.stderr, seen, began, (line) => /ERROR|WARN/.test(line));
  return await playFor(child, seconds, seen);
}

export async function playWithMpv(url, seconds) {
  const seen = report("mpv");
  const folder = await mkdtemp(path.join(tmpdir(), "rivet-mpv-"));
  const began = performance.now();
  const child = spawn("mpv", [
    "--no-config", "--vo=null", "--ao=null", "--msg-level=all=warn", `--input-ipc-server=${path.join(folder, "ipc")}`, url,
  ], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    // ffmpeg inside says of every playlist's first segment that it has seen the init before.
    watchComplaints(stream, seen, began, (line) => !line.includes("Found duplicated MOOV Atom"));
  }
  try {
    const asking = askMpv(path.join(folder, "ipc"), seen, began);
    return await playFor(child, seconds, seen, asking);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every quarter of a second: is it waiting for media, what did it drop, how far has it come. */
async function askMpv(address, seen, began) {
  let socket;
  for (let attempt = 0; socket === undefined && attempt < 50; attempt++) {
    await sleep(100);
    const candidate = net.connect(address);
    socket = await once(candidate, "connect").then(() => candidate, () => undefined);
  }
  if (socket === undefined) {
    throw new Error("mpv opened no command socket");
  }
  const names = ["time-pos", "paused-for-cache", "frame-drop-count", "demuxer-cache-duration", "estimated-frame-number"];
  const values = {};
  let wasPaused = false;
  createInterface({ input: socket }).on("line", (line) => {
    const { request_id: id, data } = JSON.parse(line);
    values[names[id - 1]] = data;
    if (id !== names.length) {
      return;
    }
    if (values["time-pos"] > 0) {
      seen.joined ??= performance.now() - began;
    }
    const isPaused = values["paused-for-cache"] === true;
    if (isPaused && !wasPaused && seen.joined !== null) {
      seen.stalls++;
      seen.stallsAt.push((performance.now() - began) / 1000);
    }
    wasPaused = isPaused;
    seen.dropped = values["frame-drop-count"] ?? seen.dropped;
    seen.frames = values["estimated-frame-number"] ?? seen.frames;
  });
  const timer = setInterval(() => names.forEach((name, index) => socket.write(`${JSON.stringify({ command: ["get_property", name], request_id: index + 1 })}\n`)), 250);
  socket.on("close", () => clearInterval(timer));
  socket.on("error", () => clearInterval(timer));
}

/** A player that ends by itself before its time has failed. */
async function playFor(child, seconds, seen, asking = Promise.resolve()) {
  const exited = once(child, "exit");
  const ended = await Promise.race([sleep(seconds * 1000), exited, asking.then(() => exited)]);
  if (ended) {
    seen.errors.push({ at: seconds, details: `ended by itself with exit code ${ended[0]}`, fatal: true });
  }
  seen.played = seen.joined === null ? 0 : seconds - seen.joined / 1000;
  const complaints = seen.errors.length;
  await stopChild(child, "SIGINT");
  // What it says about being stopped is no fault of the stream.
  seen.errors.length = complaints;
  return seen;
}
