// The server's stats, once a second, and what they were in the last minutes.

/** Seconds of history that plots show. */
export const historySeconds = 300;

/** Without a snapshot for so long the connection is told as lost. */
const silenceMilliseconds = 5_000;

/** Follows `/stats/events`. `snapshot(stats)` for each; `connected(boolean)` where that changes. */
export function follow({ snapshot, connected }) {
  let heardAt = 0;
  let isConnected = null;
  const tell = (now) => {
    if (now !== isConnected) {
      isConnected = now;
      connected(now);
    }
  };
  const events = new EventSource("/stats/events");
  events.addEventListener("stats", ({ data }) => {
    heardAt = Date.now();
    tell(true);
    snapshot(JSON.parse(data));
  });
  events.addEventListener("error", () => tell(false));
  setInterval(() => {
    if (Date.now() - heardAt > silenceMilliseconds) {
      tell(false);
    }
  }, 1000);
}

/** What is plotted of a snapshot of a broadcast. */
const figures = {
  bitrate: (rendition) => rendition.bitrateBps?.latest,
  latency: (rendition) => rendition.stages?.firstByteToPlaylistMilliseconds?.p95,
  lag: (rendition) => rendition.lagSeconds,
  cadence: (rendition) => rendition.partIntervalMilliseconds?.p95,
};

/** The source's video as one more line beside the renditions. */
const asRendition = (source) => ({ ...source, rendition: "source", bitrateBps: { latest: source.bitrateBps } });

export const linesOf = (broadcast) => [...broadcast.source.filter(({ track }) => track === "video").map(asRendition), ...broadcast.renditions];

/** One broadcast session's last minutes: a time per snapshot, and per figure and rendition a value for each. */
export class History {
  times = [];
  #values = new Map();

  add(broadcast, seconds) {
    this.times.push(seconds);
    for (const line of linesOf(broadcast)) {
      for (const [figure, read] of Object.entries(figures)) {
        this.#line(figure, line.rendition).push(read(line) ?? null);
      }
    }
    for (const values of this.#values.values()) {
      while (values.length < this.times.length) {
        values.push(null);
      }
    }
    while (this.times[0] < seconds - historySeconds) {
      this.times.shift();
      for (const values of this.#values.values()) {
        values.shift();
      }
    }
  }

  /** Puts what the server remembers in front of what was seen here. */
  async seed(session) {
    const answer = await fetch(`/web/history/${session}`).catch(() => null);
    if (!answer?.ok) {
      return;
    }
    const { times, lines } = await answer.json();
    const older = times.filter((time) => !(time >= this.times[0])).length;
    const fields = { bitrate: "bitrateBps", latency: "latencyMilliseconds", lag: "lagSeconds", cadence: "cadenceMilliseconds" };
    const before = this.times.length;
    for (const [rendition, line] of Object.entries(lines)) {
      for (const [figure, field] of Object.entries(fields)) {
        const values = this.#line(figure, rendition);
        while (values.length < before) {
          values.push(null);
        }
      }
    }
    this.times.unshift(...times.slice(0, older));
    for (const [key, values] of this.#values) {
      const [figure, rendition] = key.split(" ");
      values.unshift(...(lines[rendition]?.[fields[figure]] ?? Array(times.length).fill(null)).slice(0, older));
    }
  }

  of(figure, rendition) {
    return this.#line(figure, rendition);
  }

  #line(figure, rendition) {
    const key = `${figure} ${rendition}`;
    if (!this.#values.has(key)) {
      this.#values.set(key, Array(Math.max(0, this.times.length - 1)).fill(null));
    }
    return this.#values.get(key);
  }
}
