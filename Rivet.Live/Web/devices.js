// The device map: what each device is, and who holds which slot.
import { hueOf } from "./colors.js";
import { h, keyed, setAttribute, setText } from "./dom.js";
import { plural, span } from "./format.js";
import { operate } from "./operate.js";

export function deviceMap(list) {
  return keyed(list, makeDevice, ({ device }) => device);
}

function makeDevice({ device }) {
  const health = h("span", { class: "pill" });
  const name = h("p", { class: "quiet" });
  const load = h("p", { class: "quiet" });
  const slots = h("ul", { class: "slots" });
  let isCordoned = false;
  const cordon = h("button", { type: "button", class: "small", onclick: () => operate({
    question: isCordoned ? `Let ${device} encode again?` : `Cordon ${device}? It finishes its chunks and gets no new ones; its renditions go on elsewhere.`,
    yes: isCordoned ? "Let it" : "Cordon it", method: "POST", url: `/control/devices/${encodeURIComponent(device)}/${isCordoned ? "uncordon" : "cordon"}`,
  }) });
  const showSlots = keyed(slots, makeSlot, ({ key }) => key);
  return {
    element: h("li", { class: "device" }, h("div", { class: "title" }, h("h3", {}, device), health), name, slots, h("div", { class: "foot" }, load, cordon)),
    update: (now) => {
      isCordoned = now.cordoned;
      setText(cordon, isCordoned ? "Uncordon" : "Cordon");
      setText(health, !now.healthy ? "failing" : isCordoned ? "cordoned" : now.leased > 0 ? "working" : "free");
      setAttribute(health, "data-level", !now.healthy ? "bad" : isCordoned || now.waiting > 0 ? "warn" : "good");
      setText(name, [now.vendor, now.name].filter(Boolean).join(", "));
      const leases = now.leases.map((lease) => ({ ...lease, key: `${lease.broadcast} ${lease.rendition}` }));
      const free = Math.max(0, Math.min(16, (now.slots ?? 0)) - leases.length);
      showSlots([...leases, ...Array.from({ length: free }, (_, index) => ({ key: `free ${index}` }))]);
      setText(load, [loadOf(now), now.waiting > 0 ? `${plural(now.waiting, "rendition")} waiting` : "", now.decoding == null ? "" : plural(now.decoding, "decoder")]
        .filter(Boolean).join(" · "));
    },
  };
}

function loadOf(device) {
  if (device.capacityPixelsPerSecond == null) {
    return device.slots == null ? `${device.leased} leased` : `${device.leased} of ${plural(device.slots, "slot")}`;
  }
  const used = device.leases.reduce((sum, lease) => sum + lease.pixelsPerSecond, 0);
  return `${Math.round(100 * used / device.capacityPixelsPerSecond)} % of ${Math.round(device.capacityPixelsPerSecond / 1e6)} Mpixel/s`;
}

function makeSlot(lease) {
  const held = h("small");
  const element = lease.broadcast === undefined ? h("li", { class: "slot" }, "free") : h("li", { class: "slot", "data-hue": "" }, `${lease.rendition} · ${lease.broadcast}`, held);
  element.style.setProperty("--hue", lease.broadcast === undefined ? 0 : hueOf(lease.broadcast));
  return { element, update: ({ heldSeconds }) => setText(held, heldSeconds === undefined ? "" : span(heldSeconds)) };
}
