// A list of very many rows of one height, of which only those in sight are in the document.

class Rows {
  /** `draw(i)` makes the element of a row. */
  constructor(pane, height, draw) {
    this.pane = pane;
    this.height = height;
    this.draw = draw;
    this.count = 0;
    this.canvas = document.createElement("div");
    this.canvas.className = "canvas";
    this.canvas.setAttribute("role", "presentation");
    pane.append(this.canvas);
    pane.addEventListener("scroll", () => this.later());
    new ResizeObserver(() => this.later()).observe(pane);
  }

  /** Draws anew before the next frame, however often it is asked for. */
  later() {
    this.frame ??= requestAnimationFrame(() => this.now());
  }

  now() {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    const { pane, height } = this;
    this.canvas.style.height = `${this.count * height}px`;
    const first = Math.max(0, Math.floor(pane.scrollTop / height) - 5);
    const last = Math.min(this.count, first + Math.ceil(pane.clientHeight / height) + 10);
    const rows = [];
    for (let i = first; i < last; i++) {
      const row = this.draw(i);
      row.style.top = `${i * height}px`;
      rows.push(row);
    }
    this.canvas.replaceChildren(...rows);
  }

  /** Brings a row into sight: near the top if it is far away, else by as little as will do. */
  show(i, margin = 2) {
    const { pane, height } = this;
    this.canvas.style.height = `${this.count * height}px`;
    const top = i * height;
    const low = top - margin * height;
    const high = top + (margin + 1) * height - pane.clientHeight;
    const far = low < pane.scrollTop - pane.clientHeight || high > pane.scrollTop + pane.clientHeight;
    if (far) pane.scrollTop = top - pane.clientHeight / 4;
    else if (low < pane.scrollTop) pane.scrollTop = low;
    else if (high > pane.scrollTop) pane.scrollTop = high;
  }

  /** How many rows are in sight. */
  page() {
    return Math.max(1, Math.floor(this.pane.clientHeight / this.height) - 1);
  }
}

/** An element with a class and, as text, its content. */
function made(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

/** The same of a text in which what stands between backticks is code. */
function prose(tag, name, text) {
  const element = made(tag, name);
  text.split(/`([^`]+)`/).forEach((part, i) => element.append(i % 2 ? made("code", "", part) : part));
  return element;
}

