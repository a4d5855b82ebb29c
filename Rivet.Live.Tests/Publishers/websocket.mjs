// The server's side of a WebSocket, as far as a recorder of bytes needs it (RFC 6455).
import { createHash } from "node:crypto";

/** Answers the upgrade, hands the bytes of each frame to `data`, answers the closing, calls `over` once. */
export function acceptWebSocket(request, socket, data, over) {
  const key = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
  let pending = Buffer.alloc(0);
  let done = false;
  const finish = () => { done || over(); done = true; };
  socket.on("error", finish);
  socket.on("close", finish);
  socket.on("data", (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    for (let frame = read(pending); frame; frame = read(pending)) {
      pending = pending.subarray(frame.length);
      if (frame.opcode === 8) {
        socket.end(Buffer.from([0x88, 0]));
        finish();
      } else if (frame.opcode <= 2 && frame.payload.length > 0) {
        data(frame.payload);
      }
    }
  });
}

function read(bytes) {
  if (bytes.length < 2) {
    return undefined;
  }
  let [size, at] = [bytes[1] & 0x7f, 2];
  if (size >= 126) {
    const wide = size === 127;
    if (bytes.length < (wide ? 10 : 4)) {
      return undefined;
    }
    [size, at] = wide ? [Number(bytes.readBigUInt64BE(2)), 10] : [bytes.readUInt16BE(2), 4];
  }
  const mask = bytes.subarray(at, at + 4);
  const length = at + 4 + size;
  return bytes.length < length ? undefined : { opcode: bytes[0] & 15, length, payload: Buffer.from(bytes.subarray(at + 4, length).map((byte, index) => byte ^ mask[index % 4])) };
}
