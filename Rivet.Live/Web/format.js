// Numbers for people. What is unknown is a dash.

const dash = "–";

export const bits = (bps) => bps == null ? dash
  : bps >= 1e9 ? `${(bps / 1e9).toFixed(2)} Gb/s`
  : bps >= 1e6 ? `${(bps / 1e6).toFixed(2)} Mb/s`
  : `${Math.round(bps / 1e3)} kb/s`;

export const bytes = (count) => count == null ? dash
  : count >= 1e9 ? `${(count / 1e9).toFixed(2)} GB`
  : count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB`
  : `${Math.round(count / 1e3)} kB`;

export const milliseconds = (ms) => ms == null ? dash
  : ms >= 9_950 ? `${Math.round(ms / 1000)} s`
  : ms >= 1_000 ? `${(ms / 1000).toFixed(2)} s`
  : ms >= 9.95 ? `${Math.round(ms)} ms`
  : `${ms.toFixed(1)} ms`;

export const seconds = (s) => s == null ? dash : s < 10 ? `${s.toFixed(2)} s` : span(s);

/** A long time, in its two largest units. */
export function span(s) {
  const [d, hours, m] = [Math.floor(s / 86_400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  return d > 0 ? `${d} d ${hours} h` : hours > 0 ? `${hours} h ${m} min` : m > 0 ? `${m} min ${Math.floor(s % 60)} s` : `${Math.floor(s)} s`;
}

export const count = (number) => number == null ? dash : number.toLocaleString("en");

export const plural = (number, word) => `${count(number)} ${word}${number === 1 ? "" : "s"}`;

export const clock = (when) => new Date(when).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export const size = (media) => media?.width ? `${media.width}×${media.height}` : dash;

/** A broadcast's name as a path. */
export const path = (broadcast) => broadcast.split("/").map(encodeURIComponent).join("/");
