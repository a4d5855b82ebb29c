// What every run needs: the server, a publisher of a picture with a clock, and an address from which pages are served.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { FragmentCutter } from "./boxes.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const serverDll = path.join(root, "Rivet.Live/bin/Release/net10.0/Rivet.Live.dll");
const readyPrefix = "Rivet.Live ready on ";
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starts the Release build of the server on a free port. */
export async function startServer(...options) {
  const child = spawn("dotnet", [serverDll, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await Promise.race([once(child.stdout, "data"), once(child, "exit").then(([code]) => [`exit code ${code}`])]);
  const text = line.toString().trim();
  if (!text.startsWith(readyPrefix)) {
    throw new Error(`The server said '${text}'. Is there a Release build? tools/players makes one.`);
  }
  return { address: text.slice(readyPrefix.length), pid: child.pid, isRunning: () => child.exitCode === null && child.signalCode === null, stop: () => stopChild(child, "SIGTERM") };
}

/** Encoder settings of a publisher that cares for latency. */
const encoding = (gop, bitrate, fragments) => [
  "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-threads", "1",
  "-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-b:v", bitrate, "-maxrate", bitrate, "-bufsize", bitrate,
  "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-f", "mp4", ...fragments, "-flush_packets", "1", "pipe:1",
].map(String);

export const shortFragments = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "100000"];
export const everyFrame = ["-movflags", "+frag_every_frame+empty_moov+default_base_moof"];

const tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:samples_per_frame=480"];

/**
 * Publishes a picture with a clock and a tone in real time. Of a size at which publisher, ladder and a browser leave two slow cores some rest: what is
 * tried is how players get on with the playlists, not who starves first.
 * @returns `clocks[k]` is the clock in picture k; `sent` see Push.
 */
export async function startPublisher(server, broadcast, { width = 960, height = 540, rate = 30, gopSeconds = 2, bitrate = "3M", fragments = shortFragments } = {}) {
  const clocks = [];
  const pictures = spawn(process.execPath, [path.join(here, "picture.mjs"), width, height, rate].map(String), { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  pictures.on("message", ({ index, clock }) => { clocks[index] = clock; });
  const ffmpeg = spawn("ffmpeg", [
    "-hide_banner", "-loglevel", "error", "-nostats",
    "-probesize", "32", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", `${width}x${height}`, "-framerate", String(rate), "-i", "pipe:0",
    "-re", ...tone, ...encoding(gopSeconds * rate, bitrate, fragments),
  ], { stdio: [pictures.stdout, "pipe", "inherit"] });
  const push = await Push.begin(server.address, broadcast);
  const cutter = new FragmentCutter((piece) => push.send(piece));
  ffmpeg.stdout.on("data", (bytes) => cutter.add(bytes));
  return {
    clocks,
    sent: push.sent,

    /** The encoder hangs with its connection open; when it goes on, it sends what it owes in one burst. */
    stall: () => ffmpeg.kill("SIGSTOP"),
    resume: () => ffmpeg.kill("SIGCONT"),

    /** The connection breaks, as when an encoder loses its network. */
    break: () => {
      push.break();
      pictures.disconnect();
      ffmpeg.kill("SIGKILL");
    },
    stop: async () => {
      if (pictures.connected) {
        pictures.disconnect();
        const read = once(ffmpeg.stdout, "close");
        await stopChild(ffmpeg, "SIGINT");
        await read;
        push.finish();
      }
    },
  };
}

/** Encodes first, then publishes each fragment when its last picture would have been taken: while it runs the machine has nothing else to do. */
export async function publishRecorded(server, broadcast, seconds, { size = "1280x720", rate = 30, gopSeconds = 2, bitrate = "3M" } = {}) {
  const pieces = [];
  const cutter = new FragmentCutter((piece) => pieces.push(piece));
  const ffmpeg = spawn("ffmpeg", [
    "-hide_banner", "-loglevel", "error", "-nostats", "-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${rate},noise=alls=20:allf=t`, ...tone,
    "-t", String(seconds), ...encoding(gopSeconds * rate, bitrate, everyFrame),
  ], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const bytes of ffmpeg.stdout) {
    cutter.add(bytes);
  }
  const scales = { 1: rate * 512, 2: 48000 };
  const push = await Push.begin(server.address, broadcast);
  const began = performance.now();
  const done = (async () => {
    for (const piece of pieces) {
      const due = Math.max(0, ...piece.tracks.map(({ id, time, durations }) => (time + durations.reduce((sum, duration) => sum + duration, 0)) / scales[id]));
      const early = began + due * 1000 - performance.now();
      if (early > 0) {
        await sleep(early);
      }
      push.send(piece);
    }
    push.finish();
  })();
  return { sent: push.sent, done };
}

/** A publisher's request, in our own hands: when each picture's last byte went into the socket is known. */
class Push {
  /** One { at, tick, end } per picture, in order: when it had gone out whole (performance.now()), its decode time and end in ticks. */
  sent = [];
  #socket;

  static async begin(address, broadcast) {
    const push = new Push();
    push.#socket = await connect(address, `/ingest/${broadcast}`);
    return push;
  }

  send({ bytes, tracks }) {
    this.#socket.write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]));
    const at = performance.now();
    // The encoder's first track is the video.
    for (const { time, durations } of tracks.filter((track) => track.id === 1)) {
      let tick = time;
      for (const duration of durations) {
        this.sent.push({ at, tick, end: (tick += duration) });
      }
    }
  }

  break() {
    this.#socket.destroy();
  }

  finish() {
    this.#socket.end("0\r\n\r\n");
  }
}

/** A connection on which a chunked body may be written, piece by piece. */
async function connect(address, target) {
  const { hostname, port, host } = new URL(address);
  const socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, "connect");
  socket.on("error", (error) => console.error(`The server closed the broadcast's connection: ${error.message}`));
  socket.on("data", (answer) => {
    if (!answer.toString("latin1").startsWith("HTTP/1.1 200")) {
      console.error(`The server refused the broadcast: ${answer}`);
    }
  });
  socket.write(`PUT ${target} HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`);
  return socket;
}

/** Waits until the master playlist lists so many renditions. */
export async function playable(server, broadcast, variants) {
  const master = `${server.address}/hls/${broadcast}/master.m3u8`;
  for (let attempt = 0; attempt < 120; attempt++) {
    const answer = await fetch(master);
    const text = await answer.text();
    if (answer.ok && (text.match(/#EXT-X-STREAM-INF/g) ?? []).length >= variants) {
      return master;
    }
    await sleep(250);
  }
  throw new Error(`${master} does not list ${variants} renditions after 30 s.`);
}

/** Serves the player page and its libraries, and takes the reports that pages post. */
export async function startPages() {
  const files = {
    "/player.html": "player.html", "/player.mjs": "player.mjs", "/clock.mjs": "clock.mjs", 
    "/keep-up.js": "../../Rivet.Live/Web/keep-up.js", "/first-playlists.js": "../../Rivet.Live/Web/first-playlists.js",
    "/hls.js": "node_modules/hls.js/dist/hls.js",
    "/shaka.js": "node_modules/shaka-player/dist/shaka-player.compiled.js",
    "/video.js": "node_modules/video.js/dist/video.min.js",
  };
  const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript" };
  const waiting = new Map();
  const pages = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (request.method === "POST") {
      const pieces = [];
      for await (const piece of request) {
        pieces.push(piece);
      }
      waiting.get(pathname)?.(JSON.parse(Buffer.concat(pieces)));
      response.end();
    } else if (files[pathname]) {
      response.setHeader("Content-Type", types[path.extname(pathname)]);
      response.end(await readFile(path.join(here, files[pathname])));
    } else {
      response.writeHead(404).end();
    }
  });
  pages.listen(0, "127.0.0.1");
  await once(pages, "listening");
  const address = `http://127.0.0.1:${pages.address().port}`;
  let runs = 0;
  return {
    /** The address of a page that plays `url`, and what it will report. */
    open(player, url, seconds, options = {}) {
      const report = `/report/${runs++}`;
      const reported = new Promise((resolve) => waiting.set(report, resolve));
      const query = new URLSearchParams({ player, url, seconds, report, options: JSON.stringify(options) });
      return { page: `${address}/player.html?${query}`, reported };
    },
    stop: () => { pages.closeAllConnections(); pages.close(); },
  };
}

/** Ends a child of ours and waits until it has. */
export async function stopChild(child, signal) {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await exited;
    clearTimeout(timer);
  }
}

/** The value below which the fraction lies; null of nothing. */
export function percentile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)];
}

/** Rows of cells as Markdown that also reads well in a terminal. */
export function table(header, rows) {
  const lines = [header, ...rows].map((cells) => cells.map((cell) => String(cell ?? "–")));
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  const text = lines.map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`);
  return [text[0], `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...text.slice(1)].join("\n");
}
