// hls.js with the settings that suit this server: the watch page and the console play with it.
import { wholeUntil } from "./first-playlists.js";
import { keepUp } from "./keep-up.js";

/** A player of `master` on `video`, begun. `hasPlayed()` says whether a picture was shown. */
export function openHls(video, master, hasPlayed) {
  // Without an end to penalties, a rung in which hls.js once met absent media is not played again.
  const hls = new Hls({ lowLatencyMode: true, errorPenaltyExpireMs: 10_000, xhrSetup: wholeUntil(hasPlayed) });
  keepUp(hls, video);
  return hls;
}

export const levelName = (level) => level ? level.attrs["STABLE-VARIANT-ID"] || `${level.height}p` : "";
