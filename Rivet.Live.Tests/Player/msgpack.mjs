// node msgpack.mjs decode FILE    reads one MessagePack value per line of hex, prints one line for each
// node msgpack.mjs encode FILE    reads those lines, prints one line of hex for each
// node msgpack.mjs json FILE      reads one MessagePack value per line of hex, prints each as plain JSON
// A line is JSON that says every type: null, true, {"n": "1"} or {"n": "0x3fe0..."} (a number that is not whole, as its 64 bits), {"s": text},
// {"b": hex}, {"t": [seconds, nanoseconds]}, {"e": [type, hex]}, [values], {"m": [[key, value], ...]} with the keys in order.
import { readFileSync } from "node:fs";
import { decode, decodeTimestampToTimeSpec, encode, encodeTimeSpecToTimestamp, EXT_TIMESTAMP, ExtData, ExtensionCodec } from "@msgpack/msgpack";

class Moment {
  constructor(sec, nsec) {
    Object.assign(this, { sec, nsec });
  }
}

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: EXT_TIMESTAMP,
  encode: (value) => (value instanceof Moment ? encodeTimeSpecToTimestamp(value) : null),
  decode: (data) => {
    const { sec, nsec } = decodeTimestampToTimeSpec(data);
    return new Moment(sec, nsec);
  },
});
const options = { extensionCodec, useBigInt64: true };
const hex = (bytes) => Buffer.from(bytes).toString("hex");

function bitsOf(number) {
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(number);
  return `0x${hex(bits)}`;
}

function told(value) {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "bigint") return { n: value.toString() };
  if (typeof value === "number") return { n: Number.isInteger(value) && !Object.is(value, -0) ? BigInt(value).toString() : bitsOf(value) };
  if (typeof value === "string") return { s: value };
  if (value instanceof Uint8Array) return { b: hex(value) };
  if (value instanceof Moment) return { t: [value.sec, value.nsec] };
  if (value instanceof ExtData) return { e: [value.type, hex(value.data)] };
  if (Array.isArray(value)) return value.map(told);
  return { m: Object.keys(value).sort().map((key) => [key, told(value[key])]) };
}

function made(line) {
  if (line === null || typeof line === "boolean") return line;
  if (Array.isArray(line)) return line.map(made);
  if ("s" in line) return line.s;
  if ("b" in line) return Buffer.from(line.b, "hex");
  if ("t" in line) return new Moment(...line.t);
  if ("e" in line) return new ExtData(line.e[0], Buffer.from(line.e[1], "hex"));
  if ("m" in line) return Object.fromEntries(line.m.map(([key, value]) => [key, made(value)]));
  if (line.n.startsWith("0x")) return Buffer.from(line.n.slice(2), "hex").readDoubleBE();
  const whole = BigInt(line.n);
  return BigInt.asIntN(64, whole) !== whole && BigInt.asUintN(64, whole) !== whole ? Number(whole) : Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

const [task, file] = process.argv.slice(2);
const lines = () => readFileSync(file, "utf8").split("\n").filter((line) => line.length > 0);
switch (task) {
  case "decode":
    process.stdout.write(lines().map((line) => `${JSON.stringify(told(decode(Buffer.from(line, "hex"), options)))}\n`).join(""));
    break;
  case "encode":
    process.stdout.write(lines().map((line) => `${hex(encode(made(JSON.parse(line)), options))}\n`).join(""));
    break;
  case "json":
    process.stdout.write(lines().map((line) => `${JSON.stringify(decode(Buffer.from(line, "hex")))}\n`).join(""));
    break;
  default:
    throw new Error(`Saw '${task}', expected decode, encode or json.`);
}
