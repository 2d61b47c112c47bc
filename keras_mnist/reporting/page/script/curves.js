// Metrics by epoch: the mean over seeds, a band of one standard deviation, published values.

const UNITS = { accuracy: "accuracy (%)", loss: "loss (nats)" };
const SPLITS = { train: "training", val: "validation", test: "test" };

function curvesLegend(plot, colours) {
  const entries = [];
  const splits = new Set(plot.series.map((series) => series.metric.split("_")[0]));
  for (const [name, colour] of colours) entries.push([`swatch ${colour}`, "line", name]);
  if (splits.size > 1) {
    entries.push(["swatch ink", "dashed", "training"]);
    for (const split of splits) if (split !== "train") entries.push(["swatch ink", "line", SPLITS[split]]);
  }
  if (plot.marks.length) entries.push(["published", "diamond", "published"]);
  entries.push(["band effect", "band", "± 1 sd over seeds"]);
  return legend(entries);
}

// The colours of experiments: the first is ours; where two are compared, the baseline is grey.
function coloursOf(plot, baseline) {
  const names = [...new Set(plot.series.map((series) => series.name))];
  const rest = ["third", "fourth", "base"];
  return new Map(names.map((name, i) => [name, name === baseline ? "base" : i === 0 || (baseline && i === 1) ? "effect" : rest[(i - 1) % 3]]));
}

function drawCurves(plot, experiments, width, height, baseline = null) {
  const canvas = canvasOf(width, height);
  const colours = coloursOf(plot, baseline);
  const known = plot.series
    .map((series) => ({ ...series, curve: experiments[series.key]?.curves[series.metric] }))
    .filter((series) => series.curve);
  if (!known.length) {
    const some = plot.series.some((series) => experiments[series.key]?.n);
    const text = some ? "No room for these curves on a page of so many experiments." : "No runs yet.";
    canvas.append(svg("text", { x: width / 2, y: height / 2, "text-anchor": "middle" }, text));
    return { canvas, colours };
  }
  const box = { left: 52, right: width - 10, top: 26, bottom: height - 42 };
  const epochs = Math.max(...known.map((series) => series.curve.mean.length), ...plot.marks.map((mark) => mark.epoch));
  const x = linear([epochs > 1 ? 1 : 0.5, epochs > 1 ? epochs : 1.5], [box.left + 6, box.right - 6]);
  const y = valueScale(plot, known, [box.bottom, box.top]);
  canvas.append(
    horizontalAxis(x, [box.left, box.right], [box.top, box.bottom], "epoch", Math.min(epochs - 1 || 1, 8)),
    verticalAxis(y, [box.left, box.right], [box.top, box.bottom], UNITS[plot.quantity]),
  );
  const split = new Set(known.map((series) => series.metric.split("_")[0])).size > 1;
  for (const series of known) canvas.append(curve(series, x, clampedTo(y, box), colours.get(series.name), split));
  for (const mark of plot.marks) {
    const place = diamond(x(mark.epoch), y(mark.value), 4.5);
    place.append(svg("title", {}, `published, ${mark.name}, ${mark.metric.replace("_", " ")}, epoch ${mark.epoch}: ${mark.value}`));
    canvas.append(place);
  }
  canvas.setAttribute("aria-label", `${UNITS[plot.quantity]} by epoch: ${[...colours.keys()].join(", ")}`);
  return { canvas, colours };
}

// What a band has beyond the axes is not drawn.
function clampedTo(y, { top, bottom }) {
  return (value) => Math.max(top, Math.min(bottom, y(value)));
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
  const floor = Math.min(...means.filter((value) => value > 0), ...marks) / 2;
  const low = Math.max(Math.min(...positive), floor);
  return logarithmic([low * 0.94, Math.max(...positive) * 1.06], range);
}

function curve({ curve: { mean, sd }, metric, name }, x, y, colour, split) {
  const group = svg("g", { class: colour });
  const epochs = mean.map((_, i) => i + 1).filter((epoch) => mean[epoch - 1] !== null);
  const at = (epoch, value) => `${x(epoch).toFixed(1)} ${y(value).toFixed(1)}`;
  const upper = epochs.map((e) => at(e, mean[e - 1] + (sd[e - 1] ?? 0)));
  const lower = epochs.map((e) => at(e, mean[e - 1] - (sd[e - 1] ?? 0))).reverse();
  if (sd[0] !== null) group.append(svg("path", { d: `M${[...upper, ...lower].join("L")}Z`, class: "band" }));
  const line = svg("path", { d: `M${epochs.map((e) => at(e, mean[e - 1])).join("L")}`, class: "line" });
  if (split && metric.startsWith("train_")) line.setAttribute("stroke-dasharray", "5 3");
  line.append(svg("title", {}, `${name}, ${metric.replace("_", " ")}`));
  group.append(line);
  if (epochs.length === 1) group.append(svg("circle", { cx: x(1), cy: y(mean[0]), r: 4, class: "dot" }));
  return group;
}
