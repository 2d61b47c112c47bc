// The search as a map: width across (each doubling alike), dropout upward, colour the score.

const SHADES = 5;

function drawMap(search, width, height) {
  const { points, baseline } = search;
  const canvas = canvasOf(width, height);
  canvas.setAttribute("aria-label", `${search.objective} over ${search.x} and dropout`);
  const box = { left: 46, right: width - 12, top: 26, bottom: height - 42 };
  const [low, high] = [Math.min(...points.map((p) => p.x), baseline.x), Math.max(...points.map((p) => p.x), baseline.x)];
  const inner = linear([Math.log2(low) - 0.2, Math.log2(high) + 0.2], [box.left, box.right]);
  const x = (value) => inner(Math.log2(value));
  x.ticks = () => {
    const powers = [];
    for (let power = Math.ceil(Math.log2(low)); power <= Math.log2(high) + 1e-9; power++) powers.push([2 ** power, String(2 ** power)]);
    return powers;
  };
  const y = linear(extent([...points.map((p) => p.y), baseline.y], 0.08), [box.bottom, box.top]);
  canvas.append(
    horizontalAxis(x, [box.left, box.right], [box.top, box.bottom], `${search.x} (units)`),
    verticalAxis(y, [box.left, box.right], [box.top, box.bottom], "dropout (share)"),
  );
  const cuts = shades(points);
  for (const point of points) {
    const shade = cuts.filter((cut) => point.value >= cut).length;
    const dot = svg("circle", { cx: x(point.x), cy: y(point.y), r: 8, class: `shade-${shade}` });
    dot.append(svg("title", {}, `${search.x} ${point.x}, dropout ${point.y}: ${point.words}`));
    canvas.append(dot);
  }
  const [best] = points;
  canvas.append(svg("circle", { cx: x(best.x), cy: y(best.y), r: 12, class: "ring best" }));
  const { x: bx, y: by } = baseline;
  canvas.append(diamond(x(bx), y(by), 7));
  return canvas;
}

// Where one shade ends and the next begins: as many points in each.
function shades(points) {
  const values = points.map((point) => point.value).sort((a, b) => a - b);
  return Array.from({ length: SHADES - 1 }, (_, i) => values[Math.floor(((i + 1) * values.length) / SHADES)]);
}

function mapLegend(search) {
  const cuts = [Math.min(...search.points.map((p) => p.value)), ...shades(search.points), Math.max(...search.points.map((p) => p.value))];
  const steps = cuts.slice(1).map((end, i) => [`shade-${i}`, "dot", `${cuts[i].toFixed(2)} to ${end.toFixed(2)}`]);
  return legend([...steps, ["ring best", "dot", "best"], ["published", "diamond", "the blog's"]]);
}
