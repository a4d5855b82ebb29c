// A page that records a canvas and a tone with MediaRecorder and sends what it gets over a WebSocket.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { openChromium } from "../Player/browsers.mjs";

/** Records in headless Chromium for as long as the programme lasts; says what the socket was closed with. */
export async function recordInBrowser(url, { width, height, rate, seconds }) {
  const page = await readFile(new URL("mediarecorder.html", import.meta.url));
  const pages = http.createServer((_, response) => response.setHeader("content-type", "text/html").end(page)).listen(0, "127.0.0.1");
  await once(pages, "listening");
  const browser = await openChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${pages.address().port}/`);
    return await tab.evaluate(
      ([socket, programme]) => globalThis.publish(socket, programme),
      [url.replace(/^http/, "ws"), { width, height, rate, seconds }]);
  } finally {
    await browser.close();
    pages.close();
  }
}
