// What operators do from the page. A key, where one is needed, is asked for once and kept for this tab only.
import { setText } from "./dom.js";

const keyName = "rivet-operator-key";

/** Asks, then calls. `{ question, yes, method, url }`; true where it was done. */
export async function operate({ question, yes, method, url }) {
  const dialog = document.querySelector("#confirm");
  const [note, field] = [dialog.querySelector("#confirm-note"), dialog.querySelector("#confirm-key")];
  setText(dialog.querySelector("#confirm-text"), question);
  setText(dialog.querySelector("#confirm-yes"), yes);
  setText(note, "");
  field.hidden = true;
  while (await answered(dialog) === "yes") {
    if (!field.hidden) {
      sessionStorage.setItem(keyName, field.querySelector("input").value);
    }
    const key = sessionStorage.getItem(keyName);
    const answer = await fetch(url, { method, headers: key ? { Authorization: `Bearer ${key}` } : {} }).catch((error) => ({ ok: false, status: 0, detail: error.message }));
    if (answer.ok) {
      return true;
    }
    field.hidden = answer.status !== 401 && !(answer.status === 403 && key);
    setText(note, answer.detail ?? (await answer.json().catch(() => ({}))).detail ?? `The server answered ${answer.status}.`);
  }
  return false;
}

function answered(dialog) {
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}
