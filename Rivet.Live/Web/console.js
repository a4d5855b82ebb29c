// The console: follows the stats and shows them. Tests read window.rivet: { stats, player }.
import { broadcastList, levelOfState } from "./broadcasts.js";
import { variableOf } from "./colors.js";
import { ConsolePlayer } from "./console-player.js";
import { deviceMap } from "./devices.js";
import { h, keyed, setAttribute, setText } from "./dom.js";
import { bits, bytes, count, milliseconds, path, plural, seconds, size, span } from "./format.js";
import { complaintsOf, complaintsOfDevices, levelOf } from "./health.js";
import { operate } from "./operate.js";
import { Plot } from "./plots.js";
import { showPublish } from "./publish.js";
import { renditionCards } from "./renditions.js";
import { follow, History, linesOf } from "./stats-stream.js";
import { timelineList } from "./timeline.js";
import { startTheme } from "./theme.js";

const at = (id) => document.getElementById(id);
const theme = startTheme(at("theme"), () => draw());
const player = new ConsolePlayer(at("video"), at("rungs"), at("note"));
const histories = new Map();
let stats = null;
let beats = 0;
let chosen = decodeURIComponent(location.hash.slice(1)) || null;
window.rivet = { stats: null, player };

const showBroadcasts = broadcastList(at("broadcasts").querySelector("ul"), choose);
const showRenditions = renditionCards(at("renditions"));
const showDevices = deviceMap(at("devices"));
const showTimeline = timelineList(at("timeline"), at("announcer"));
const showComplaints = keyed(at("complaints"), makeComplaint, ({ key }) => key);
const showFindings = keyed(at("findings"), makeFinding, ({ code }) => code);
const showLegend = keyed(at("legend"), makeLegend, ({ line }) => line);
const plots = [
  new Plot(at("plot-bitrate"), "bitrate", bits, 100_000),
  new Plot(at("plot-latency"), "latency", milliseconds, 100),
  new Plot(at("plot-cadence"), "cadence", milliseconds, 100),
  new Plot(at("plot-lag"), "lag", seconds, 1),
];
showPublish(at("publish"));
at("end").addEventListener("click", () => operate({
  question: `End ${chosen}? Its publisher is sent away, and its players reach the end.`,
  yes: "End it", method: "DELETE", url: `/ingest/${path(chosen)}`,
}));
at("reload").addEventListener("click", () => operate({
  question: "Read the configuration's keys and ladder again? Those who are in stay in, and live broadcasts keep the ladder that they began with.", yes: "Read them", method: "POST", url: "/control/reload",
}));
at("drain").addEventListener("click", () => operate({
  question: "Drain the server? Every publisher is sent away, every broadcast ends, and the server ends with them.", yes: "Drain it", method: "POST", url: "/control/drain",
}));
addEventListener("hashchange", () => choose(decodeURIComponent(location.hash.slice(1))));
follow({ snapshot: take, connected: tellConnection });
setInterval(() => setText(at("glass"), player.latency === null ? "–" : `${player.latency.toFixed(2)} s`), 250);

function take(now) {
  stats = window.rivet.stats = now;

  // A beat for each snapshot: no animation, which would have a wall's screen drawn sixty times a second.
  at("link").dataset.beat = String(++beats % 2);
  const time = Date.parse(now.server.startedAt) / 1000 + now.server.uptimeSeconds;
  const sessions = new Set(now.broadcasts.map(({ session }) => session));
  for (const session of histories.keys()) {
    if (!sessions.has(session)) {
      histories.delete(session);
    }
  }
  for (const broadcast of now.broadcasts) {
    if (!histories.has(broadcast.session)) {
      histories.set(broadcast.session, new History());
      histories.get(broadcast.session).seed(broadcast.session);
    }
    if (broadcast.state !== "ended") {
      histories.get(broadcast.session).add(broadcast, time);
    }
  }
  draw();
}

function choose(name) {
  chosen = name;
  history.replaceState(null, "", `#${encodeURIComponent(name)}`);
  draw();
}

function draw() {
  if (stats === null) {
    return;
  }
  const now = Date.parse(stats.server.startedAt) + stats.server.uptimeSeconds * 1000;
  const rows = stats.broadcasts.map((broadcast) => ({ broadcast, complaints: complaintsOf(broadcast, now) }));
  const inUse = (name) => stats.broadcasts.find(({ broadcast }) => broadcast === name);
  const broadcast = inUse(chosen) ?? stats.broadcasts.find(({ state }) => state !== "ended") ?? stats.broadcasts[0];
  chosen = broadcast?.broadcast ?? chosen;
  drawServer();
  drawVerdict(rows);
  showBroadcasts(rows.map((row) => ({ ...row, isChosen: row.broadcast === broadcast })));
  showDevices(stats.devices);
  showTimeline([...stats.timeline.filter((event) => event.broadcast !== chosen), ...broadcast?.timeline ?? []]);
  at("detail").hidden = broadcast === undefined;
  player.show(broadcast ?? null);
  if (broadcast) {
    drawDetail(broadcast);
  }
}

function drawServer() {
  const live = stats.broadcasts.filter(({ state }) => state !== "ended");
  setText(at("server-state"), stats.server.state);
  setText(at("server-live"), plural(live.length, "broadcast"));
  setText(at("server-in"), bits(live.flatMap(({ source }) => source).reduce((sum, track) => sum + (track.bitrateBps ?? 0), 0)));
  setText(at("server-viewers"), String(live.reduce((sum, { viewers }) => sum + viewers.now, 0)));
  setText(at("server-uptime"), `${span(stats.server.uptimeSeconds)} · ${stats.server.version}`);
}

function drawVerdict(rows) {
  const ofDevices = complaintsOfDevices(stats.devices);
  const all = [
    ...rows.flatMap(({ broadcast, complaints }) => complaints.map((complaint) => ({ ...complaint, broadcast: broadcast.broadcast }))),
    ...ofDevices.map((complaint) => ({ ...complaint, broadcast: null })),
  ].sort((one, other) => Number(other.level === "bad") - Number(one.level === "bad"));
  const suffering = rows.filter(({ complaints }) => complaints.length > 0);
  const live = rows.filter(({ broadcast }) => broadcast.state !== "ended");
  setAttribute(at("verdict"), "data-level", levelOf(all));
  setText(at("verdict-title"),
    suffering.length > 0 ? `${suffering.map(({ broadcast }) => broadcast.broadcast).slice(0, 3).join(", ")}${suffering.length > 3 ? ` and ${suffering.length - 3} more` : ""} ${suffering.length === 1 ? "needs" : "need"} a look`
    : ofDevices.length > 0 ? "A device needs a look"
    : live.length === 0 ? "Nothing is on air"
    : live.length === 1 ? "All is well" : `All ${live.length} broadcasts are well`);
  showComplaints(all.slice(0, 6).map((complaint) => ({ ...complaint, key: `${complaint.broadcast} ${complaint.text.replace(/\d+(\.\d+)? s\b/, "")}` })));
}

function makeComplaint({ broadcast }) {
  const [text, cure] = [h("span"), h("span")];
  const name = broadcast === null ? [] : [h("button", { type: "button", onclick: () => choose(broadcast) }, broadcast)];
  const element = h("li", {}, h("span", { class: "dot" }), ...name, text, cure);
  return {
    element,
    update: (complaint) => {
      setAttribute(element.firstChild, "data-level", complaint.level);
      setText(text, complaint.text);
      setText(cure, complaint.cure);
    },
  };
}

function makeFinding() {
  const [dot, text] = [h("span", { class: "dot" }), h("span")];
  return {
    element: h("li", {}, dot, text),
    update: (finding) => {
      setAttribute(dot, "data-level", { error: "bad", warning: "warn" }[finding.severity] ?? "");
      setText(text, finding.text);
    },
  };
}

function makeLegend({ line, lines }) {
  const element = h("li", {}, line);
  element.style.setProperty("--line-color", `var(${variableOf(line, lines)})`);
  return { element, update: () => {} };
}

function drawDetail(broadcast) {
  const isEnded = broadcast.state === "ended";
  const video = broadcast.source.find(({ track }) => track === "video");
  const lines = linesOf(broadcast).map(({ rendition }) => rendition);
  setText(at("name"), broadcast.broadcast);
  setText(at("state"), broadcast.state);
  setAttribute(at("state"), "data-level", levelOfState[broadcast.state]);
  setText(at("publisher"), broadcast.publisher ? `from ${broadcast.publisher.remote}, ${broadcast.publisher.dialect}` : isEnded ? "over" : "waiting for its publisher");
  setText(at("source"), video ? `${size(video)}${video.frameRate ? ` · ${Math.round(video.frameRate * 100) / 100} /s` : ""} · ${bits(video.bitrateBps)}` : "–");
  const slowest = (percentile) => Math.max(0, ...broadcast.renditions.map((rendition) => rendition.stages?.firstByteToPlaylistMilliseconds?.[percentile] ?? 0)) || null;
  setText(at("inside"), milliseconds(slowest("p50")));
  setText(at("inside-p95"), slowest("p95") === null ? "" : `p95 ${milliseconds(slowest("p95"))}`);
  setText(at("window"), `${span(broadcast.window.seconds)} · ${bytes(broadcast.window.memoryBytes)}`);
  setText(at("sent"), bytes(broadcast.viewers.bytesSent));
  setText(at("viewers"), `${count(broadcast.viewers.now)}, ${count(broadcast.viewers.peak)}`);
  setAttribute(at("watch"), "href", `/watch/${path(broadcast.broadcast)}`);
  setAttribute(at("master"), "href", `/hls/${path(broadcast.broadcast)}/master.m3u8`);
  setAttribute(at("figures"), "href", `/stats/${path(broadcast.broadcast)}`);
  at("end").hidden = isEnded;
  const longest = Math.max(1, ...broadcast.renditions.map((rendition) => rendition.stages?.firstByteToPlaylistMilliseconds?.p50 ?? 0));
  showFindings(broadcast.findings ?? []);
  showRenditions(broadcast.renditions.map((rendition) => ({ rendition, lines, longest, broadcast: broadcast.broadcast })));
  showLegend(lines.map((line) => ({ line, lines })));
  for (const plot of plots) {
    plot.draw(histories.get(broadcast.session), lines, theme());
  }
}

function tellConnection(isConnected) {
  setText(at("link"), isConnected ? "live" : "connection lost, trying again");
  setAttribute(at("link"), "data-level", isConnected ? "good" : "bad");
}
