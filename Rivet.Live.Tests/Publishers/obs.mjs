// OBS without a screen: a home of its own, so that no first run asks anything, and Custom Output (FFmpeg) to a URL.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sleep, stopChild } from "../Player/rig.mjs";

const display = ":77";

export const obsSettings = "Custom Output (FFmpeg), mp4, movflags=frag_keyframe+empty_moov+default_base_moof frag_duration=200000 method=PUT";

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
FFMCustom=movflags=frag_keyframe+empty_moov+default_base_moof frag_duration=200000 method=PUT
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

/** Pushes for as long as the programme lasts, then ends as an operator would who closes the window. */
export async function pushWithObs(url, programme) {
  const home = await mkdtemp(path.join(tmpdir(), "rivet-obs-"));
  const settings = path.join(home, ".config/obs-studio");
  await mkdir(path.join(settings, "basic/profiles/rivet"), { recursive: true });
  await writeFile(path.join(settings, "global.ini"), global);
  await writeFile(path.join(settings, "basic/profiles/rivet/basic.ini"), profile(url, programme));
  const screen = spawn("Xvfb", [display, "-screen", "0", "1280x720x24", "+extension", "GLX", "-nolisten", "tcp"], { stdio: "ignore" });
  await sleep(1000);
  const obs = spawn("obs", ["--startrecording", "--multi", "--profile", "rivet", "--collection", "rivet", "--disable-updater"], {
    stdio: "ignore",
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: path.join(home, ".config"), XDG_RUNTIME_DIR: home, DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: "1" },
  });
  const gone = once(obs, "exit");
  await Promise.race([sleep(programme.seconds * 1000), gone]);
  await stopChild(obs, "SIGTERM");
  await stopChild(screen, "SIGTERM");
  await rm(home, { recursive: true, force: true });
}
