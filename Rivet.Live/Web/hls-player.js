// hls.js with the settings that suit this server: the watch page and the console play with it.
import { wholeUntil } from "./first-playlists.js";
import { keepUp } from "./keep-up.js";

/** A player of `master` on `video`, begun. `hasPlayed()` says whether a picture was shown. */
export function openHls(video, master, hasPlayed) {
  // Without an end to penalties, a rung in which hls.js once met absent media is not played again.
  const keepWhole = wholeUntil(hasPlayed);
  const session = crypto.randomUUID?.() ?? String(Math.random());
  const xhrSetup = (request, url) => {
    keepWhole(request, url);
    if (url.includes(".m3u8") && new URL(url, location).origin === location.origin) {
      // By this the server tells this player from others on the same machine (CTA-5004).
      if (request.readyState === 0) {
        request.open("GET", url, true);
      }
      request.setRequestHeader("CMCD-Session", `sid="${session}"`);
    }
  };
  const hls = new Hls({ lowLatencyMode: true, errorPenaltyExpireMs: 10_000, xhrSetup });
  keepUp(hls, video);
  return hls;
}

export const levelName = (level) => level ? level.attrs["STABLE-VARIANT-ID"] || `${level.height}p` : "";
