// Ablations: a study's forest plot, its table, and any two of its experiments beside each other.

function startStudies() {
  all("[data-studies]").forEach((place) => startStudy(place, data[place.dataset.studies]));
}

function startStudy(place, studies) {
  if (!studies.length) return;
  const part = (name) => one(`[data-part="${name}"]`, place);
  const state = { study: studies[0] };
  const metric = () => state.study.metrics.find((m) => m.name === part("metric").value);

  function options(select, entries, chosen) {
    select.replaceChildren(...entries.map(([value, text]) =>
      html("option", { value, selected: value === chosen }, text)));
    select.disabled = entries.length < 2;
  }

  function chooseStudy() {
    state.study = studies[part("study").value];
    options(part("metric"), state.study.metrics.map((m) => [m.name, m.label]), "test_accuracy");
    const names = state.study.variants.map((variant, i) => [i, variant.name]);
    options(part("first"), names, 1);
    options(part("second"), names, 0);
    part("baseline").textContent = state.study.more
      ? `Baseline: ${state.study.baseline}. ${state.study.more} further experiments are not shown.`
      : `Baseline: ${state.study.baseline}.`;
    chooseMetric();
  }

  function chooseMetric() {
    const rows = rowsOf(state.study, metric());
    const accuracy = metric().name === "test_accuracy"; // the close-up is in percentage points
    part("scale").value = accuracy && needsCloseUp(rows) ? "close" : "whole";
    part("scale-choice").hidden = !accuracy;
    drawForest();
    compare();
  }

  function drawForest() {
    const rows = rowsOf(state.study, metric());
    const limit = part("scale").value === "close" ? CLOSE : null;
    const entries = [["effect dot", "dot", "ours, interval allows for all"]];
    if (rows.some((row) => row.published !== null)) {
      entries.push(["published", "diamond", "published, variant − baseline"]);
    }
    const plot = { axis: metric().axis, rows };
    part("forest").redraw((width) => [legend(entries), drawEffects(plot, width, limit)]);
    part("table").replaceChildren(...rows.map(({ label, n, words, p }) => {
      const cells = [n, words, p].map((text) => html("td", {}, String(text)));
      return html("tr", {}, html("th", { scope: "row" }, label), ...cells);
    }));
  }

  function compare() {
    const [first, second] = ["first", "second"].map((name) => Number(part(name).value));
    const [earlier, later] = [Math.min(first, second), Math.max(first, second)];
    const [base, variant] = [state.study.variants[earlier], state.study.variants[later]];
    const same = earlier === later;
    const about = `${variant.name} against ${base.name}, ${metric().label}, paired by seed`;
    const words = same ? "" : metric().pairs[later][earlier];
    part("told").textContent = same ? "Choose two different experiments." : `${about}: ${words} (allows for all pairs).`;
    for (const quantity of ["accuracy", "loss"]) {
      const plot = pairPlot(quantity, same ? [base] : [base, variant]);
      part(quantity).redraw((width) => curvesFigure(plot, width, 260, same ? null : base.name));
    }
  }

  for (const name of ["forest", "accuracy", "loss"]) mount(part(name), () => []);
  options(part("study"), studies.map((study, i) => [i, study.title]), 0);
  part("study").addEventListener("change", chooseStudy);
  part("metric").addEventListener("change", chooseMetric);
  part("scale").addEventListener("change", drawForest);
  for (const name of ["first", "second"]) part(name).addEventListener("change", compare);
  chooseStudy();
}

function rowsOf(study, metric) {
  return metric.effects.map((effect, i) => ({ ...effect, label: study.variants[i + 1].name }));
}

function pairPlot(quantity, variants) {
  const series = variants.flatMap(({ name, key }) => {
    const curves = data.experiments[key].curves;
    const held = `val_${quantity}` in curves ? "val" : "test";
    return [`${held}_${quantity}`, `train_${quantity}`].map((metric) => ({ name, key, metric }));
  });
  return { quantity, series, marks: [] };
}
