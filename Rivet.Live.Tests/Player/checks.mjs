// node --test checks.mjs: what the players' scripts measure with, and how the watch page catches up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FragmentCutter } from "./boxes.mjs";
import { ageOf, bits, clockAt, drawClock, readClock } from "./clock.mjs";
import { percentile } from "./rig.mjs";
import { whole } from "../../Rivet.Live/Web/first-playlists.js";
import { latencyFor, rateFor } from "../../Rivet.Live/Web/keep-up.js";

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
