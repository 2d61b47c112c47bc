// The search as a map: one field across, another or the score upward, colour the score.

const SHADES = 5;

function drawMap(search, width, height) {
  const { points, baseline } = search;
  const canvas = canvasOf(width, height);
  canvas.setAttribute("aria-label", `${search.objective} over ${search.names.join(" and ")}`);
  const box = { left: 46, right: width - 12, top: 26, bottom: height - 42 };
  const [across, upward] = [[box.left, box.right], [box.top, box.bottom]];
  const all = baseline ? [...points, baseline] : points;
  const [first, second] = search.axes;
  const scale = (axis, values, range) => {
    return axis?.log ? doubling(values, range) : linear(extent(values, 0.08), range);
  };
  const x = scale(first, all.map((point) => point.x), across);
  const y = scale(second, all.map((point) => point.y), [box.bottom, box.top]);
  canvas.append(horizontalAxis(x, across, upward, first.label));
  canvas.append(verticalAxis(y, across, upward, second?.label ?? search.axis));
  const cuts = shades(points);
  for (const point of points) {
    const shade = cuts.filter((cut) => point.value >= cut).length;
    const [name, other] = search.names;
    const about = `${name} ${point.x}${other ? `, ${other} ${point.y}` : ""}: ${point.words}`;
    canvas.append(titled(circle(x(point.x), y(point.y), 8, `shade-${shade}`), about));
  }
  const [best] = points;
  canvas.append(circle(x(best.x), y(best.y), 12, "ring best"));
  if (baseline) canvas.append(titled(diamond(x(baseline.x), y(baseline.y), 7), "baseline"));
  return canvas;
}

// A scale on which each doubling is as long as any other, with the powers of two as its ticks.
function doubling(values, range) {
  const ends = [Math.log2(Math.min(...values)) - 0.2, Math.log2(Math.max(...values)) + 0.2];
  const inner = linear(ends, range);
  const scale = (value) => inner(Math.log2(value));
  scale.ticks = () => {
    const powers = [];
    for (let power = Math.ceil(ends[0]); power <= ends[1]; power++) powers.push(2 ** power);
    return powers.map((value) => [value, String(value)]);
  };
  return scale;
}

// Where one shade ends and the next begins: as many points in each.
function shades(points) {
  const values = points.map((point) => point.value).sort((a, b) => a - b);
  const cut = (i) => values[Math.floor(((i + 1) * values.length) / SHADES)];
  return Array.from({ length: SHADES - 1 }, (_, i) => cut(i));
}

function mapLegend({ points, baseline }) {
  const values = points.map((point) => point.value);
  const cuts = [Math.min(...values), ...shades(points), Math.max(...values)];
  const steps = cuts.slice(1).map((end, i) => {
    return [`shade-${i}`, "dot", `${cuts[i].toFixed(2)} to ${end.toFixed(2)}`];
  });
  const marks = [["ring best", "dot", "best"], ["published", "diamond", "baseline"]];
  return legend([...steps, ...marks.slice(0, baseline ? 2 : 1)]);
}
