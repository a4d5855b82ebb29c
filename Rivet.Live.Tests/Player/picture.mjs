// node picture.mjs WIDTH HEIGHT RATE
// Writes raw yuv420p pictures with a burnt-in clock to standard output in real time, and tells its parent each one's { index, clock }.
import { clockAt, drawClock, rowHeight } from "./clock.mjs";

const [width, height, rate] = process.argv.slice(2).map(Number);
const size = width * height;
const grey = 48;
const white = 220;
const frames = [0, 1].map(() => Buffer.alloc(size * 3 / 2, 128));

// Noise costs bits as a busy picture does, so that the ladder's bit rates are about what they say.
const noise = Buffer.from(Array.from({ length: size }, () => 96 + Math.floor(Math.random() * 64)));
const noiseFrom = Math.floor(height / 2) * width;
const noiseBytes = Math.floor(height / 4) * width;
const edge = Math.floor(height / 8);
const boxTop = Math.ceil(height * rowHeight * 2) + 16;

process.on("disconnect", () => process.exit(0));
process.stdout.on("error", () => process.exit(0));
const began = performance.now();
for (let index = 0; ; index++) {
  const early = began + index * 1000 / rate - performance.now();
  if (early > 0) {
    await new Promise((resolve) => setTimeout(resolve, early));
  }
  const frame = frames[index % frames.length];
  draw(frame, index);
  const clock = clockAt(Date.now());
  drawClock(frame, width, height, clock);
  // The parent may have closed the channel meanwhile: see 'disconnect'.
  process.send({ index, clock }, () => {});
  await new Promise((resolve) => process.stdout.write(frame, resolve));
}

function draw(frame, index) {
  frame.fill(grey, 0, size);
  const from = Math.floor(Math.random() * (size - noiseBytes));
  noise.copy(frame, noiseFrom, from, from + noiseBytes);
  const left = (index * 8) % (width - edge);
  for (let y = boxTop; y < boxTop + edge; y++) {
    frame.fill(white, y * width + left, y * width + left + edge);
  }
}
