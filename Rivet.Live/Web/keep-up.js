// Brings hls.js to the latency that the server recommends, gently, and keeps it there. hls.js can do that itself
// (maxLiveSyncPlaybackRate), but stops where less than a second is buffered: with short parts that is well before it has arrived.

/** No faster than this: more is heard. */
const rateMax = 1.25;

/** Seconds behind the target from which playback runs faster, and down to which it then does. */
const begins = 0.15;
const ends = 0.03;

/** How the rate grows with the distance: a second behind plays a quarter faster. */
const perSecond = 0.25;

/** Catching up needs so many parts in the buffer: the one that plays, and one for the network. */
const partsNeeded = 2;

/** hls.js wants to be a second farther behind after each stall, for ever; here it gets its way until playback has gone well for so long. */
const calmMilliseconds = 20_000;

/** Farther behind than this many seconds the viewer has gone back on purpose, or hls.js will jump. */
const liveRange = 6;

/**
 * The rate at which to play on.
 * @param rate the rate now
 * @param distance seconds behind the wanted latency
 * @param ahead seconds in the buffer
 * @param part the part target in seconds; 0 where the broadcast has no parts
 */
export function rateFor(rate, distance, ahead, part) {
  const isCatchingUp = rate > 1;
  if (part === 0 || distance > liveRange || distance < (isCatchingUp ? ends : begins) || ahead < partsNeeded * part) {
    return 1;
  }
  return Math.min(rateMax, Math.round((1.05 + distance * perSecond) * 20) / 20);
}

/**
 * The latency to keep.
 * @param target what hls.js wants
 * @param recommended what the server recommends; 0 where the broadcast has no parts
 * @param calm milliseconds since playback stalled last
 */
export const latencyFor = (target, recommended, calm) => calm < calmMilliseconds || recommended === 0 ? target : Math.min(target, recommended);

/** Runs until hls is destroyed. Its own catching up must be off. */
export function keepUp(hls, video) {
  let stalledAt = -Infinity;
  hls.on("hlsError", (_, { details }) => {
    if (details === "bufferStalledError") {
      stalledAt = performance.now();
    }
  });
  const timer = setInterval(() => {
    const details = hls.latestLevelDetails;
    if (video.paused || video.seeking || !details?.live || !(hls.latency > 0)) {
      return;
    }
    const buffered = video.buffered;
    const ahead = buffered.length > 0 ? buffered.end(buffered.length - 1) - video.currentTime : 0;
    const wanted = latencyFor(hls.targetLatency, details.partHoldBack, performance.now() - stalledAt);
    const rate = rateFor(video.playbackRate, hls.latency - wanted, ahead, details.partTarget ?? 0);
    if (rate !== video.playbackRate) {
      video.playbackRate = rate;
    }
  }, 100);
  hls.once("hlsDestroying", () => clearInterval(timer));
}
