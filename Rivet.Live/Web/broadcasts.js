// The list of broadcasts: who is on air, and how each rendition is.
import { h, keyed, setAttribute, setText } from "./dom.js";
import { bits, plural } from "./format.js";
import { levelOf } from "./health.js";
import { Thumbnail } from "./thumbnails.js";

export const levelOfState = { live: "good", starting: "warn", interrupted: "bad", ended: "" };

export const levelOfRendition = (rendition) => rendition.state === "failed" ? "bad"
  : rendition.shed || rendition.state === "degraded" || rendition.lagSeconds > 2 ? "warn"
  : rendition.state === "running" ? "good" : "";

export const wordOfRendition = (rendition) => rendition.dropped ? "dropped" : rendition.shed ? "shed" : rendition.state;

/** Shows broadcasts in a list; `choose(name)` when somebody picks one. */
export function broadcastList(list, choose) {
  return keyed(list, ({ broadcast }) => makeEntry(broadcast.broadcast, choose), ({ broadcast }) => broadcast.broadcast);
}

function makeEntry(name, choose) {
  const state = h("span", { class: "pill" });
  const dots = h("span", { class: "dots" });
  const flow = h("span", { class: "quiet" });
  const picture = h("img", { class: "thumbnail", alt: "", width: 256, height: 144 });
  const button = h("button", { type: "button", onclick: () => choose(name) }, picture, h("span", { class: "top" }, h("span", { class: "name" }, name), state), dots, flow);
  let thumbnail = null;
  const showDots = keyed(dots, makeDot, ({ rendition }) => rendition);
  return {
    element: h("li", {}, button),
    leave: () => thumbnail?.stop(),
    update: ({ broadcast, complaints, isChosen }) => {
      setAttribute(button, "aria-current", isChosen);
      const isEnded = broadcast.state === "ended";
      picture.hidden = isEnded;
      if (isEnded) {
        thumbnail?.stop();
        thumbnail = null;
      } else {
        thumbnail ??= new Thumbnail(picture, name);
      }
      setText(state, broadcast.state);
      setAttribute(state, "data-level", complaints.length > 0 ? levelOf(complaints) : levelOfState[broadcast.state]);
      showDots(isEnded ? [] : broadcast.renditions);
      const incoming = broadcast.source.reduce((sum, track) => sum + (track.bitrateBps ?? 0), 0);
      setText(flow, isEnded ? "" : `${bits(incoming)} in · ${plural(broadcast.viewers.now, "player")}`);
    },
  };
}

function makeDot({ rendition }) {
  const element = h("span", { class: "dot" }, rendition, " ");
  const word = element.appendChild(h("span", { class: "hidden" }));
  return {
    element,
    update: (now) => {
      setAttribute(element, "data-level", levelOfRendition(now));
      setText(word, wordOfRendition(now));
    },
  };
}
