// The data of the page: nodes with their parents, names and paths, and the bytes.
// Nodes are told apart by their index. What the short members mean is said in data.rs.

const first = JSON.parse(document.getElementById("data").textContent);
/** The file as it would be if its journal were replayed, where the page has that too. The address says which is shown. */
const replayed = first.then?.page;
const isReplayed = replayed !== undefined && new URLSearchParams(location.search).has("replayed");
const data = isReplayed ? replayed : first;
const nodes = data.nodes;
const ROOT = 0;
const isRefused = data.troubles.some((trouble) => trouble.error);

nodes[ROOT].parent = -1;
nodes.forEach((node, i) => {
  for (const child of children(i)) nodes[child].parent = i;
});
// Findings by node, and how many there are in it and below.
for (const trouble of data.troubles) {
  if (trouble.node === null) continue;
  (nodes[trouble.node].troubles ??= []).push(trouble);
  for (const i of lineage(trouble.node)) nodes[i].troubled = true;
}

function* children(i) {
  const [first, count] = nodes[i].c ?? [0, 0];
  for (let child = first; child < first + count; child++) yield child;
}

const hasChildren = (i) => nodes[i].c !== undefined;
const kindOf = (i) => data.kinds[nodes[i].d];
const isMore = (i) => nodes[i].k === "more";

/** A node and all that it lies in, innermost first. */
function* lineage(i) {
  for (; i >= 0; i = nodes[i].parent) yield i;
}

function nameOf(i) {
  const node = nodes[i];
  if (node.i !== undefined) return `[${node.i}]`;
  if (i === ROOT) return data.path || kindOf(i).written || data.format.id;
  return kindOf(i).name;
}

/** As errors name it; empty for the value as a whole. */
function pathOf(i) {
  if (i === ROOT) return data.path;
  if (isMore(i)) return pathOf(nodes[i].parent);
  const above = pathOf(nodes[i].parent);
  const name = nameOf(i);
  return above && !name.startsWith("[") && name ? `${above}.${name}` : above + name;
}

const grouped = (n) => n.toLocaleString("en-US");
const plural = (n, what) => `${grouped(n)} ${what}${n === 1 ? "" : "s"}`;
const hex = (n) => `0x${n.toString(16)}`;

/** What a node holds, on a line. */
function valueOf(i) {
  const node = nodes[i];
  switch (node.k) {
    case "more":
      return `\u2026 and ${grouped(node.m)} more, not in this page`;
    case "absent":
      return node.n ? "not taken" : "absent";
    case "record":
    case "bits":
      return node.v || gist(i);
    default:
      return node.v ?? "";
  }
}

const PLAIN = new Set(["int", "enum", "flags", "bool", "float", "guid", "text"]);

/** The first plain values in a struct, so that it need not be opened to be known. */
function gist(i) {
  const told = [];
  for (const child of children(i)) {
    const { k, v } = nodes[child];
    if (PLAIN.has(k) && v && v.length < 40) told.push(`${nameOf(child)} ${v}`);
    if (told.length === 3) break;
  }
  return told.join(", ");
}

/** Runs of bytes that are in the page, and of those that are not, in the order of the file. */
const blocks = [];
{
  let at = 0;
  const skip = (to) => {
    if (to > at) blocks.push({ at, len: to - at });
    at = to;
  };
  for (const segment of data.segments) {
    skip(segment.at);
    const bytes = Uint8Array.from(atob(segment.bytes), (c) => c.charCodeAt(0));
    blocks.push({ at, len: bytes.length, bytes });
    at += bytes.length;
  }
  skip(data.size);
}

/** Where the bytes of a node end that lie in one piece with its first; the others come round the end of a ring. */
const endOf = (i) => nodes[i].a + nodes[i].n - (nodes[i].w?.[1] ?? 0);
const comesRound = (i, at) => nodes[i].w !== undefined && nodes[i].w[0] <= at && at < nodes[i].w[0] + nodes[i].w[1];
const covers = (i, at) => (nodes[i].a <= at && at < endOf(i)) || comesRound(i, at);

/** The innermost node that has a byte; -1 for none. Parts of an integer share its bytes, so there it is the integer. */
function innermost(at) {
  if (!covers(ROOT, at)) return -1;
  let here = ROOT;
  while (nodes[here].k !== "bits") {
    const inner = childAt(here, at);
    if (inner < 0) break;
    here = inner;
  }
  return here;
}

function childAt(i, at) {
  for (const child of children(i)) if (covers(child, at)) return child;
  return -1;
}

