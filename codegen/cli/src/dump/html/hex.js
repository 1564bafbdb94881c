// The bytes: rows of 16 with their letters, and a row for each run of bytes that is not in the page.

const hexPane = document.getElementById("hex");
const WIDTH = 16;
const digits = Math.max(6, data.size.toString(16).length);
{
  // The first row of each block.
  let row = 0;
  for (const block of blocks) {
    block.row = row;
    row += block.bytes ? Math.ceil(block.len / WIDTH) : 1;
  }
}
const rowsOf = (block) => (block.bytes ? Math.ceil(block.len / WIDTH) : 1);
const bytes = new Rows(hexPane, 20, drawRow);
bytes.count = blocks.reduce((rows, block) => rows + rowsOf(block), 0);

/** The last block of which `of` is at most `value`. */
function blockBy(of, value) {
  let [low, high] = [0, blocks.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (blocks[middle][of] <= value) low = middle;
    else high = middle - 1;
  }
  return blocks[low];
}

function rowAt(at) {
  const block = blockBy("at", at);
  if (!block) return 0;
  return block.bytes ? block.row + Math.floor((Math.min(at, block.at + block.len - 1) - block.at) / WIDTH) : block.row;
}

function drawRow(place) {
  const block = blockBy("row", place);
  return block.bytes ? drawBytes(block, block.at + (place - block.row) * WIDTH) : drawSkipped(block);
}

function drawBytes(block, at) {
  const row = made("div", "row bytes");
  row.append(made("span", "at", at.toString(16).padStart(digits, "0")));
  const [pairs, letters] = [made("span", "pairs"), made("span", "letters")];
  const paint = painter();
  const end = Math.min(at + WIDTH, block.at + block.len);
  for (let here = at; here < end; here++) {
    const byte = block.bytes[here - block.at];
    const look = paint(here, byte);
    const pair = made("span", look, byte.toString(16).padStart(2, "0"));
    const letter = made("span", look, byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0x20 ? " " : "\u00b7");
    pair.dataset.at = letter.dataset.at = here;
    pairs.append(pair);
    letters.append(letter);
  }
  row.append(pairs, letters);
  return row;
}

/** Gives the classes of one byte after the other: what its field is, and how it is marked. */
function painter() {
  let [node, end] = [-1, -1];
  return (at, byte) => {
    if (at >= end) {
      node = innermost(at);
      end = node < 0 || hasChildren(node) ? at + 1 : comesRound(node, at) ? nodes[node].w[0] + nodes[node].w[1] : endOf(node);
    }
    const names = ["byte"];
    if (node < 0) names.push("outside");
    else names.push(`is-${nodes[node].k}`, nodes[node].a === at ? "first" : "inner");
    if (byte === 0) names.push("null");
    if (selected !== ROOT && covers(selected, at)) names.push("chosen");
    if (pointed > ROOT && covers(pointed, at)) names.push("pointed");
    if (at === cursor) names.push("cursor");
    return names.join(" ");
  };
}

function drawSkipped(block) {
  const row = made("div", "row skipped");
  row.dataset.at = block.at;
  const { at, len } = nodes[selected] ? { at: nodes[selected].a, len: nodes[selected].n } : { at: 0, len: 0 };
  if (selected !== ROOT && at < block.at + block.len && block.at < at + len) row.classList.add("chosen");
  row.append(made("span", "at", "\u22ee"), made("span", "told", skipped(block)));
  return row;
}

/** `... 104,857,600 bytes of memory, not in this page` */
function skipped(block) {
  const last = block.at + block.len - 1;
  const of = [...lineage(innermost(block.at))].find((i) => covers(i, last));
  const size = plural(block.len, "byte");
  if (of !== undefined) return `... ${size} of ${lastName(of)}, not in this page`;
  if (block.at < data.end) return `... ${size} in front of the value, not in this page`;
  return isRefused ? `... ${size}, neither read nor in this page` : `... ${size} behind the value, not in this page`;
}

/** The end of a path: a name, with the index where there is one. */
function lastName(i) {
  const name = nameOf(i);
  return (nodes[i].i === undefined && name) || i === ROOT ? name : lastName(nodes[i].parent) + name;
}

/** Marks what is pointed at. The rows stay as they are, so that a click on them still arrives. */
function markPointed() {
  for (const cell of hexPane.querySelectorAll(".byte")) {
    cell.classList.toggle("pointed", pointed > ROOT && covers(pointed, Number(cell.dataset.at)));
  }
}

/** Selects what has this byte. */
function pick(at) {
  at = Math.min(Math.max(at, 0), data.size - 1);
  cursor = at;
  const node = innermost(at);
  if (node >= 0) select(node, at);
  else {
    bytes.show(rowAt(at));
    bytes.now();
    tell(`${hex(at)} is outside of the value`);
  }
}

const byteAt = (event) => {
  const holder = event.target.closest("[data-at]");
  return holder ? Number(holder.dataset.at) : -1;
};

hexPane.addEventListener("click", (event) => {
  const at = byteAt(event);
  if (at >= 0) pick(at);
});

hexPane.addEventListener("mouseover", (event) => {
  const at = byteAt(event);
  point(at < 0 ? -1 : innermost(at), at);
});
hexPane.addEventListener("mouseleave", () => point(-1));

const hexKeys = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -WIDTH,
  ArrowDown: WIDTH,
  PageUp: () => -WIDTH * bytes.page(),
  PageDown: () => WIDTH * bytes.page(),
  Home: () => -(cursor % WIDTH),
  End: () => WIDTH - 1 - (cursor % WIDTH),
};

hexPane.addEventListener("keydown", (event) => {
  const step = hexKeys[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  pick(over(typeof step === "function" ? step() : step));
});

/** Where a step leads to: over bytes that are not in the page, not into them. */
function over(step) {
  const from = cursor < 0 ? nodes[selected].a : cursor;
  const to = Math.min(Math.max(from + step, 0), data.size - 1);
  const block = blockBy("at", to);
  if (block.bytes) return to;
  const next = blocks[blocks.indexOf(block) + (step > 0 ? 1 : -1)];
  return next ? (step > 0 ? next.at : block.at - 1) : from;
}

