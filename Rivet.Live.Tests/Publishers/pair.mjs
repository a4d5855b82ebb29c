// node pair.mjs [--rounds 6] [--seconds 12]
// One encoder, two muxers (ffmpeg -f tee), two connections to one broadcast, one of which is cut at random: not one picture may be missing or come twice, in
// the publisher's own video and in the ladder's. In every other round the two muxers cut fragments of other lengths. Exit 1 where a picture is missing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { parseArgs } from "node:util";
import { sleep, startServer, table } from "../Player/rig.mjs";
import { blockMeans, numberedPictures, numbersIn } from "./pictures.mjs";
import { decode, download, endedPlaylists } from "./rungs.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "6" }, seconds: { type: "string", default: "12" } } });
const programme = { width: 320, height: 180, rate: 25, seconds: Number(values.seconds) };
const playlists = ["source", "90p"];
// That the machine is too busy for its encoder is no loss of ours: what is late is waited for.
const server = await startServer(
  "--Ingest:StallSeconds=60", "--Encoding:Tier=draft", "--Ladder:Source=always", "--Ladder:Renditions:0:Name=90p", "--Ladder:Renditions:0:Height=90", "--Ladder:Renditions:0:VideoBitrateBps=200000");
const rows = [];
try {
  for (let round = 0; round < Number(values.rounds); round++) {
    rows.push(await tryOut(round));
  }
} finally {
  await server.stop();
}
console.log(table(["fragments of", "cut off", "s after both were there", "pictures sent", ...playlists, "repeats dropped", "verdict"], rows));
process.exit(rows.every((cells) => cells.at(-1) === "whole") ? 0 : 1);

async function tryOut(round) {
  const lengths = round % 2 === 0 ? [200000, 200000] : [200000, 480000];
  const url = `/ingest/live/pair${round}`;
  const relays = [await startRelay(server.address), await startRelay(server.address)];
  const output = ({ port }, index) => `[f=mp4:movflags=frag_keyframe+empty_moov+default_base_moof:frag_duration=${lengths[index]}:onfail=ignore]http://127.0.0.1:${port}${url}`;
  const ffmpeg = spawn("ffmpeg", [
    "-hide_banner", "-loglevel", "fatal", "-re", "-f", "rawvideo", "-pix_fmt", "gray", "-video_size", `${programme.width}x${programme.height}`, "-framerate", String(programme.rate),
    "-i", "pipe:0", "-map", "0:v", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "25", "-threads", "1", "-flags", "+global_header",
    "-f", "tee", relays.map(output).join("|"),
  ], { stdio: ["pipe", "inherit", "inherit"] });
  ffmpeg.stdin.on("error", () => {});
  for (const picture of numberedPictures(programme)) {
    ffmpeg.stdin.write(picture);
  }
  ffmpeg.stdin.end();
  const victim = Math.floor(Math.random() * 2);
  const after = Math.random() * (programme.seconds - 4);
  const gone = once(ffmpeg, "exit");
  const known = await bothKnown(round, gone);
  await Promise.race([sleep(after * 1000), gone]);
  relays[victim].cut();
  await gone;
  const ended = await endedPlaylists(`${server.address}/hls/live/pair${round}/master.m3u8`);
  const seen = [];
  for (const name of playlists) {
    const { runs, gaps } = await download(ended.find((playlist) => playlist.name === name));
    const pictures = await Promise.all(runs.map((bytes) => decode(bytes, blockMeans)));
    // A gap or a discontinuity is a fault, even where every picture is there.
    seen.push(runs.length === 1 && gaps === 0 && pictures.every(({ words }) => words === "") ? numbersIn(pictures[0].bytes) : []);
  }
  relays.forEach((relay) => relay.stop());
  const { source } = await statsOf(round);
  const sent = programme.rate * programme.seconds;
  const isWhole = seen.every((numbers) => numbers.length === sent && numbers.every((number, index) => number === index));
  const verdict = !known ? "the two were not known as a pair" : isWhole ? "whole" : "pictures are missing or doubled";
  const repeats = source.map(({ track, fragmentsRepeated = 0 }) => `${track} ${fragmentsRepeated}`).join(", ");
  return [lengths.map((length) => `${length / 1e6} s`).join(" and "), `${victim + 1} of 2`, after.toFixed(1), sent, ...seen.map((numbers) => `${numbers.length}, ${new Set(numbers).size} different`), repeats, verdict];
}

async function statsOf(round) {
  const answer = await fetch(`${server.address}/stats/live/pair${round}`);
  return answer.ok ? answer.json() : {};
}

/** Waits until the server has taken the two for a pair; false where the encoder ended before. */
async function bothKnown(round, gone) {
  let isOver = false;
  gone.then(() => { isOver = true; });
  while (!isOver) {
    const { publishers = [] } = await statsOf(round);
    if (publishers.length === 2) {
      return true;
    }
    await sleep(50);
  }
  return false;
}

/** A way through which bytes go to the server and back until it is cut. */
async function startRelay(address) {
  const { hostname, port } = new URL(address);
  const sockets = [];
  const relay = net.createServer((client) => {
    const onward = net.connect({ host: hostname, port: Number(port) });
    for (const [from, to] of [[client, onward], [onward, client]]) {
      sockets.push(from);
      from.on("error", () => {}).on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  return { port: relay.address().port, cut: () => sockets.forEach((socket) => socket.resetAndDestroy()), stop: () => relay.close() };
}
