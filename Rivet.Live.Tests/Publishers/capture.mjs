// node capture.mjs [NAME...]: what real encoders put on the wire, written to captures/NAME.jsonl: one line per request's head, piece of body and end, in
// the order in which they came. The pictures carry their number, so that whoever replays a capture can tell that none was lost.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { clients, commandOf } from "./clients.mjs";
import { recordInBrowser } from "./browser.mjs";
import { pushWithObs } from "./obs.mjs";
import { numberedPictures } from "./pictures.mjs";
import { acceptWebSocket } from "./websocket.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const base = "/ingest/live/a";
const programme = { width: 192, height: 108, rate: 25, seconds: 3, numbered: true };
const keptHeaders = ["content-type", "content-range", "content-length", "transfer-encoding", "user-agent", "expect"];

/** Serves until the client has gone; answers as the server does. */
async function listen() {
  const lines = [];
  let requests = 0;
  const connections = new Map();
  const server = http.createServer();
  const begin = (request) => {
    const { socket } = request;
    connections.has(socket) || connections.set(socket, connections.size);
    const headers = Object.fromEntries(keptHeaders.filter((name) => request.headers[name]).map((name) => [name, request.headers[name]]));
    const line = { request: requests++, connection: connections.get(socket), method: request.method, path: request.url.slice(base.length), headers };
    lines.push(line);
    return line.request;
  };
  const data = (request, bytes) => {
    const last = lines.at(-1);
    if (last.request === request && last.data) {
      // TCP cuts where it likes; what comes in one go is one piece.
      last.data = Buffer.concat([last.data, bytes]);
    } else {
      lines.push({ request, data: bytes });
    }
  };
  const answer = (request, response) => {
    const number = begin(request);
    request.on("data", (bytes) => data(number, bytes));
    request.on("error", () => {});
    let ended = false;
    const end = () => {
      // At once: what the same connection sends next comes behind it.
      ended || lines.push({ request: number, end: true });
      ended = true;
      response.end();
    };
    request.on("end", end);
    request.on("close", end);
  };
  server.on("request", answer);
  server.on("checkContinue", (request, response) => { response.writeContinue(); answer(request, response); });
  server.on("upgrade", (request, socket) => {
    const number = begin(request);
    acceptWebSocket(request, socket, (bytes) => data(number, bytes), () => lines.push({ request: number, end: true }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { lines, url: `http://127.0.0.1:${server.address().port}${base}`, stop: () => server.close() };
}

async function run(client, url) {
  if (!client.command) {
    await (client.name === "obs" ? pushWithObs(url, programme) : recordInBrowser(url, programme));
    return;
  }
  const command = commandOf(client, url, programme);
  const child = spawn("sh", ["-c", `exec ${command.replace(/^ffmpeg/, "ffmpeg -hide_banner -loglevel error")}`], { stdio: ["pipe", "inherit", "inherit"] });
  child.stdin.on("error", () => {});
  for (const picture of numberedPictures(programme)) {
    child.stdin.write(picture);
  }
  child.stdin.end();
  await once(child, "exit");
}

const wanted = process.argv.slice(2);
for (const client of clients.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { lines, url, stop } = await listen();
  await run(client, url);
  stop();
  const text = lines.map((line) => JSON.stringify(line.data ? { ...line, data: line.data.toString("base64") } : line)).join("\n");
  await writeFile(path.join(here, "captures", `${client.name}.jsonl`), `${text}\n`);
  console.log(`${client.name}: ${lines.filter(({ method }) => method).length} requests, ${Math.ceil(text.length / 1024)} KiB`);
}
