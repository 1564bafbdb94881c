// Search by name, value and path; `@` goes to an offset.

const query = document.getElementById("query");
const found = document.getElementById("found");
/** Nodes that match, in the order of the tree. */
let matches = [];
const matched = new Set();

/** All nodes in the order of the tree, as they stand when all are open. */
function* inOrder(i = ROOT) {
  yield i;
  for (const child of children(i)) yield* inOrder(child);
}

function matching(text) {
  const wanted = text.toLowerCase();
  const has = (of) => of !== undefined && of.toLowerCase().includes(wanted);
  const byPath = /[.[]/.test(wanted);
  const hit = (i) => !isMore(i) && (has(nameOf(i)) || has(nodes[i].v) || has(nodes[i].t) || (byPath && has(pathOf(i))));
  return [...inOrder()].filter(hit);
}

function search() {
  const text = query.value.trim();
  matched.clear();
  matches = text && !text.startsWith("@") ? matching(text) : [];
  matches.forEach((i) => matched.add(i));
  query.parentElement.classList.toggle("is-used", text !== "");
  count();
  tree.now();
}

function count() {
  const place = matches.indexOf(selected);
  const isSearch = query.value.trim() && !query.value.trim().startsWith("@");
  found.textContent = !isSearch ? "" : !matches.length ? "none" : place < 0 ? grouped(matches.length) : `${grouped(place + 1)} of ${grouped(matches.length)}`;
}

/** Goes to the match after or before what is selected, round the end. */
function step(forward) {
  const text = query.value.trim();
  if (text.startsWith("@")) {
    const at = Number(text.slice(1).trim());
    if (Number.isSafeInteger(at) && at >= 0 && at < data.size) pick(at);
    else found.textContent = "no such offset";
    return;
  }
  if (!matches.length) return;
  const order = new Map([...inOrder()].map((i, place) => [i, place]));
  const here = order.get(selected);
  const next = forward ? matches.find((i) => order.get(i) > here) : matches.findLast((i) => order.get(i) < here);
  select(next ?? matches.at(forward ? 0 : -1));
}

query.addEventListener("input", search);
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter") step(!event.shiftKey);
  else if (event.key === "Escape") {
    query.value = "";
    search();
    treePane.focus();
  } else return;
  event.preventDefault();
});
document.getElementById("on").addEventListener("click", () => step(true));
document.getElementById("back").addEventListener("click", () => step(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === query || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  query.focus();
  query.select();
});

