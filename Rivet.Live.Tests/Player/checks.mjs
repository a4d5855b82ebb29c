// node --test checks.mjs: what the players' scripts measure with, how the watch page catches up, and what the console complains of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FragmentCutter } from "./boxes.mjs";
import { ageOf, bits, clockAt, drawClock, readClock } from "./clock.mjs";
import { percentile } from "./rig.mjs";
import { whole } from "../../Rivet.Live/Web/first-playlists.js";
import { milliseconds, span } from "../../Rivet.Live/Web/format.js";
import { complaintsOf, complaintsOfDevices, levelOf } from "../../Rivet.Live/Web/health.js";
import { latencyFor, rateFor } from "../../Rivet.Live/Web/keep-up.js";

import { History } from "../../Rivet.Live/Web/stats-stream.js";

const part = 0.2;
const full = 5;

test("a clock that was drawn is read, and a grey picture has none", () => {
  const [width, height] = [426, 240];
  for (const clock of [0, 1, 2 ** bits - 1, clockAt(Date.now())]) {
    const frame = Buffer.alloc(width * height, 128);
    assert.equal(readClock((x, y) => frame[y * width + x], width, height), null);
    drawClock(frame, width, height, clock);
    assert.equal(readClock((x, y) => frame[y * width + x], width, height), clock);
  }
});

test("a clock's age counts across its wrap", () => {
  assert.equal(ageOf(clockAt(1_000), 1_250), 250);
  assert.equal(ageOf(clockAt(2 ** bits - 100), 2 ** bits + 150), 250);
});

test("a stream is cut at its fragments, however it arrives", () => {
  const box = (type, ...payload) => {
    const body = Buffer.concat(payload);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + body.length);
    head.write(type, 4, "latin1");
    return Buffer.concat([head, body]);
  };
  const numbers = (...values) => Buffer.concat(values.map((value) => { const four = Buffer.alloc(4); four.writeUInt32BE(value); return four; }));
  const moof = box("moof", box("traf", box("tfhd", numbers(0x20008, 1, 512)), box("tfdt", numbers(0, 1024)), box("trun", numbers(0, 3))));
  const stream = Buffer.concat([box("ftyp"), box("moov"), moof, box("mdat", Buffer.from("media")), moof, box("mdat")]);
  const pieces = [];
  const cutter = new FragmentCutter((piece) => pieces.push(piece));
  for (const byte of stream) {
    cutter.add(Buffer.from([byte]));
  }
  assert.deepEqual(Buffer.concat(pieces.map(({ bytes }) => bytes)), stream);
  assert.deepEqual(pieces.map(({ tracks }) => tracks), [[], [{ id: 1, time: 1024, durations: [512, 512, 512] }], [{ id: 1, time: 1024, durations: [512, 512, 512] }]]);
});

test("a percentile is one of the values", () => {
  assert.equal(percentile([5, 1, 4, 2, 3], 0.5), 3);
  assert.equal(percentile([1, 2], 0.95), 2);
  assert.equal(percentile([], 0.5), null);
});

test("the watch page runs faster only where it is late and has media for it", () => {
  assert.equal(rateFor(1, 0.1, full, part), 1, "near enough");
  assert.equal(rateFor(1, 0.5, 1.9 * part, part), 1, "nothing to spare");
  assert.equal(rateFor(1, 30, full, part), 1, "gone back on purpose");
  assert.equal(rateFor(1, 0.5, full, 0), 1, "no parts");
  assert.ok(rateFor(1, 0.2, full, part) > 1);
  assert.ok(rateFor(1.05, 0.1, full, part) > 1, "goes on to the target once it has begun");
  assert.equal(rateFor(1.05, 0.02, full, part), 1, "has arrived");
  assert.equal(rateFor(1, 5, full, part), 1.25, "no faster than that");
});

test("the watch page stays farther behind after a stall, but not for ever", () => {
  assert.equal(latencyFor(1.65, 0.65, 1_000), 1.65, "hls.js has its way at first");
  assert.equal(latencyFor(1.65, 0.65, 60_000), 0.65, "all went well for a minute");
  assert.equal(latencyFor(0.65, 0.65, Infinity), 0.65, "never stalled");
  assert.equal(latencyFor(6, 0, Infinity), 6, "no parts");
});

test("a playlist is asked for whole with its other directives", () => {
  for (const [asked, expected] of [
    ["p.m3u8?_HLS_msn=9&_HLS_part=2&_HLS_skip=YES", "p.m3u8?_HLS_msn=9&_HLS_part=2"],
    ["p.m3u8?_HLS_skip=v2&_HLS_msn=9", "p.m3u8?_HLS_msn=9"],
    ["p.m3u8?_HLS_msn=9", "p.m3u8?_HLS_msn=9"],
  ]) {
    assert.equal(whole(asked), expected);
  }
});

const now = Date.parse("2026-01-01T00:01:00Z");
const rendition = { rendition: "480p", state: "running", shed: false, lagSeconds: 0.1 };
const broadcast = (changes) => ({ broadcast: "live/demo", state: "live", source: [{ track: "video", lastFragmentAgeSeconds: 0.1 }], renditions: [rendition], timeline: [], ...changes });

test("the console complains of what suffers, the worst first, and of nothing else", () => {
  assert.deepEqual(complaintsOf(broadcast({}), now), []);
  assert.equal(levelOf([]), "good");
  assert.deepEqual(complaintsOf(broadcast({ state: "ended", renditions: [{ ...rendition, state: "failed" }] }), now), []);
  const complaints = complaintsOf(broadcast({ renditions: [{ ...rendition, lagSeconds: 2.5 }, { ...rendition, rendition: "240p", state: "failed" }] }), now);
  assert.deepEqual(complaints.map(({ level }) => level), ["bad", "warn"]);
  assert.match(complaints[0].text, /240p is given up/);
  assert.match(complaintsOf(broadcast({ state: "interrupted" }), now)[0].cure, /start the encoder again/);
  assert.match(complaintsOf(broadcast({ source: [{ lastFragmentAgeSeconds: 5 }] }), now)[0].text, /Nothing came for 5 s/);
  assert.equal(levelOf(complaintsOf(broadcast({ renditions: [{ ...rendition, shed: true }] }), now)), "warn");
});

test("the console complains of what happened for a minute", () => {
  const event = (at, kind) => broadcast({ timeline: [{ at, kind, text: "480p: moved." }] });
  assert.equal(complaintsOf(event("2026-01-01T00:00:30Z", "failover"), now).length, 1);
  assert.equal(complaintsOf(event("2025-12-31T23:59:30Z", "failover"), now).length, 0);
  assert.equal(complaintsOf(event("2026-01-01T00:00:30Z", "began"), now).length, 0);
});

test("the console complains of devices that fail or are waited for", () => {
  const device = { device: "gpu1", healthy: true, waiting: 0 };
  assert.deepEqual(complaintsOfDevices([device]), []);
  assert.deepEqual(complaintsOfDevices([{ ...device, healthy: false }, { ...device, waiting: 2 }]).map(({ level }) => level), ["bad", "warn"]);
});

test("a history has a value of each line for each time, and no more than five minutes", () => {
  const history = new History();
  history.add(broadcast({ renditions: [] }), 1000);
  history.add(broadcast({}), 1001);
  assert.deepEqual(history.of("lag", "480p"), [null, 0.1]);
  for (let time = 1002; time < 2000; time++) {
    history.add(broadcast({}), time);
  }
  assert.equal(history.times.length, 301);
  assert.equal(history.of("lag", "480p").length, 301);
});

test("numbers are written for people", () => {
  assert.deepEqual([0.25, 9.97, 250, 1234, 15_000, null].map(milliseconds), ["0.3 ms", "10 ms", "250 ms", "1.23 s", "15 s", "–"]);
  assert.deepEqual([5, 65, 3700, 90_000].map(span), ["5 s", "1 min 5 s", "1 h 1 min", "1 d 1 h"]);
});
