// Lines over the last minutes, one for each rendition, drawn by uPlot.
import { colorOf } from "./colors.js";
import { h } from "./dom.js";
import { historySeconds } from "./stats-stream.js";

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A plot of one figure of a history; `format` writes its values. */
export class Plot {
  #place;
  #figure;
  #format;
  #least;
  #plot = null;
  #lines = [];
  #theme = "";

  /**
   * @param place where it goes
   * @param figure its name in the history
   * @param format value → text
   * @param least the top of its scale is no lower: what is near nothing looks so
   */
  constructor(place, figure, format, least) {
    this.#place = place;
    this.#figure = figure;
    this.#format = format;
    this.#least = least;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(place);
  }

  /** Draws a history of the lines named. */
  draw(history, lines, theme) {
    if (!window.uPlot) {
      this.#place.textContent = "uPlot is not part of this build: install npm and build again.";
      return;
    }
    if (this.#plot === null || theme !== this.#theme || lines.join() !== this.#lines.join()) {
      this.#lines = lines;
      this.#theme = theme;
      this.#plot?.destroy();
      this.#place.replaceChildren();
      this.#plot = new uPlot(this.#options(), this.#data(history), this.#place);
    } else {
      this.#plot.setData(this.#data(history));
    }
    this.#describe(history);
  }

  #data(history) {
    return [history.times, ...this.#lines.map((line) => history.of(this.#figure, line))];
  }

  #describe(history) {
    const newest = this.#lines.map((line) => `${line} ${this.#format(history.of(this.#figure, line).at(-1))}`).join(", ");
    this.#place.setAttribute("aria-label", `${this.#place.dataset.title} now: ${newest}`);
  }

  #size() {
    return { width: Math.max(160, this.#place.clientWidth), height: this.#place.clientHeight };
  }

  #options() {
    const axis = { stroke: color("--quiet"), grid: { stroke: color("--grid"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    return {
      ...this.#size(),
      legend: { show: false },
      cursor: { points: { size: 6 }, y: false, drag: { setScale: false } },
      padding: [8, 8, 0, 0],
      scales: {
        x: { time: true, range: (_, __, max) => [max - historySeconds, max] },
        y: { range: (_, __, max) => [0, Math.max(max ?? 0, this.#least) * 1.15] },
      },
      axes: [
        { ...axis, space: 70, size: 26, values: (_, times) => times.map((time) => new Date(time * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })) },
        { ...axis, size: 62, space: 30, values: (_, values) => values.map((value) => value === 0 ? "0" : this.#format(value)) },
      ],
      series: [{}, ...this.#lines.map((line) => ({ label: line, stroke: colorOf(line, this.#lines), width: 1.75, spanGaps: false, points: { show: false } }))],
      plugins: [tooltip(this.#format)],
    };
  }
}

function tooltip(format) {
  const box = h("div", { class: "tooltip", hidden: true });
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: (plot) => {
        const { idx, left } = plot.cursor;
        box.hidden = idx == null || left < 0;
        if (box.hidden) {
          return;
        }
        box.replaceChildren(...plot.series.slice(1).map((series, index) => {
          const line = h("span", {}, `${series.label}  ${format(plot.data[index + 1][idx])}`);
          line.style.setProperty("--line-color", series.stroke());
          return line;
        }));
        box.style.left = `${Math.min(left + 12, plot.over.clientWidth - box.offsetWidth)}px`;
      },
    },
  };
}
