// The tree: which nodes are open, the rows that makes, and the keys that go through them.

const treePane = document.getElementById("tree");
const open = new Set([ROOT]);
/** Nodes in sight if the pane were endless, in order, and the place of each. */
let shown = [];
let placeOf = new Map();
const tree = new Rows(treePane, 24, drawNode);

function layTree() {
  shown = [];
  const walk = (i) => {
    shown.push(i);
    if (open.has(i)) for (const child of children(i)) walk(child);
  };
  walk(ROOT);
  placeOf = new Map(shown.map((i, place) => [i, place]));
  tree.count = shown.length;
  tree.now();
}

function drawNode(place) {
  const i = shown[place];
  const node = nodes[i];
  const row = made("div", `row node is-${node.k}`);
  const level = [...lineage(i)].length;
  row.id = `node-${i}`;
  row.dataset.node = i;
  row.style.setProperty("--level", level - 1);
  describe(row, i, level);
  row.append(made("span", "twist", hasChildren(i) ? "\u25b8" : ""));
  if (!isMore(i)) row.append(made("span", "name", nameOf(i)));
  row.append(made("span", "value", valueOf(i)));
  if (node.troubled) row.append(badge(node));
  row.append(made("span", "type", isMore(i) ? "" : kindOf(i).written));
  row.append(made("span", "place", hex(node.a)));
  return row;
}

function describe(row, i, level) {
  const [first, count] = nodes[nodes[i].parent]?.c ?? [ROOT, 1];
  row.setAttribute("role", "treeitem");
  row.setAttribute("aria-level", level);
  row.setAttribute("aria-setsize", count);
  row.setAttribute("aria-posinset", i - first + 1);
  row.setAttribute("aria-selected", i === selected);
  if (hasChildren(i)) row.setAttribute("aria-expanded", open.has(i));
  if (matched.has(i)) row.classList.add("match");
  if (i === pointed) row.classList.add("pointed");
}

/** A dot: full for what is wrong with the node itself, hollow for what is wrong inside. */
function badge(node) {
  const own = node.troubles ?? [];
  const error = own.some((trouble) => trouble.error);
  const dot = made("span", `badge ${error ? "error" : own.length ? "finding" : "inside"}`, own.length ? "\u25cf" : "\u25cb");
  dot.title = own.length ? own.map((trouble) => trouble.text).join("\n") : "something inside is not as it should be";
  dot.setAttribute("role", "img");
  dot.setAttribute("aria-label", dot.title);
  return dot;
}

function toggle(i, opened = !open.has(i)) {
  if (!hasChildren(i)) return;
  if (opened) open.add(i);
  else open.delete(i);
  // What was selected inside can no longer be seen.
  if (!opened && [...lineage(selected)].includes(i)) select(i);
  layTree();
}

/** Opens all that a node lies in, and brings it into sight. */
function reveal(i) {
  const closed = [...lineage(i)].slice(1).filter((outer) => !open.has(outer));
  closed.forEach((outer) => open.add(outer));
  if (closed.length) layTree();
  tree.show(placeOf.get(i));
}

/** Opens what fits at first, from the root downwards, and all that leads to what is wrong. */
function openFirst(most) {
  let [rows, level] = [1, [ROOT]];
  while (level.length) {
    const inner = level.flatMap((outer) => [...children(outer)]);
    if (rows + inner.length > most && rows > 1) break;
    rows += inner.length;
    level.filter(hasChildren).forEach((outer) => open.add(outer));
    level = inner;
  }
  for (const trouble of data.troubles.slice(0, 100)) {
    if (trouble.node === null) continue;
    for (const i of [...lineage(trouble.node)].slice(1)) open.add(i);
  }
}

const treeKeys = {
  ArrowDown: (place) => go(place + 1),
  ArrowUp: (place) => go(place - 1),
  PageDown: (place) => go(place + tree.page()),
  PageUp: (place) => go(place - tree.page()),
  Home: () => go(0),
  End: () => go(shown.length - 1),
  ArrowRight: (place, i) => (hasChildren(i) && !open.has(i) ? toggle(i) : hasChildren(i) && go(place + 1)),
  ArrowLeft: (place, i) => (open.has(i) && hasChildren(i) ? toggle(i) : i !== ROOT && select(nodes[i].parent)),
  Enter: (place, i) => toggle(i),
  " ": (place, i) => toggle(i),
  c: (place, i) => copy(pathOf(i)),
};

function go(place) {
  select(shown[Math.min(Math.max(place, 0), shown.length - 1)]);
}

treePane.addEventListener("keydown", (event) => {
  const act = treeKeys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act(placeOf.get(selected) ?? 0, selected);
});

treePane.addEventListener("click", (event) => {
  const row = event.target.closest(".node");
  if (!row) return;
  const i = Number(row.dataset.node);
  if (event.target.classList.contains("twist")) toggle(i);
  else select(i);
});

treePane.addEventListener("dblclick", (event) => {
  const row = event.target.closest(".node");
  if (row && !event.target.classList.contains("twist")) toggle(Number(row.dataset.node));
});

treePane.addEventListener("mouseover", (event) => point(Number(event.target.closest(".node")?.dataset.node ?? -1)));
treePane.addEventListener("mouseleave", () => point(-1));

document.getElementById("expand").addEventListener("click", () => {
  nodes.forEach((_, i) => hasChildren(i) && open.add(i));
  layTree();
  tree.show(placeOf.get(selected));
});

document.getElementById("collapse").addEventListener("click", () => {
  open.clear();
  select(ROOT);
  layTree();
});

