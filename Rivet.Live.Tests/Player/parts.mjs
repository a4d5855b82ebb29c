// Follows one rendition as the fastest player could: knows when each part was in hand.
import http from "node:http";
import { tracksOf } from "./boxes.mjs";

const agent = new http.Agent({ keepAlive: true });

export class PartWatch {
  /** One { from, to, listed, whole } per part: its decode times in ticks; when a playlist listed it and when its last byte had come, if asked for beforehand. */
  parts = [];
  #url;
  #byUri = new Map();
  #stopped = false;

  constructor(url) {
    this.#url = url;
    this.following = this.#follow();
  }

  stop() {
    this.#stopped = true;
  }

  async #follow() {
    let wait = "";
    while (!this.#stopped) {
      const { status, body, at } = await get(new URL(wait, this.#url));
      if (status !== 200) {
        throw new Error(`${this.#url} answered ${status}`);
      }
      const text = body.toString();
      if (text.includes("#EXT-X-ENDLIST")) {
        return;
      }
      for (const [, uri] of text.matchAll(/^#EXT-X-PART:.*URI="([^"]+)"/gm)) {
        const part = this.#byUri.get(uri);
        if (part) {
          part.listed ??= at;
        }
      }
      this.#fetch(text.match(/^#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/m)[1]);
      wait = next(text);
    }
  }

  /** Asks for the hinted part: the answer comes when it exists. */
  async #fetch(uri) {
    if (this.#byUri.has(uri)) {
      return;
    }
    const part = { listed: null };
    this.#byUri.set(uri, part);
    const { status, body, at } = await get(new URL(uri, this.#url));
    const [track] = status === 200 ? tracksOf(body) : [];
    if (track) {
      part.whole = at;
      part.from = track.time;
      part.to = track.time + track.durations.reduce((sum, duration) => sum + duration, 0);
      this.parts.push(part);
    }
  }
}

/** The reload that waits for the part after the newest. */
function next(text) {
  let sequence = Number(text.match(/#EXT-X-MEDIA-SEQUENCE:(\d+)/)[1]);
  let parts = 0;
  for (const line of text.split("\n")) {
    if (line && !line.startsWith("#")) {
      sequence++;
      parts = 0;
    } else if (line.startsWith("#EXT-X-PART:")) {
      parts++;
    }
  }
  return `?_HLS_msn=${sequence}&_HLS_part=${parts}`;
}

function get(url) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () => resolve({ status: response.statusCode, body: Buffer.concat(pieces), at: performance.now() }));
      response.on("error", reject);
    }).on("error", reject);
  });
}
