// Rows on one axis, each with its label: strips of runs, effects, places of published numbers.

const ROW = { high: 34, low: 50, narrow: 560 };

// How tall a figure of so many rows is, at some width.
function rowsHeight(count, width, head = 8) {
  return head + count * (width < ROW.narrow ? ROW.low : ROW.high) + 46;
}

// `draw(group, row, y, x)` draws a row around the height y.
function drawRows({ rows, domain, axis, head = 8, draw, before }, width) {
  const narrow = width < ROW.narrow;
  const tall = narrow ? ROW.low : ROW.high;
  const left = narrow ? 10 : Math.min(260, Math.round(0.36 * width));
  const box = { left, right: width - 14, top: head, bottom: head + rows.length * tall };
  const canvas = canvasOf(width, rowsHeight(rows.length, width, head));
  const x = linear(domain, [box.left, box.right]);
  canvas.append(horizontalAxis(x, [box.left, box.right], [box.top, box.bottom], axis));
  before?.(canvas, x, box);
  rows.forEach((row, i) => {
    const y = box.top + (i + (narrow ? 0.7 : 0.5)) * tall;
    const place = narrow ? { x: box.left, y: y - 15 } : { x: box.left - 12, y: y + 4, "text-anchor": "end" };
    const label = svg("text", { ...place, class: "row-label" }, fitted(row.label, narrow ? width - 20 : left - 16));
    label.append(svg("title", {}, row.label));
    const group = svg("g", {}, label);
    draw(group, row, y, x, box);
    canvas.append(group);
  });
  return canvas;
}

// A label cut to the pixels there are; the whole of it is its tooltip.
function fitted(text, pixels) {
  const most = Math.floor(pixels / 6.4);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

// Our runs as points, the interval that was judged by, and the published mark.
function drawStrip(strip, width) {
  const numbers = strip.rows.flatMap((row) => [...row.values.map(([, value]) => value), row.low, row.high]);
  const before = (canvas, x, box) => {
    if (strip.mark === null) return;
    const at = x(strip.mark);
    canvas.append(svg("line", { x1: at, x2: at, y1: box.top - 6, y2: box.bottom, class: "published" }));
    const text = strip.statement ? `must exceed ${strip.mark}` : `published ${strip.mark}`;
    const anchor = at > (box.left + box.right) / 2 ? "end" : "start";
    const aside = anchor === "end" ? -9 : 9;
    if (!strip.statement) canvas.append(diamond(at, box.top - 10));
    canvas.append(svg("text", { x: at + aside, y: box.top - 6, "text-anchor": anchor, class: "published-text" }, text));
  };
  const draw = (group, row, y, x) => {
    if (row.low !== null) group.append(svg("rect", { x: x(row.low), y: y - 9, width: Math.max(2, x(row.high) - x(row.low)), height: 18, class: "band effect" }));
    if (row.mean !== null) group.append(svg("line", { x1: x(row.mean), x2: x(row.mean), y1: y - 9, y2: y + 9, class: "effect line" }));
    for (const [seed, value] of row.values) {
      const dot = svg("circle", { cx: x(value), cy: y, r: 4, class: "effect dot" });
      dot.append(svg("title", {}, `seed ${seed}: ${value}`));
      group.append(dot);
    }
  };
  const domain = extent([...numbers, strip.mark], 0.08);
  const canvas = drawRows({ rows: strip.rows, domain, axis: strip.axis, head: 30, draw, before }, width);
  canvas.setAttribute("aria-label", `Our runs on the axis ${strip.axis}, published ${strip.mark}`);
  return canvas;
}

function drawRuns(plot, width) {
  const domain = extent(plot.rows.flatMap((row) => row.values.map(([, value]) => value)));
  const draw = (group, row, y, x) => {
    for (const [seed, value] of row.values) {
      const dot = svg("circle", { cx: x(value), cy: y, r: 4.5, class: "effect dot" });
      dot.append(svg("title", {}, `${row.label}, seed ${seed}: ${value}`));
      group.append(dot);
    }
  };
  const canvas = drawRows({ ...plot, domain, draw }, width);
  canvas.setAttribute("aria-label", `${plot.axis} of each run: ${plot.rows.map((row) => row.label).join(", ")}`);
  return canvas;
}
