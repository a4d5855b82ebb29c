// What a person should look at, read out of the stats: which broadcast suffers, where, and what to do.

/** @typedef {{ level: "bad" | "warn", text: string, cure: string }} Complaint */

/** Behind its publisher by more than this, a rendition is late; by more than the second, its viewers lose media. In seconds. */
const lateAfter = 2;
const losesAfter = 6;

/** What happened longer ago does not count. */
const recentMilliseconds = 60_000;

const bad = (text, cure) => ({ level: "bad", text, cure });
const warn = (text, cure) => ({ level: "warn", text, cure });

/** @returns {Complaint[]} the worst first */
export function complaintsOf(broadcast, now) {
  if (broadcast.state === "ended") {
    return [];
  }
  const complaints = [...ofPublisher(broadcast), ...broadcast.renditions.flatMap((rendition) => [...ofRendition(rendition)]), ...ofFindings(broadcast), ...ofTimeline(broadcast, now)];
  return complaints.sort((one, other) => Number(other.level === "bad") - Number(one.level === "bad"));
}

/** @returns {Complaint[]} */
export const complaintsOfDevices = (devices) => devices.flatMap((device) => [
  ...device.healthy ? [] : [bad(`${device.device} is failing.`, "It is tried again by itself; if it stays so, look at its driver and the log.")],
  ...device.waiting > 0 ? [warn(`${device.waiting} ${device.waiting === 1 ? "rendition waits" : "renditions wait"} for ${device.device}.`, "Take a rendition out of the ladder, or add a device.")] : [],
]);

export const levelOf = (complaints) => complaints.some(({ level }) => level === "bad") ? "bad" : complaints.length > 0 ? "warn" : "good";

function* ofPublisher(broadcast) {
  if (broadcast.state === "interrupted") {
    yield bad("The publisher's connection broke.", "Players keep waiting for it: start the encoder again under the same name.");
    return;
  }
  const silent = Math.min(...broadcast.source.map((track) => track.lastFragmentAgeSeconds ?? 0));
  if (broadcast.source.length > 0 && silent > 3) {
    yield bad(`Nothing came for ${silent.toFixed(0)} s.`, "Look at the encoder and at its way to this server.");
  }
}

function* ofRendition(rendition) {
  const name = rendition.rendition;
  if (rendition.state === "failed") {
    yield bad(`${name} is given up: no device encodes it.`, "Look at the devices and at the log; a new publish tries again.");
    return;
  }
  if (rendition.dropped) {
    yield warn(`${name} was taken out by an operator.`, "Its Restore button brings it back.");
    return;
  }
  if (rendition.shed) {
    yield warn(`${name} is shed: the devices do not keep real time.`, "It comes back when there is room. A smaller ladder or another device makes room.");
    return;
  }
  if (rendition.state === "degraded") {
    yield warn(`${name} is degraded.`, "Look at its device and its queue.");
  }
  if (rendition.state === "running" && rendition.lagSeconds > losesAfter) {
    yield bad(`${name} is ${rendition.lagSeconds.toFixed(1)} s behind and leaves out media.`, "Its device is too slow for it: lower its frame rate or the tier, or add a device.");
  } else if (rendition.state === "running" && rendition.lagSeconds > lateAfter) {
    yield warn(`${name} is ${rendition.lagSeconds.toFixed(1)} s behind its publisher.`, "If it stays so, its device is too slow for it.");
  }
}

const ofFindings = (broadcast) => (broadcast.findings ?? [])
  .filter(({ severity }) => severity !== "info")
  .map((finding) => ({ level: finding.severity === "error" ? "bad" : "warn", text: finding.text, cure: "" }));

/** Kinds of events whose trouble is no longer to be seen in figures when it is over. */
const lasting = new Set(["gap", "skip", "panic", "encoder-restarted", "failover"]);

const ofTimeline = (broadcast, now) => (broadcast.timeline ?? [])
  .filter((event) => lasting.has(event.kind) && now - Date.parse(event.at) < recentMilliseconds)
  .map((event) => warn(event.text, "Happened in the last minute; the timeline has it."));
