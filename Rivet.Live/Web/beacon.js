// Tells the server now and then what this viewer gets.

const everyMilliseconds = 10_000;

/** Reports for a broadcast; `read()` gives `{ latency, stalls }`: seconds or null, and stalls since the page was opened. */
export function report(broadcast, read) {
  let told = 0;
  setInterval(() => {
    const { latency, stalls } = read();
    if (latency === null && stalls === told) {
      return;
    }
    const body = JSON.stringify({ broadcast, ...latency !== null && { latencySeconds: latency }, stalls: stalls - told });
    told = stalls;
    fetch("/stats/beacon", { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
  }, everyMilliseconds);
}
