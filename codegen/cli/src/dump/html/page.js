// The page as a whole: what is selected, what is pointed at, the head of the page, and how it starts.

var selected = ROOT;
/** What the mouse is over; -1 for nothing. */
var pointed = -1;
/** The byte that was picked; -1 for none. */
var cursor = -1;

const tell = (text) => (document.getElementById("said").textContent = text);

/** Selects a node in the tree, among the bytes and in the details. `at` is the byte that led to it, if one did. */
function select(i, at = -1) {
  selected = i;
  cursor = at;
  reveal(i);
  tree.now();
  treePane.setAttribute("aria-activedescendant", `node-${i}`);
  bytes.show(rowAt(at >= 0 ? at : Math.min(nodes[i].a, Math.max(0, data.size - 1))));
  bytes.now();
  layDetails();
  count();
  tell(`${pathOf(i) || nameOf(i)} ${valueOf(i)}`);
  // Not at once: browsers refuse an address that changes with every press of a key.
  clearTimeout(addressing);
  addressing = setTimeout(address, 300);
}

let addressing;
/** Puts the path into the address, so that it can be kept and sent. */
function address() {
  const path = isMore(selected) ? "" : pathOf(selected);
  history.replaceState(null, "", path ? `#${encodeURIComponent(path)}` : location.pathname + location.search);
}

/** Shows both ways what the mouse is over. */
function point(i, at = -1) {
  if (i !== pointed) {
    pointed = i;
    for (const row of treePane.querySelectorAll(".node")) row.classList.toggle("pointed", Number(row.dataset.node) === i);
    markPointed();
  }
  const where = at >= 0 ? at : i >= 0 ? nodes[i].a : -1;
  const line = document.getElementById("pointed");
  line.replaceChildren();
  if (where < 0) return;
  line.append(made("code", "", hex(where)), " ");
  if (i < 0) line.append("outside of the value");
  else line.append(made("strong", "", pathOf(i) || nameOf(i)), " ", made("span", `value is-${nodes[i].k}`, valueOf(i)));
}

function layHead() {
  document.title = `${data.file} \u2013 vmspec dump`;
  document.getElementById("file").textContent = data.file;
  document.getElementById("about").textContent = `${data.format.title}, ${plural(data.size, "byte")}`;
  laySeen();
  const ruler = document.querySelector(".ruler");
  const columns = [...Array(WIDTH).keys()].map((n) => made("span", "byte", n.toString(16).padStart(2, "0")));
  const pairs = made("span", "pairs");
  pairs.append(...columns);
  ruler.append(made("span", "at", "".padStart(digits)), pairs, made("span", "letters", "text"));
}

/** What the tree was read from, and the way to the other one. */
function laySeen() {
  const line = document.getElementById("seen");
  if (data.seen === undefined) return;
  line.hidden = false;
  line.append(made("strong", "", data.seen));
  if (first.then?.refused !== undefined) {
    line.append(" ", made("span", "error", `The journal cannot be replayed, so there are no tables to show: ${first.then.refused}`));
  }
  if (replayed === undefined) return;
  const other = made("a", "", isReplayed ? first.seen : replayed.seen);
  other.href = isReplayed ? "?" : "?replayed";
  line.append(" ", other);
}

/** The error and the findings, each of which leads to its place. */
function layTroubles() {
  const box = document.getElementById("troubles");
  const count = data.troubles.filter((trouble) => !trouble.error).length + data.left_out;
  if (!data.troubles.length) return;
  box.hidden = false;
  box.open = data.troubles.length <= 5;
  box.classList.add(isRefused ? "error" : "finding");
  const told = [isRefused ? "The file is refused" : "", count ? plural(count, "finding") : ""].filter(Boolean);
  box.querySelector("summary").textContent = told.join("; ");
  const lines = data.troubles.map((trouble) => {
    const button = made("button", "trouble");
    button.type = "button";
    button.append(made("code", "", trouble.offset === null ? "" : hex(trouble.offset)), " ", made("strong", "", trouble.path), " ", prose("span", "", trouble.text));
    button.disabled = trouble.node === null;
    button.addEventListener("click", () => {
      select(trouble.node, trouble.offset !== null && covers(trouble.node, trouble.offset) ? trouble.offset : -1);
      treePane.focus();
    });
    const line = made("li", trouble.error ? "error" : "finding");
    line.append(button);
    return line;
  });
  if (data.left_out) lines.push(made("li", "finding", `and ${plural(data.left_out, "finding")} more`));
  box.querySelector("ol").append(...lines);
}

const theme = document.getElementById("theme");
const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
function layTheme() {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.title = `Switch to ${theme.textContent.toLowerCase()} colours`;
}
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  layTheme();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", layTheme);

/** The node that the address names, else what is wrong, else the first. */
function firstSelected() {
  let wanted = "";
  try {
    wanted = decodeURIComponent(location.hash.slice(1));
  } catch {
    // Not an address of this page's making.
  }
  const named = wanted ? nodes.findIndex((_, i) => !isMore(i) && pathOf(i) === wanted) : -1;
  return named >= 0 ? named : (data.troubles.find((trouble) => trouble.error)?.node ?? ROOT);
}

layHead();
layTroubles();
layTheme();
openFirst(40);
layTree();
select(firstSelected());
window.addEventListener("hashchange", () => select(firstSelected()));
treePane.focus({ preventScroll: true });
