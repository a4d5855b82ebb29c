// The bare player: hls.js where there is Media Source, the browser's own HLS where there is not.
// Tests read window.rivet: { hls, video, stats: { latency, stalls, errors, level, levels, levelsSeen, dropped, frames } }.
import { report } from "./beacon.js";
import { levelName, openHls } from "./hls-player.js";

const retryMilliseconds = 1000;
const broadcast = document.body.dataset.broadcast;
const path = broadcast.split("/").map(encodeURIComponent).join("/");
const access = new URLSearchParams(location.search);
const master = access.has("signed") ? `/hls/~${encodeURIComponent(access.get("signed"))}/${path}/master.m3u8`
  : `/hls/${path}/master.m3u8${access.has("key") ? `?key=${encodeURIComponent(access.get("key"))}` : ""}`;
const video = document.querySelector("#video");
const quality = document.querySelector("#quality");
const note = document.querySelector("#note");
const stats = { latency: null, stalls: 0, errors: [], level: null, levels: 0, levelsSeen: [], dropped: null, frames: null };
window.rivet = { hls: null, video, stats };
document.querySelector("#master").href = master;
document.querySelector("#figures").href = `/stats/${path}`;

let hasPlayed = false;
let isWaiting = false;

// From then on the viewer is told why nothing moves.
const silenceMilliseconds = 1000;

// A stall is a wait for data after playback has begun, long enough to be seen; the waits of the start and of a seek are none.
const stallMilliseconds = 100;
video.addEventListener("playing", () => { hasPlayed = true; isWaiting = false; note.textContent = ""; });
video.addEventListener("waiting", () => {
  if (!hasPlayed || isWaiting || video.seeking || video.ended) {
    return;
  }
  isWaiting = true;
  const stoodAt = video.currentTime;
  setTimeout(() => {
    const moved = video.currentTime !== stoodAt;
    if (!moved && !video.paused && !video.seeking && !video.ended) {
      stats.stalls++;
    }
    isWaiting &&= !moved;
  }, stallMilliseconds);
  setTimeout(() => {
    if (isWaiting && video.currentTime === stoodAt && !video.paused) {
      note.textContent = "Waiting for the broadcast to go on.";
    }
  }, silenceMilliseconds);
});
video.addEventListener("ended", () => { note.textContent = "The broadcast has ended."; });

async function masterIsThere() {
  try {
    const answer = await fetch(master, { cache: "no-store" });
    if (answer.ok) {
      return true;
    }
    note.textContent = answer.status === 404 ? "Waiting for the broadcast to begin."
      : answer.status === 401 || answer.status === 403 ? "This needs a key or a signed link that is still good: open the page with ?key=KEY, or ask for a new link."
      : `The playlist answered ${answer.status}. Trying again.`;
  } catch (error) {
    note.textContent = `The server cannot be reached (${error.message}). Trying again.`;
  }
  return false;
}

async function start() {
  if (!await masterIsThere()) {
    setTimeout(start, retryMilliseconds);
    return;
  }
  note.textContent = "";
  hasPlayed = false;
  if (window.Hls?.isSupported()) {
    startHls();
  } else if (video.canPlayType("application/vnd.apple.mpegurl")) {
    startNative();
  } else {
    note.textContent = window.Hls
      ? "This browser plays neither Media Source nor HLS."
      : "The player library is not part of this build: install npm (Debian: apt-get install npm) and build the server again.";
  }
}

function startNative() {
  video.src = master;
  video.onerror = () => {
    stats.errors.push({ type: "native", details: video.error?.message ?? "unknown", fatal: true });
    setTimeout(start, retryMilliseconds);
  };
  play();
}

function startHls() {
  const hls = openHls(video, master, () => hasPlayed);
  window.rivet.hls = hls;
  hls.on(Hls.Events.MANIFEST_PARSED, () => { listLevels(hls); play(); });
  hls.on(Hls.Events.LEVELS_UPDATED, () => listLevels(hls));
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, data) => {
    stats.level = levelName(hls.levels[data.level]);
    if (!stats.levelsSeen.includes(stats.level)) {
      stats.levelsSeen.push(stats.level);
    }
  });
  hls.on(Hls.Events.ERROR, (_, data) => fail(hls, data));
  hls.loadSource(master);
  hls.attachMedia(video);
}

function fail(hls, data) {
  if (data.details === Hls.ErrorDetails.INTERNAL_ABORTED && !data.fatal) {
    // No error, though told as such: a part that hls.js let go because it changes rungs.
    return;
  }

  stats.errors.push({ type: data.type, details: data.details, fatal: data.fatal, status: data.response?.code ?? null });
  if (!data.fatal) {
    return;
  }
  if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !hls.isRecovering) {
    hls.isRecovering = true;
    hls.recoverMediaError();
    return;
  }
  note.textContent = `Playback stopped (${data.details}). Trying again.`;
  hls.destroy();
  window.rivet.hls = null;
  setTimeout(start, retryMilliseconds);
}

function play() {
  video.play().catch((refused) => { note.textContent = `Press play: ${refused.message}`; });
}

function listLevels(hls) {
  stats.levels = hls.levels.length;
  const chosen = quality.value;
  quality.replaceChildren(
    new Option("auto", "-1"),
    ...hls.levels.map((level, index) => new Option(`${levelName(level)}, ${(level.bitrate / 1e6).toFixed(1)} Mb/s`, String(index))));
  quality.value = [...quality.options].some((option) => option.value === chosen) ? chosen : "-1";
}

quality.addEventListener("change", () => {
  if (window.rivet.hls) {
    window.rivet.hls.nextLevel = Number(quality.value);
  }
});

setInterval(() => {
  const hls = window.rivet.hls;
  const latency = hls?.latency;
  const frames = video.getVideoPlaybackQuality?.();
  // hls.js says 0 for "not known yet".
  stats.latency = hasPlayed && latency > 0 ? latency : null;
  stats.dropped = frames ? frames.droppedVideoFrames : null;
  stats.frames = frames ? frames.totalVideoFrames : null;
  document.querySelector("#latency").textContent = stats.latency === null || isWaiting ? "–" : `${stats.latency.toFixed(2)} s`;
  document.querySelector("#dropped").textContent = stats.dropped ?? "–";
  document.querySelector("#stalls").textContent = stats.stalls;
  document.querySelector("#playing").textContent = video.videoHeight > 0 ? `${stats.level ?? ""} ${video.videoWidth}×${video.videoHeight}` : "–";
}, 250);

start();
report(broadcast, () => stats);
