// The table of claims: search, filter, sort, open a row, copy what repeats it.

const AT_FIRST = 25; // rows; a button shows the rest

function startClaims() {
  const table = one("#claims-table");
  const rows = all("tbody tr", table);
  const names = ["search", "source", "verdict"];
  const controls = Object.fromEntries(names.map((name) => [name, one(`#claim-${name}`)]));
  const state = { all: false };

  function refresh() {
    const words = controls.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [source, verdict] = [controls.source.value, controls.verdict.value];
    let found = 0;
    for (const row of rows) {
      const suits =
        (!source || row.dataset.source === source) &&
        (!verdict || row.dataset.verdict === verdict || row.dataset.standing === verdict) &&
        words.every((word) => row.dataset.text.includes(word));
      found += suits;
      row.hidden = !suits;
      row.classList.toggle("later", suits && !state.all && found > AT_FIRST);
      row.opened?.classList.toggle("filtered", row.hidden || row.classList.contains("later"));
    }
    const of = found === rows.length ? "" : ` of ${rows.length}`;
    one("#claim-count").textContent = `${found}${of} claims`;
    const more = one("#claim-more");
    more.hidden = state.all || found <= AT_FIRST;
    more.textContent = `Show all ${found}`;
  }

  for (const control of Object.values(controls)) {
    for (const event of ["input", "change"]) control.addEventListener(event, refresh);
  }
  one("#claim-more").addEventListener("click", () => {
    state.all = true;
    refresh();
  });
  one("#claim-reset").addEventListener("click", () => {
    for (const control of Object.values(controls)) control.value = "";
    refresh();
  });
  sortable(table, rows, () => {
    for (const row of rows) if (row.opened) row.after(row.opened);
    refresh();
  });
  for (const row of rows) one("button", row).addEventListener("click", () => toggle(row));

  // A link to a claim, from the score cards or from elsewhere, shows and opens it.
  function follow() {
    if (!location.hash.startsWith("#claim/")) return;
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row) return;
    for (const control of Object.values(controls)) control.value = "";
    state.all = true;
    refresh();
    if (!row.opened) toggle(row);
    row.scrollIntoView({ block: "start" });
    one("button", row).focus({ preventScroll: true });
  }
  window.addEventListener("hashchange", follow);
  for (const link of all('a[href^="#claim/"]')) {
    // The same link again changes no hash.
    link.addEventListener("click", () => link.hash === location.hash && follow());
  }
  refresh();
  follow();
}

function toggle(row) {
  const button = one("button", row);
  if (row.opened) {
    row.opened.remove();
    row.opened = null;
  } else {
    row.opened = detail(row.dataset.id, row.cells.length);
    row.after(row.opened);
    row.opened.fill();
  }
  button.setAttribute("aria-expanded", String(Boolean(row.opened)));
}

function detail(id, columns) {
  const claim = data.claims[id];
  const strip = html("div", { class: "plot" });
  const curves = html("div", { class: "plot" });
  const figures = html("div", { class: "pair" });
  if (claim.strip) figures.append(figure("The published value on our runs", strip));
  if (claim.curves) figures.append(figure("The curves", curves));
  const command = html("p", {}, "The command that repeats it");
  const body = html("div", { class: "opened" }, facts(claim), figures, command);
  body.append(copyable(claim.command));
  for (const [name, key] of claim.experiments) {
    const text = JSON.stringify(data.experiments[key].experiment, null, 1);
    const summary = html("summary", {}, `The experiment “${name}” as JSON`);
    body.append(html("details", {}, summary, copyable(text)));
  }
  const cell = html("td", { colspan: columns, role: "cell" }, body);
  const row = html("tr", { class: "detail", role: "row" }, cell);
  row.fill = () => {
    const told = claim.strip && stripLegend(claim.strip);
    if (claim.strip) mount(strip, (width) => [told, drawStrip(claim.strip, width)]);
    if (claim.curves) mount(curves, (width) => curvesFigure(claim.curves, width));
  };
  return row;
}

function facts({ where, reason, interval, noise }) {
  const said = { "stands in": where, reason, interval, "test-set noise": noise };
  const known = Object.entries(said).filter(([, text]) => text && text !== "–");
  const items = known.flatMap(([name, text]) => [html("dt", {}, name), html("dd", {}, text)]);
  return html("dl", {}, ...items);
}

function stripLegend({ statement, mark, interval }) {
  if (statement) {
    return legend([["effect dot", "dot", "a pair of runs"], ["band effect", "band", interval]]);
  }
  const entries = [["effect dot", "dot", "a run of ours"], ["band effect", "band", interval]];
  return legend(mark === null ? entries : [...entries, ["published", "diamond", "published"]]);
}

function figure(caption, ...content) {
  return html("figure", {}, html("figcaption", {}, caption), ...content);
}

function copyable(text) {
  const code = html("code", {}, text);
  const said = html("span", { class: "said", role: "status" });
  const click = () => copied(text, code, said);
  const copy = html("button", { type: "button", class: "copy", click }, "Copy");
  return html("div", { class: "copyable" }, html("pre", { tabindex: 0 }, code), copy, said);
}

async function copied(text, code, said) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "copied";
  } catch {
    // No leave to write to the clipboard: select it, and let the older way, or the reader, do it.
    getSelection().selectAllChildren(code);
    said.textContent = document.execCommand("copy") ? "copied" : "selected: press Ctrl+C";
  }
}
