// A picture of each broadcast: the newest keyframe of its smallest rung, in a video element that never plays. Costs the server a
// playlist and a few kilobytes in a while, and only where the picture is to be seen.
import { path } from "./format.js";

const everyMilliseconds = 5_000;

/** One at a time: a browser opens six connections to a server of HTTP/1.1, and the player needs most of them. */
let turn = Promise.resolve();

/** Keyframes kept in the element; older ones are removed. In seconds. */
const keptSeconds = 30;

const attribute = (line, name) => new RegExp(`[:,]${name}="([^"]*)"`).exec(line)?.[1];
const text = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) {
    throw new Error(`${answer.status}`);
  }
  return [await answer.text(), answer.url];
};
const bytes = async (url) => (await fetch(url)).arrayBuffer();
const settled = (target, event) => new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));

/** Shows the newest keyframe of a broadcast on `video`, until `stop()`. */
export class Thumbnail {
  #video;
  #broadcast;
  #timer = 0;
  #buffer = null;
  #init = null;
  #shown = null;
  #isSeen = false;

  constructor(video, broadcast) {
    this.#video = video;
    this.#broadcast = broadcast;
    new IntersectionObserver(([{ isIntersecting }]) => { this.#isSeen = isIntersecting; }).observe(video);
    const refresh = () => { turn = turn.then(() => this.#refresh()); };
    this.#timer = setInterval(refresh, everyMilliseconds);
    refresh();
  }

  stop() {
    clearInterval(this.#timer);
  }

  async #refresh() {
    if (!this.#isSeen || document.hidden || !window.MediaSource) {
      return;
    }
    try {
      const [master, from] = await text(`/hls/${path(this.#broadcast)}/master.m3u8${location.search}`);
      const line = master.split("\n").filter((one) => one.startsWith("#EXT-X-I-FRAME-STREAM-INF")).at(-1);
      const [playlist, at] = await text(new URL(attribute(line, "URI"), from));
      const init = new URL(attribute(playlist.split("\n").findLast((one) => one.startsWith("#EXT-X-MAP")), "URI"), at).href;
      const keyframe = new URL(playlist.split("\n").findLast((one) => one.length > 0 && !one.startsWith("#")), at).href;
      if (keyframe !== this.#shown) {
        await this.#show(init, keyframe, attribute(line, "CODECS").split(",")[0]);
        this.#shown = keyframe;
      }
    } catch {
      // No picture for now; the next round tries again.
      this.#buffer = null;
    }
  }

  async #show(init, keyframe, codec) {
    if (this.#buffer === null || init !== this.#init) {
      const source = new MediaSource();
      this.#video.src = URL.createObjectURL(source);
      await settled(source, "sourceopen");
      URL.revokeObjectURL(this.#video.src);
      this.#buffer = source.addSourceBuffer(`video/mp4; codecs="${codec}"`);
      this.#init = init;
      await this.#append(await bytes(init));
    }
    await this.#append(await bytes(keyframe));
    const { buffered } = this.#buffer;
    this.#video.currentTime = buffered.start(buffered.length - 1);
    if (buffered.start(0) < this.#video.currentTime - keptSeconds) {
      this.#buffer.remove(0, this.#video.currentTime - keptSeconds);
      await settled(this.#buffer, "updateend");
    }
  }

  async #append(media) {
    this.#buffer.appendBuffer(media);
    await settled(this.#buffer, "updateend");
  }
}
