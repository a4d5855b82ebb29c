// The console's player: the chosen broadcast, with a button for each rung.
import { keyed, h, setAttribute, setText } from "./dom.js";
import { bits, path } from "./format.js";
import { levelName, openHls } from "./hls-player.js";

const retryMilliseconds = 1000;

/** A key of Playback:Keys, where the page was opened with one. */
const key = new URLSearchParams(location.search).get("key");

/** Plays what it is told to on `video`; `rungs` gets a button for each, `note` what keeps it from playing. */
export class ConsolePlayer {
  #video;
  #note;
  #hls = null;
  #broadcast = null;
  #session = null;
  #hasPlayed = false;
  #retry = 0;
  #chosen = -1;
  #showRungs;

  constructor(video, rungs, note) {
    this.#video = video;
    this.#note = note;
    this.#showRungs = keyed(rungs, (rung) => this.#makeRung(rung), ({ index }) => index);
    video.addEventListener("playing", () => { this.#hasPlayed = true; setText(note, ""); });
    video.addEventListener("ended", () => setText(note, "The broadcast has ended."));
  }

  /** Seconds behind the camera's clock as far as the playlist knows it; null while nothing plays. */
  get latency() {
    return this.#hasPlayed && !this.#video.paused && this.#hls?.latency > 0 ? this.#hls.latency : null;
  }

  /** The rung that plays, and what the player needed to know of the network. */
  get playing() {
    const level = this.#hls?.levels[this.#hls.currentLevel];
    return this.#hasPlayed && level ? levelName(level) : null;
  }

  get dropped() {
    return this.#video.getVideoPlaybackQuality?.().droppedVideoFrames ?? null;
  }

  /** Plays a broadcast; the same one goes on. Null plays nothing. */
  show(broadcast) {
    if (broadcast?.session === this.#session) {
      this.#update();
      return;
    }
    this.#close();
    this.#session = broadcast?.session ?? null;
    this.#broadcast = broadcast?.broadcast ?? null;
    this.#chosen = -1;
    if (broadcast) {
      this.#open();
    }
  }

  #close() {
    clearTimeout(this.#retry);
    this.#hls?.destroy();
    this.#hls = null;
    this.#hasPlayed = false;
    this.#video.removeAttribute("src");
    this.#video.load();
    this.#showRungs([]);
  }

  async #open() {
    const session = this.#session;
    const master = `/hls/${path(this.#broadcast)}/master.m3u8${key ? `?key=${encodeURIComponent(key)}` : ""}`;
    const again = (why) => {
      setText(this.#note, why);
      this.#retry = setTimeout(() => this.#open(), retryMilliseconds);
    };
    if (!window.Hls?.isSupported()) {
      setText(this.#note, window.Hls ? "This browser has no Media Source: open the watch page." : "hls.js is not part of this build: install npm and build again.");
      return;
    }
    const answer = await fetch(master, { cache: "no-store" }).catch(() => null);
    if (session !== this.#session) {
      return;
    }
    if (!answer?.ok) {
      again(answer?.status === 401 || answer?.status === 403 ? "Playing needs a key: open the console with ?key=KEY." : "Nothing to play yet.");
      return;
    }
    const hls = this.#hls = openHls(this.#video, master, () => this.#hasPlayed);
    hls.on(Hls.Events.MANIFEST_PARSED, () => this.#video.play().catch(() => setText(this.#note, "Press play.")));
    for (const event of [Hls.Events.MANIFEST_PARSED, Hls.Events.LEVELS_UPDATED, Hls.Events.LEVEL_SWITCHED]) {
      hls.on(event, () => this.#update());
    }
    hls.on(Hls.Events.ERROR, (_, { fatal, type, details }) => {
      if (!fatal || hls !== this.#hls) {
        return;
      }
      if (type === Hls.ErrorTypes.MEDIA_ERROR && !hls.isRecovering) {
        hls.isRecovering = true;
        hls.recoverMediaError();
        return;
      }
      this.#close();
      again(`Playback stopped (${details}). Trying again.`);
    });
    hls.loadSource(master);
    hls.attachMedia(this.#video);
  }

  #update() {
    const levels = this.#hls?.levels ?? [];
    this.#showRungs(levels.length === 0 ? [] : [
      { index: -1, name: "auto", detail: "", isChosen: this.#chosen === -1, isPlaying: false },
      ...levels.map((level, index) => ({
        index, name: levelName(level), detail: bits(level.bitrate), isChosen: this.#chosen === index, isPlaying: index === this.#hls.currentLevel,
      })).reverse(),
    ]);
  }

  #makeRung({ index }) {
    const element = h("button", { type: "button", class: "rung", onclick: () => this.#choose(index) });
    return {
      element,
      update: ({ name, detail, isChosen, isPlaying }) => {
        setText(element, name);
        setAttribute(element, "title", detail);
        setAttribute(element, "aria-pressed", isChosen);
        element.classList.toggle("on-air", isPlaying);
      },
    };
  }

  #choose(index) {
    this.#chosen = index;
    if (this.#hls) {
      this.#hls.nextLevel = index;
    }
    this.#update();
  }
}
