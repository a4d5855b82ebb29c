// A card for each rendition: what it is, where its time goes, and what went wrong.
import { levelOfRendition, wordOfRendition } from "./broadcasts.js";
import { variableOf } from "./colors.js";
import { h, keyed, setAttribute, setText } from "./dom.js";
import { bits, count, milliseconds, path, seconds, size } from "./format.js";
import { operate } from "./operate.js";

/** Shows the renditions of a broadcast. */
export function renditionCards(list) {
  return keyed(list, makeCard, ({ rendition, broadcast }) => `${broadcast} ${rendition.rendition}`);
}

/** Counters that are zero unless something went wrong, and how bad that is. */
const troubles = [
  ["panics", "panics", "bad"], ["failovers", "failovers", "warn"], ["restarts", "encoderRestarts", "warn"], ["requeued", "chunksRequeued", "warn"],
  ["dropped", "framesDropped", ""], ["skipped", "fragmentsSkipped", "warn"], ["duplicated", "framesDuplicated", "bad"], ["late", "lateSamples", "warn"],
];

/** Where the time goes between the first byte and the playlist, in this order. */
const stages = [["received", "receive"], ["decoded", "decode"], ["encoded", "encode"], ["packaged", "package"], ["listed", "list"]];

function makeCard({ rendition, lines, broadcast }) {
  let isOut = false;
  const name = rendition.rendition;
  const order = (action, question, yes) => operate({ question, yes, method: "POST", url: `/control/renditions/${path(broadcast)}/${encodeURIComponent(name)}/${action}` });
  const restart = h("button", {
    type: "button", class: "small", "aria-label": `Restart ${name}`, onclick: () => order("restart", `Give ${name} a new encoder with its next chunk?`, "Restart it"),
  }, "Restart");
  const drop = h("button", {
    type: "button", class: "small",
    onclick: () => isOut ? order("restore", `Encode ${name} again?`, "Encode it") : order("drop", `Take ${name} out of the ladder? Its viewers change to another rung.`, "Take it out"),
  });
  const state = h("span", { class: "pill" });
  const what = h("p");
  const where = h("p");
  const [rate, rateBar] = [h("b"), bar(1)];
  const [time, timeBar] = [h("b"), bar(stages.length)];
  const times = h("p");
  const counters = h("dl", { class: "counters" });
  const showCounters = keyed(counters, makeCounter, ({ name }) => name);
  const element = h(
    "li", { class: "card rendition" },
    h("div", { class: "title" }, h("h3", {}, rendition.rendition), state), what, where,
    h("p", {}, "Bit rate", rate), rateBar.element, h("p", {}, "First byte in to playlist", time), timeBar.element, times, counters, h("div", { class: "foot" }, restart, drop));
  element.style.setProperty("--line-color", `var(${variableOf(rendition.rendition, lines)})`);
  return {
    element,
    update: ({ rendition: now, longest }) => {
      isOut = now.shed;
      restart.hidden = drop.hidden = now.state === "failed" || now.state === "stopped";
      setText(drop, isOut ? "Restore" : "Drop");
      setAttribute(drop, "aria-label", `${isOut ? "Restore" : "Drop"} ${name}`);
      setText(state, wordOfRendition(now));
      setAttribute(state, "data-level", levelOfRendition(now));
      setText(what, [size(now), now.codec].filter(Boolean).join(" · "));
      setText(where, now.encoder ? `${now.encoder} on ${now.device}` : "no encoder");
      const { latest, configured } = now.bitrateBps ?? {};
      setText(rate, configured ? `${bits(latest)} of ${bits(configured)}` : bits(latest));
      rateBar.show([latest / configured]);
      const median = (stage) => now.stages?.[`${stage}Milliseconds`]?.p50;
      setText(time, milliseconds(median("firstByteToPlaylist")));
      timeBar.show(stages.map(([, stage]) => median(stage) / longest));
      setText(times, [...stages, ["fetched", "firstFetch"]].filter(([, stage]) => median(stage) != null).map(([what, stage]) => `${what} ${milliseconds(median(stage))}`).join(" · "));
      showCounters([
        { name: "lag", text: seconds(now.lagSeconds), level: now.lagSeconds > 6 ? "bad" : now.lagSeconds > 2 ? "warn" : "" },
        { name: "queue", text: count(now.queuedChunks), level: now.queuedChunks > 2 ? "warn" : "" },
        { name: "speed", text: now.realtimeRatio == null ? "–" : `${now.realtimeRatio.toFixed(1)}×`, level: now.realtimeRatio < 1.1 ? "warn" : "" },
        { name: "encode p95", text: milliseconds(now.encodeMilliseconds?.p95), level: "" },
        { name: "parts p95", text: milliseconds(now.partIntervalMilliseconds?.p95), level: "" },
        ...troubles.filter(([, field]) => now[field] > 0).map(([name, field, level]) => ({ name, text: count(now[field]), level })),
        ...now.gapSeconds > 0 ? [{ name: "gaps", text: seconds(now.gapSeconds), level: "warn" }] : [],
      ]);
    },
  };
}

function makeCounter({ name }) {
  const value = h("dd");
  const element = h("div", {}, h("dt", {}, name), value);
  return {
    element,
    update: ({ text, level }) => {
      setText(value, text);
      setAttribute(element, "data-level", level);
    },
  };
}

/** A bar of so many pieces, each a share of the whole. The text beside it says the same. */
function bar(pieces) {
  const parts = Array.from({ length: pieces }, () => h("i"));
  return {
    element: h("div", { class: "bar", "aria-hidden": "true" }, ...parts),
    show: (shares) => parts.forEach((part, index) => { part.style.width = `${Math.min(1, shares[index] || 0) * 100}%`; }),
  };
}
