// The list of running broadcasts, read from /stats every two seconds. Text from the server is only ever put in as text.
const body = document.querySelector("tbody");
const table = document.querySelector("table");
const empty = document.querySelector("#empty");
const note = document.querySelector("#note");
const server = document.querySelector("#server");
document.querySelector("#target").textContent = location.origin;

function path(broadcast) {
  return broadcast.split("/").map(encodeURIComponent).join("/");
}

function link(text, address) {
  const anchor = document.createElement("a");
  anchor.textContent = text;
  anchor.href = address;
  return anchor;
}

function row(broadcast) {
  const name = path(broadcast.broadcast);
  const line = document.createElement("tr");
  for (const text of [
    broadcast.broadcast,
    broadcast.state ?? "",
    (broadcast.renditions ?? []).map((rendition) => rendition.rendition).join(", "),
    broadcast.viewers?.now ?? "",
  ]) {
    line.insertCell().textContent = text;
  }
  line.cells[0].replaceChildren(link(broadcast.broadcast, `/watch/${name}`));
  line.insertCell().append(
    link("watch", `/watch/${name}`),
    link("playlist", `/hls/${name}/master.m3u8`),
    link("stats", `/stats/${name}`));
  return line;
}

async function refresh() {
  try {
    const answer = await fetch("/stats", { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      throw new Error(`/stats answered ${answer.status}`);
    }
    const stats = await answer.json();
    const running = (stats.broadcasts ?? []).filter((broadcast) => broadcast.state !== "ended");
    body.replaceChildren(...running.map(row));
    table.hidden = running.length === 0;
    empty.hidden = running.length !== 0;
    server.textContent = stats.server?.version ? `version ${stats.server.version}, ${stats.server.state}` : "";
    note.textContent = "";
  } catch (error) {
    note.textContent = `The list cannot be read: ${error.message}. Trying again.`;
  }
  setTimeout(refresh, 2000);
}

refresh();
