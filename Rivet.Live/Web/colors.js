// One color for each rendition, the same wherever it is shown; and one for each broadcast on the device map.

const rungs = ["--rung-1", "--rung-2", "--rung-3", "--rung-4", "--rung-5", "--rung-6"];
const value = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The variable of a line's color; `lines` in their order, the largest first, `source` beside them. */
export const variableOf = (line, lines) => line === "source" ? "--rung-source" : rungs[lines.filter((other) => other !== "source").indexOf(line) % rungs.length];

export const colorOf = (line, lines) => value(variableOf(line, lines));

/** A hue for a broadcast by its name, well spread; none near the red of what fails. */
export function hueOf(broadcast) {
  let hash = 0;
  for (const letter of broadcast) {
    hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  }
  return 40 + (hash * 137.508) % 280;
}
