// The search as a map: width across (each doubling alike), dropout upward, colour the score.

const SHADES = 5;

function drawMap(search, width, height) {
  const { points, baseline } = search;
  const canvas = canvasOf(width, height);
  canvas.setAttribute("aria-label", `${search.objective} over ${search.x} and dropout`);
  const box = { left: 46, right: width - 12, top: 26, bottom: height - 42 };
  const [across, upward] = [[box.left, box.right], [box.top, box.bottom]];
  const x = doubling([...points.map((point) => point.x), baseline.x], across);
  const heights = [...points.map((point) => point.y), baseline.y];
  const y = linear(extent(heights, 0.08), [box.bottom, box.top]);
  canvas.append(horizontalAxis(x, across, upward, `${search.x} (units)`));
  canvas.append(verticalAxis(y, across, upward, "dropout (share)"));
  const cuts = shades(points);
  for (const point of points) {
    const shade = cuts.filter((cut) => point.value >= cut).length;
    const about = `${search.x} ${point.x}, dropout ${point.y}: ${point.words}`;
    canvas.append(titled(circle(x(point.x), y(point.y), 8, `shade-${shade}`), about));
  }
  const [best] = points;
  canvas.append(circle(x(best.x), y(best.y), 12, "ring best"));
  canvas.append(titled(diamond(x(baseline.x), y(baseline.y), 7), "baseline"));
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

function mapLegend({ points }) {
  const values = points.map((point) => point.value);
  const cuts = [Math.min(...values), ...shades(points), Math.max(...values)];
  const steps = cuts.slice(1).map((end, i) => {
    return [`shade-${i}`, "dot", `${cuts[i].toFixed(2)} to ${end.toFixed(2)}`];
  });
  return legend([...steps, ["ring best", "dot", "best"], ["published", "diamond", "baseline"]]);
}
