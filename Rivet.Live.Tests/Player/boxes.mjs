// Cuts a growing fragmented MP4 into its init and its moof+mdat pairs, and says which samples each one holds.

/** Gives `onPiece({ bytes, tracks })` for ftyp+moov (tracks empty) and for each moof+mdat, as soon as it is whole. */
export class FragmentCutter {
  #buffered = Buffer.alloc(0);
  #piece = [];

  constructor(onPiece) {
    this.onPiece = onPiece;
  }

  add(bytes) {
    this.#buffered = Buffer.concat([this.#buffered, bytes]);
    while (this.#buffered.length >= 8) {
      const size = this.#buffered.readUInt32BE(0);
      if (this.#buffered.length < size) {
        return;
      }
      const type = this.#buffered.toString("latin1", 4, 8);
      this.#piece.push(this.#buffered.subarray(0, size));
      this.#buffered = this.#buffered.subarray(size);
      if (type === "moov" || type === "mdat") {
        const whole = Buffer.concat(this.#piece);
        this.#piece = [];
        this.onPiece({ bytes: whole, tracks: tracksOf(whole) });
      }
    }
  }
}

/** The tracks of all moofs in these bytes: [{ id, time, durations }], times and durations in the track's ticks. */
export function tracksOf(bytes) {
  const tracks = [];
  for (const moof of children(bytes, 0, bytes.length).filter((box) => box.type === "moof")) {
    for (const traf of children(bytes, moof.from, moof.to).filter((box) => box.type === "traf")) {
      tracks.push(readTraf(bytes, children(bytes, traf.from, traf.to)));
    }
  }
  return tracks;
}

function children(bytes, from, to) {
  const boxes = [];
  for (let at = from; at + 8 <= to;) {
    const size = bytes.readUInt32BE(at);
    boxes.push({ type: bytes.toString("latin1", at + 4, at + 8), from: at + 8, to: at + size });
    at += size;
  }
  return boxes;
}

function readTraf(bytes, boxes) {
  const tfhd = boxes.find((box) => box.type === "tfhd").from;
  const tfdt = boxes.find((box) => box.type === "tfdt").from;
  const flags = bytes.readUInt32BE(tfhd) & 0xffffff;
  let at = tfhd + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  const defaultDuration = flags & 0x8 ? bytes.readUInt32BE(at) : 0;
  const durations = boxes.filter((box) => box.type === "trun").flatMap((box) => readTrun(bytes, box.from, defaultDuration));
  const time = bytes[tfdt] === 1 ? Number(bytes.readBigUInt64BE(tfdt + 4)) : bytes.readUInt32BE(tfdt + 4);
  return { id: bytes.readUInt32BE(tfhd + 4), time, durations };
}

function readTrun(bytes, from, defaultDuration) {
  const flags = bytes.readUInt32BE(from) & 0xffffff;
  const count = bytes.readUInt32BE(from + 4);
  const entryBytes = 4 * [0x100, 0x200, 0x400, 0x800].filter((field) => flags & field).length;
  const entries = from + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  return Array.from({ length: count }, (_, index) => flags & 0x100 ? bytes.readUInt32BE(entries + index * entryBytes) : defaultDuration);
}
