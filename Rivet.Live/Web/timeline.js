// What happened, the newest first: the chosen broadcast's events and the server's.
import { h, keyed, setText } from "./dom.js";
import { clock } from "./format.js";

const shownMax = 60;

/** Shows events in a list, and says new warnings and errors through `announcer` for those who do not see them. */
export function timelineList(list, announcer) {
  const show = keyed(list, makeEvent, keyOf);
  let newest = null;
  return (events) => {
    const sorted = events.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at)).slice(0, shownMax);
    show(sorted);
    const at = sorted.length > 0 ? Date.parse(sorted[0].at) : 0;
    if (newest !== null && at > newest) {
      const alarming = sorted.filter((event) => Date.parse(event.at) > newest && event.severity !== "info");
      if (alarming.length > 0) {
        setText(announcer, alarming.slice(0, 3).map(({ text }) => text).join(" "));
      }
    }
    newest = Math.max(newest ?? 0, at);
  };
}

const keyOf = (event) => [event.at, event.kind, event.rendition, event.device, event.broadcast, event.count].join();

function makeEvent(event) {
  const times = event.count > 1 ? ` (${event.count} times)` : "";
  return {
    element: h(
      "li", { "data-level": event.severity, "data-kind": event.kind },
      h("time", { datetime: event.at, title: new Date(event.at).toLocaleString() }, clock(event.at)),
      h("span", {}, event.severity === "info" ? "" : h("span", { class: "hidden" }, `${event.severity}: `), event.text + times)),
    update: () => {},
  };
}
