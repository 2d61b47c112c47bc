// Metrics by epoch: the mean over seeds, a band of one standard deviation, published values.

const UNITS = { accuracy: "accuracy (%)", loss: "loss (nats)" };
const SPLITS = { train: "training", val: "validation", test: "test" };
const COLOURS = ["effect", "third", "fourth", "base"];

function splitsOf(series) {
  return [...new Set(series.map(({ metric }) => metric.split("_")[0]))];
}

function curvesLegend(plot, colours) {
  const entries = [...colours].map(([name, colour]) => [`swatch ${colour}`, "line", name]);
  const splits = splitsOf(plot.series);
  if (splits.length > 1) {
    for (const split of splits.sort().reverse()) {
      entries.push(["swatch ink", split === "train" ? "dashed" : "line", SPLITS[split]]);
    }
  }
  if (plot.marks.length) entries.push(["published", "diamond", "published"]);
  return legend([...entries, ["band effect", "band", "± 1 sd over seeds"]]);
}

// By name of experiment: the first is ours; where two are compared, the baseline is grey.
function coloursOf(plot, baseline) {
  const names = [...new Set(plot.series.map((series) => series.name))];
  const rest = names.filter((name) => name !== baseline);
  const colour = (name) => (name === baseline ? "base" : COLOURS[rest.indexOf(name) % 4]);
  return new Map(names.map((name) => [name, colour(name)]));
}

function drawCurves(plot, experiments, width, height, baseline = null) {
  const canvas = canvasOf(width, height);
  const colours = coloursOf(plot, baseline);
  const known = plot.series
    .map((series) => ({ ...series, curve: experiments[series.key]?.curves[series.metric] }))
    .filter((series) => series.curve);
  const named = [...colours.keys()].join(", ");
  canvas.setAttribute("aria-label", `${UNITS[plot.quantity]} by epoch: ${named}`);
  if (!known.length) {
    const left = plot.series.some((series) => experiments[series.key]?.n);
    const why = left ? "Left out: too many values for one page." : "No runs yet.";
    canvas.append(written(width / 2, height / 2, why, { "text-anchor": "middle" }));
    return { canvas, colours };
  }
  const box = { left: 52, right: width - 10, top: 26, bottom: height - 42 };
  const lengths = known.map((series) => series.curve.mean.length);
  const epochs = Math.max(...lengths, ...plot.marks.map((mark) => mark.epoch));
  const span = epochs > 1 ? [1, epochs] : [0.5, 1.5];
  const x = linear(span, [box.left + 6, box.right - 6]);
  const y = valueScale(plot, known, [box.bottom, box.top]);
  const [across, upward] = [[box.left, box.right], [box.top, box.bottom]];
  canvas.append(horizontalAxis(x, across, upward, "epoch", Math.min(epochs - 1 || 1, 8)));
  canvas.append(verticalAxis(y, across, upward, UNITS[plot.quantity]));
  const dashed = splitsOf(known).length > 1;
  const clamped = (value) => Math.max(box.top, Math.min(box.bottom, y(value)));
  for (const series of known) {
    canvas.append(curve(series, x, clamped, colours.get(series.name), dashed));
  }
  for (const { epoch, value, name, metric } of plot.marks) {
    const about = `published, ${name}, ${metric.replace("_", " ")}, epoch ${epoch}: ${value}`;
    canvas.append(titled(diamond(x(epoch), y(value), 4.5), about));
  }
  return { canvas, colours };
}

function valueScale(plot, known, range) {
  const means = known.flatMap(({ curve }) => curve.mean).filter((mean) => mean !== null);
  const ends = known.flatMap(({ curve: { mean, sd } }) =>
    mean.flatMap((m, i) => (m === null ? [] : [m - (sd[i] ?? 0), m + (sd[i] ?? 0)])));
  const marks = plot.marks.map((mark) => mark.value);
  if (plot.quantity === "accuracy") {
    const [low, high] = extent([...ends, ...marks]);
    return linear([Math.max(0, low), Math.min(100, high)], range);
  }
  const positive = [...means, ...ends, ...marks].filter((value) => value > 0);
  // A band may reach below what any mean does; a logarithmic axis has no place for that.
  const floor = Math.min(...means.filter((value) => value > 0), ...marks) / 2;
  const low = Math.max(Math.min(...positive), floor);
  return logarithmic([low * 0.94, Math.max(...positive) * 1.06], range);
}

function curve({ curve: { mean, sd, n }, metric, name }, x, y, colour, dashed) {
  const epochs = mean.map((_, i) => i + 1).filter((epoch) => mean[epoch - 1] !== null);
  const path = (side) => epochs.map((epoch) => {
    const value = mean[epoch - 1] + side * (sd[epoch - 1] ?? 0);
    return `${x(epoch).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  const group = svg("g", { class: colour });
  if (sd[0] !== null) {
    const around = [...path(1), ...path(-1).reverse()].join("L");
    group.append(svg("path", { d: `M${around}Z`, class: "band" }));
  }
  const line = svg("path", { d: `M${path(0).join("L")}`, class: "line" });
  if (dashed && metric.startsWith("train_")) line.setAttribute("stroke-dasharray", "5 3");
  // Runs that patience ended count in no later epoch; each number lost is a tick on the line.
  const fewer = n ? `, of ${n[0]} runs at first, of ${n.at(-1)} in the last epoch` : "";
  group.append(titled(line, `${name}, ${metric.replace("_", " ")}${fewer}`));
  for (const epoch of epochs.filter((at) => n && n[at] < n[at - 1])) {
    const at = [x(epoch), y(mean[epoch - 1])];
    const tick = svg("path", { d: `M${at[0]} ${at[1] - 5}V${at[1] + 5}`, class: "line" });
    group.append(titled(tick, `${n[epoch - 1] - n[epoch]} ended after epoch ${epoch}`));
  }
  if (epochs.length === 1) group.append(circle(x(1), y(mean[0]), 4, "dot"));
  return group;
}
