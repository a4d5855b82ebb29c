// OBS without a screen: a home of its own, so that no first run asks anything, and Custom Output (FFmpeg) to a URL.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sleep, stopChild } from "../Player/rig.mjs";
import { obsMuxer } from "./clients.mjs";
import { numberedPictures } from "./pictures.mjs";

const profile = (url, { width, height, rate }) => `[General]
Name=rivet
[Video]
BaseCX=${width}
BaseCY=${height}
OutputCX=${width}
OutputCY=${height}
FPSType=1
FPSInt=${rate}
[Output]
Mode=Advanced
[AdvOut]
RecType=FFmpeg
FFOutputToFile=false
FFURL=${url}
FFFormat=mp4
FFFormatMimeType=video/mp4
FFMCustom=${obsMuxer}
FFVGOPSize=${rate * 2}
FFVBitrate=400
FFVEncoder=libx264
FFVCustom=preset=veryfast tune=zerolatency
FFAEncoder=aac
FFABitrate=64
`;

const global = `[General]
FirstRun=true
Pre19Defaults=false
Pre21Defaults=false
Pre23Defaults=false
Pre24.1Defaults=false
EnableAutoUpdates=false
[Basic]
Profile=rivet
ProfileDir=rivet
SceneCollection=rivet
SceneCollectionFile=rivet
`;

/** Without a scene collection OBS makes one, and forgets that it was told to record. */
const scenes = (media) => JSON.stringify({
  name: "rivet",
  current_scene: "Scene",
  current_program_scene: "Scene",
  scene_order: [{ name: "Scene" }],
  sources: [
    { id: "scene", versioned_id: "scene", name: "Scene", settings: { id_counter: 1, items: [{ id: 1, name: "Programme", visible: true, pos: { x: 0, y: 0 }, scale: { x: 1, y: 1 } }] } },
    { id: "ffmpeg_source", versioned_id: "ffmpeg_source", name: "Programme", mixers: 255, settings: { is_local_file: true, local_file: media, looping: true } },
  ],
});

/** A file for OBS to play: it has no picture or sound of its own. */
async function makeMedia(file, { width, height, rate, seconds, numbered }) {
  const picture = numbered ? `-f rawvideo -pix_fmt gray -video_size ${width}x${height} -framerate ${rate} -i pipe:0` : `-f lavfi -i testsrc2=size=${width}x${height}:rate=${rate}`;
  const maker = spawn("ffmpeg", `-v error ${picture} -f lavfi -i sine=sample_rate=48000 -t ${seconds} -c:v libx264 -preset ultrafast -crf 10 -pix_fmt yuv420p -c:a aac ${file}`.split(" "), { stdio: ["pipe", "inherit", "inherit"] });
  const made = once(maker, "exit");
  maker.stdin.on("error", () => {});
  if (numbered) {
    for (const drawn of numberedPictures({ width, height, rate, seconds })) {
      maker.stdin.write(drawn);
    }
  }
  maker.stdin.end();
  await made;
}

/** The screen's own choice of a number: another one may be there, or have left its lock. */
async function openScreen() {
  const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x720x24", "+extension", "GLX", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const [number] = await Promise.race([once(screen.stdio[3], "data"), once(screen, "exit").then(() => { throw new Error("Xvfb did not start"); })]);
  return { screen, display: `:${number.toString().trim()}` };
}

/** Waits until OBS's own log says it; its last lines are the reason where it does not. */
async function untilLogged(folder, words, seconds) {
  let log = "";
  for (let waited = 0; waited < seconds; waited += 0.2) {
    const [file] = await readdir(folder).catch(() => []);
    log = file ? await readFile(path.join(folder, file), "utf8") : "";
    if (log.includes(words)) {
      return;
    }
    await sleep(200);
  }
  throw new Error(`OBS did not say '${words}' within ${seconds} s: ${log.trim().split("\n").slice(-3).join(" | ")}`);
}

/** Pushes for as long as the programme lasts, then ends as an operator would who closes the window. */
export async function pushWithObs(url, programme) {
  const home = await mkdtemp(path.join(tmpdir(), "rivet-obs-"));
  const settings = path.join(home, ".config/obs-studio");
  await mkdir(path.join(settings, "basic/profiles/rivet"), { recursive: true });
  await mkdir(path.join(settings, "basic/scenes"));
  await writeFile(path.join(settings, "global.ini"), global);
  await writeFile(path.join(settings, "basic/profiles/rivet/basic.ini"), profile(url, programme));
  const media = path.join(home, "programme.mp4");
  // OBS plays it while it starts, and from the beginning once it is over.
  await makeMedia(media, { ...programme, seconds: programme.seconds + 30 });
  await writeFile(path.join(settings, "basic/scenes/rivet.json"), scenes(media));
  const { screen, display } = await openScreen();
  const obs = spawn("obs", ["--startrecording", "--multi", "--profile", "rivet", "--collection", "rivet", "--disable-updater"], {
    stdio: "ignore",
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: path.join(home, ".config"), XDG_RUNTIME_DIR: home, DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: "1" },
  });
  try {
    const gone = once(obs, "exit");
    await untilLogged(path.join(settings, "logs"), "Recording Start", 60);
    await Promise.race([sleep(programme.seconds * 1000), gone]);
  } finally {
    await stopChild(obs, "SIGTERM");
    await stopChild(screen, "SIGTERM");
    await rm(home, { recursive: true, force: true });
  }
}
