// All that is known of the selected node.

const detailsPane = document.getElementById("details");

function layDetails() {
  const node = nodes[selected];
  const kind = kindOf(selected);
  const parts = [heading()];
  parts.push(...(node.troubles ?? []).map(troubleLine));
  parts.push(facts(node, kind));
  if (node.l) parts.push(...node.l.map((line) => prose("p", "line", line)));
  if (node.t !== undefined) parts.push(made("pre", "text", node.t));
  if (!isMore(selected)) {
    if (kind.rules) parts.push(rules(kind.rules));
    if (kind.choice !== undefined) parts.push(choice(data.choices[kind.choice], node));
  }
  detailsPane.replaceChildren(...parts);
  detailsPane.scrollTop = 0;
}

function heading() {
  const line = made("div", "heading");
  const path = pathOf(selected);
  line.append(made("h2", path ? "path" : "path whole", path || "the value as a whole"));
  if (path) {
    const button = made("button", "copy", "Copy path");
    button.type = "button";
    button.addEventListener("click", () => copy(path));
    line.append(button);
  }
  return line;
}

function facts(node, kind) {
  const list = made("dl");
  const add = (name, ...content) => {
    const cell = made("dd");
    cell.append(...content.filter((part) => part !== "").map((part) => (typeof part === "string" ? made("span", "", part) : part)));
    if (cell.childNodes.length) list.append(made("dt", "", name), cell);
  };
  // A struct's gist is for the tree; here it is open anyway.
  const value = node.k === "record" ? "" : valueOf(selected);
  if (node.t === undefined) add(isMore(selected) ? "left out" : "value", value && made("span", `value is-${node.k}`, value));
  if (!isMore(selected)) add("type", made("code", "", kind.written + bitRange(kind)));
  const round = node.w ? ` and ${hex(node.w[0])} to ${hex(node.w[0] + node.w[1] - 1)}` : "";
  const range = `${hex(node.a)} to ${hex(endOf(selected) - 1)}${round}`;
  add("bytes", node.n ? `${range}, ${plural(node.n, "byte")}` : `none, at ${hex(node.a)}`);
  if (isMore(selected)) return list;
  add("about", ...[kind.doc, kind.type_doc].filter(Boolean).map((text) => prose("p", "doc", text)));
  add("notes", (kind.notes ?? []).join("; "));
  if (selected === ROOT && data.format.doc) add("format", prose("p", "doc", data.format.doc));
  add("spec", kind.site ? made("code", "", kind.site) : "");
  add("see", ...(kind.refs ?? []).map((ref) => made("p", "ref", ref)));
  return list;
}

function bitRange(kind) {
  if (!kind.bits) return "";
  const [low, width] = kind.bits;
  return width === 1 ? `, bit ${low}` : `, bits ${low} to ${low + width - 1}`;
}

function troubleLine(trouble) {
  const line = made("p", trouble.error ? "trouble error" : "trouble finding");
  line.append(made("strong", "", trouble.error ? "error" : "finding"), " ", prose("span", "", trouble.text));
  if (trouble.site) line.append(" ", made("code", "site", trouble.site));
  return line;
}

function rules(all) {
  const box = made("section", "rules");
  box.append(made("h3", "", "Rules"));
  const list = made("ul");
  for (const rule of all) {
    const line = made("li");
    const formula = rule.expected.match(/^`(.*)`$/s)?.[1];
    const verb = `${rule.hard ? "must" : "should"} ${formula === undefined ? "be" : "hold"}`;
    line.append(made("span", "verb", verb), " ", formula === undefined ? rule.expected : made("code", "", formula));
    if (rule.say) line.append(made("q", "say", rule.say));
    line.append(made("span", "class", rule.class), made("code", "site", rule.site));
    list.append(line);
  }
  box.append(list);
  return box;
}

/** The values that an enum or flags can have, with those marked that are there. */
function choice(of, node) {
  const box = made("section", "choice");
  box.append(made("h3", "", of.flags ? "Flags" : "Values"));
  if (of.doc) box.append(prose("p", "doc", of.doc));
  const table = made("table");
  const bits = of.flags ? BigInt(node.r ?? 0) : 0n;
  of.values.forEach((value, index) => {
    const set = of.flags ? ((bits >> BigInt(value.key)) & 1n) === 1n : node.r === String(index);
    const row = made("tr", set ? "set" : "");
    const key = of.flags ? `bit ${value.key}` : value.key;
    row.append(made("td", "mark", set ? "\u2713" : ""), made("td", "key", key), made("td", "name", value.name), prose("td", "doc", value.doc ?? ""));
    table.append(row);
  });
  box.append(table);
  return box;
}

/** Puts a text on the clipboard, the old way where the new one is not there for local files. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = made("textarea", "unseen", text);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    treePane.focus();
  }
  tell(`copied ${text}`);
  const button = detailsPane.querySelector(".copy");
  if (!button) return;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy path"), 1500);
}

