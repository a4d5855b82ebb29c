// A picture of each broadcast, which the server makes every few seconds of what it decodes; looked for only where it is to be seen.
import { path } from "./format.js";

const everyMilliseconds = 5_000;

/** Shows the newest thumbnail of a broadcast on `image`, until `stop()`. Hidden while there is none. */
export class Thumbnail {
  #image;
  #address;
  #timer;
  #seen;

  constructor(image, broadcast) {
    const key = new URLSearchParams(location.search).get("key");
    this.#image = image;
    this.#address = `/hls/${path(broadcast)}/thumbnail.jpg?${key ? `key=${encodeURIComponent(key)}&` : ""}at=`;
    image.addEventListener("load", () => image.classList.add("there"));
    image.addEventListener("error", () => image.classList.remove("there"));
    this.#seen = new IntersectionObserver(([{ isIntersecting }]) => { this.#refresh(isIntersecting); });
    this.#seen.observe(image.parentElement);
    this.#timer = setInterval(() => this.#refresh(image.checkVisibility()), everyMilliseconds);
  }

  stop() {
    clearInterval(this.#timer);
    this.#seen.disconnect();
  }

  #refresh(isSeen) {
    if (isSeen && !document.hidden) {
      this.#image.src = this.#address + Math.floor(Date.now() / everyMilliseconds);
    }
  }
}
