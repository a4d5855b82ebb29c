// A clock in the picture that machines can read: 32 cells, black or white, are the bits of the wall clock's milliseconds; below them
// stands the same inverted, so that a damaged or half-drawn picture is noticed and not misread. Runs in Node and in pages.
export const bits = 32;

/** Height of a row of cells, as a fraction of the picture's. */
export const rowHeight = 1 / 15;

/** The clock of a moment: milliseconds modulo 2^32. */
export const clockAt = (milliseconds) => Math.floor(milliseconds) % 2 ** bits;

/** How long before `now` a clock stood in the picture, in milliseconds. */
export const ageOf = (clock, now) => (now % 2 ** bits - clock + 2 ** bits) % 2 ** bits;

/**
 * Reads the clock.
 * @param luma brightness 0 to 255 at (x, y)
 * @returns the clock, or null where none can be read
 */
export function readClock(luma, width, height) {
  const upper = Math.floor(height * rowHeight * 0.5);
  const lower = Math.floor(height * rowHeight * 1.5);
  let clock = 0;
  for (let bit = 0; bit < bits; bit++) {
    const x = Math.floor((bit + 0.5) * width / bits);
    const difference = luma(x, upper) - luma(x, lower);
    if (Math.abs(difference) < 80) {
      return null;
    }
    clock = clock * 2 + (difference > 0 ? 1 : 0);
  }
  return clock;
}

/** Draws the clock into the luma plane at the start of `frame`. */
export function drawClock(frame, width, height, clock) {
  const rows = Math.floor(height * rowHeight);
  const lines = [Buffer.alloc(width), Buffer.alloc(width)];
  for (let bit = 0; bit < bits; bit++) {
    const isSet = Math.floor(clock / 2 ** (bits - 1 - bit)) % 2;
    const from = Math.floor(bit * width / bits);
    const to = Math.floor((bit + 1) * width / bits);
    lines[0].fill(isSet ? 235 : 16, from, to);
    lines[1].fill(isSet ? 16 : 235, from, to);
  }
  for (let y = 0; y < rows; y++) {
    lines[0].copy(frame, y * width);
    lines[1].copy(frame, (y + rows) * width);
  }
}
