// The page: plays ?url= with ?player= for ?seconds=, reads the clock off every picture that is shown, and posts what a viewer got.
import { ageOf, readClock, rowHeight } from "./clock.mjs";

const query = Object.fromEntries(new URLSearchParams(location.search));
const options = JSON.parse(query.options);
const video = document.querySelector("#video");
const opened = performance.now();
const seen = { player: query.player, joined: null, stalls: 0, stallsAt: [], errors: [], dropped: 0, frames: 0, glass: [], own: [], levels: [], rates: [], buffers: [], network: [] };
const players = { "hls.js": playWithHls, "shaka": playWithShaka, "video.js": playWithVideoJs };
const now = () => performance.timeOrigin + performance.now();
const since = () => Math.round(performance.now() - opened) / 1000;
/** The last that the player said of itself, for what goes wrong next. */
let trace = () => [];
const fail = (details, fatal) => seen.errors.push({ at: since(), details, fatal, trace: trace() });
addEventListener("error", (event) => fail(event.error?.stack ?? event.message, true));
addEventListener("unhandledrejection", (event) => fail(event.reason?.stack ?? String(event.reason), true));

// A stall is a wait for media after playback has begun; the waits of the start and of a seek are none.
video.addEventListener("waiting", () => {
  if (seen.joined !== null && !video.seeking && !video.ended) {
    seen.stalls++;
    seen.stallsAt.push(since());
    seen.buffers.push({ at: since(), position: video.currentTime, ranges: rangesOf(video.buffered), tracks: tracks?.(), trace: trace() });
  }
});
video.addEventListener("error", () => fail(`media error ${video.error?.code}: ${video.error?.message}`, true));

const rangesOf = (ranges) => Array.from({ length: ranges.length }, (_, index) => [ranges.start(index), ranges.end(index)]);

/** What each track has buffered, where the player says so. */
let tracks = null;

const canvas = new OffscreenCanvas(1, 1);
let context = null;
function shown(_, frame) {
  video.requestVideoFrameCallback(shown);
  const at = now();
  if (seen.joined === null && !video.paused) {
    seen.joined = performance.now() - opened;
  }
  const width = video.videoWidth;
  const height = Math.ceil(video.videoHeight * rowHeight * 2);
  if (canvas.width !== width || canvas.height !== height || context === null) {
    canvas.width = width;
    canvas.height = height;
    context = canvas.getContext("2d", { willReadFrequently: true });
  }
  context.drawImage(video, 0, 0, width, height, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height).data;
  const clock = readClock((x, y) => pixels[(y * width + x) * 4 + 1], width, video.videoHeight);
  if (clock !== null) {
    // The picture is on the glass when the compositor means to show it, which may lie a little ahead.
    const glass = performance.timeOrigin + Math.max(performance.now(), frame.expectedDisplayTime);
    seen.glass.push({ clock, at: glass, age: ageOf(clock, glass), time: since(), height: video.videoHeight });
  }
}
video.requestVideoFrameCallback(shown);

const latency = await players[query.player]();
const sampling = setInterval(() => {
  const own = latency();
  if (seen.joined !== null && own > 0) {
    seen.own.push(own);
  }
  seen.rates.push(video.playbackRate);
  if (window.hls) {
    seen.network.push({ at: since(), estimate: hls.bandwidthEstimate, ahead: (rangesOf(video.buffered).at(-1)?.[1] ?? video.currentTime) - video.currentTime, level: hls.loadLevel, own });
  }
  const quality = video.getVideoPlaybackQuality();
  document.querySelector("#seen").textContent =
    `${query.player}  ${video.videoWidth}x${video.videoHeight}  own ${own?.toFixed(2)} s  glass ${((seen.glass.at(-1)?.age ?? 0) / 1000).toFixed(2)} s  ` +
    `rate ${video.playbackRate}\nframes ${quality.totalVideoFrames}  dropped ${quality.droppedVideoFrames}  stalls ${seen.stalls}  errors ${seen.errors.length}`;
}, 250);
setTimeout(report, Number(query.seconds) * 1000);

async function report() {
  clearInterval(sampling);
  const quality = video.getVideoPlaybackQuality();
  seen.dropped = quality.droppedVideoFrames;
  seen.frames = quality.totalVideoFrames;
  seen.played = Array.from({ length: video.played.length }, (_, index) => video.played.end(index) - video.played.start(index)).reduce((sum, part) => sum + part, 0);
  seen.picture = snapshot();
  await fetch(query.report, { method: "POST", body: JSON.stringify(seen) });
}

/** What stands on the screen, for browsers that nobody can take a screenshot of from outside. */
function snapshot() {
  const picture = document.createElement("canvas");
  picture.width = 640;
  picture.height = 360;
  picture.getContext("2d").drawImage(video, 0, 0, 640, 360);
  return picture.toDataURL("image/jpeg");
}

function load(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${source} was not loaded`));
    document.head.append(script);
  });
}

/** An hls.js logger. */
function tracing() {
  const said = [];
  trace = () => [...said];
  const keep = (...words) => {
    said.push(`${since().toFixed(3)} ${words.join(" ")}`);
    said.splice(0, said.length - 400);
  };
  return { trace: keep, debug: keep, log: keep, info: keep, warn: keep, error: keep };
}

async function playWithHls() {
  await load("/hls.js");
  const { keepsUp, ...config } = options;
  const { wholeUntil } = await import("/first-playlists.js");
  const hls = new Hls({ lowLatencyMode: true, debug: tracing(), xhrSetup: wholeUntil(() => seen.joined !== null), ...config });
  hls.on(Hls.Events.BUFFER_APPENDED, (_, { timeRanges }) => {
    tracks = () => Object.fromEntries(Object.entries(timeRanges).map(([type, ranges]) => [type, rangesOf(ranges)]));
  });
  window.hls = hls;
  hls.on(Hls.Events.ERROR, (_, data) => {
    // Not errors, though told as such: a part that hls.js let go because it changes rungs, and the milliseconds at the very start by
    // which audio's first block begins after the first picture.
    const isStep = data.details === "bufferSeekOverHole" && (seen.joined === null || performance.now() - opened - seen.joined < 1000);
    if (data.fatal || !(data.details === "aborted" || isStep)) {
      fail(data.error ? `${data.details} (${data.error.stack ?? data.error.message})` : data.details, data.fatal);
    }
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, data) => seen.levels.push({ at: since(), name: hls.levels[data.level].attrs["STABLE-VARIANT-ID"] || `${hls.levels[data.level].height}p` }));
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  if (keepsUp) {
    const { keepUp } = await import("/keep-up.js");
    keepUp(hls, video);
  }
  hls.loadSource(query.url);
  hls.attachMedia(video);
  return () => hls.latency;
}

async function playWithShaka() {
  await load("/shaka.js");
  shaka.polyfill.installAll();
  const player = new shaka.Player();
  await player.attach(video);
  player.configure({ streaming: { lowLatencyMode: true, ...options } });
  player.addEventListener("error", (event) => fail(`shaka ${event.detail.code}`, event.detail.severity === 2));
  player.addEventListener("adaptation", (event) => seen.levels.push({ at: since(), name: `${event.newTrack.height}p` }));
  await player.load(query.url);
  await video.play();
  return () => player.getStats().liveLatency;
}

/**
 * video.js 8.24 puts the init segment before a part again once the playlist was reloaded. It then takes media from the next keyframe on only, which
 * parts, unlike segments, do not begin with: what lies before it is missing. It should do so only where it changes rungs.
 */
function mendVideoJs(player) {
  const loader = player.tech(true).vhs.playlistController_.mainSegmentLoader_;
  const plain = loader.updateAppendInitSegmentStatus;
  loader.updateAppendInitSegmentStatus = function (segment, type) {
    if (this.playlistOfLastInitSegment_[type]?.id === segment.playlist.id) {
      this.playlistOfLastInitSegment_[type] = segment.playlist;
    }
    plain.call(this, segment, type);
  };
}

async function playWithVideoJs() {
  await load("/video.js");
  videojs.log.level("debug");
  trace = () => videojs.log.history().slice(-200).map((words) => words.map(String).join(" "));
  const { mended, ...config } = options;
  const player = videojs(video, { liveui: true, html5: { vhs: { overrideNative: true, llhls: true, ...config } } });
  if (mended) {
    player.on("loadstart", () => mendVideoJs(player));
  }
  player.on("error", () => fail(`video.js ${player.error()?.code}: ${player.error()?.message}`, true));
  player.src({ src: query.url, type: "application/vnd.apple.mpegurl" });
  player.ready(() => player.play());
  // video.js has no latency of its own; how far behind the seekable end it plays is the nearest to it.
  return () => player.liveTracker?.liveCurrentTime() - video.currentTime;
}
