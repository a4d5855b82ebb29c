// hls.js 1.7.4 throws, and then never plays, where the delta of a rung that it has just left arrives before anything has played:
// it keeps the delta unmerged and measures the audio's place against it.

/** `playlist` with the same directives, but whole. */
export const whole = (playlist) => playlist.replace(/&_HLS_skip=[^&]*|_HLS_skip=[^&]*&?/, "");

/** hls.js's `xhrSetup`: until `hasPlayed()`, playlists are asked for whole. */
export const wholeUntil = (hasPlayed) => (request, url) => {
  if (!hasPlayed() && url.includes("_HLS_skip=")) {
    request.open("GET", whole(url), true);
  }
};
