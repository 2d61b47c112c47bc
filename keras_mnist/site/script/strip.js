// Rows on one axis, each with its label: strips of runs, effects, places of published numbers.

const ROW = { high: 34, low: 50, narrow: 560 };

// How tall a figure of so many rows is, at some width.
function rowsHeight(count, width, head = 8) {
  return head + count * (width < ROW.narrow ? ROW.low : ROW.high) + 46;
}

// `draw(group, row, y, x, box)` draws a row around the height y, `before` what lies behind all.
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
    const text = fitted(row.label, narrow ? width - 20 : left - 16);
    const label = narrow
      ? written(box.left, y - 15, text, { class: "row-label" })
      : written(box.left - 12, y + 4, text, { class: "row-label", "text-anchor": "end" });
    const group = svg("g", {}, titled(label, row.label));
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

// A row's runs as points, each with its seed.
function dots({ label, values }, y, x, radius) {
  return values.map(([seed, value]) =>
    titled(circle(x(value), y, radius, "effect dot"), `${label}, seed ${seed}: ${value}`));
}

// Our runs as points, the interval that was judged by, and the published mark.
function drawStrip({ rows, mark, statement, axis }, width) {
  const before = (canvas, x, box) => {
    if (mark === null) return;
    const at = x(mark);
    const side = at > (box.left + box.right) / 2 ? -1 : 1;
    const text = statement ? `must exceed ${mark}` : `published ${mark}`;
    const anchor = side < 0 ? "end" : "start";
    canvas.append(segment(at, box.top - 6, at, box.bottom, "published"));
    if (!statement) canvas.append(diamond(at, box.top - 10));
    const place = { class: "published-text", "text-anchor": anchor };
    canvas.append(written(at + 9 * side, box.top - 6, text, place));
  };
  const draw = (group, row, y, x) => {
    const { low, high, mean } = row;
    if (low !== null) {
      const span = { x: x(low), width: Math.max(2, x(high) - x(low)) };
      group.append(svg("rect", { ...span, y: y - 9, height: 18, class: "band effect" }));
    }
    if (mean !== null) group.append(segment(x(mean), y - 9, x(mean), y + 9, "effect line"));
    group.append(...dots(row, y, x, 4));
  };
  const numbers = rows.flatMap(({ values, low, high }) => [...values.map((v) => v[1]), low, high]);
  const domain = extent([...numbers, mark], 0.08);
  const canvas = drawRows({ rows, domain, axis, head: 30, draw, before }, width);
  canvas.setAttribute("aria-label", `Our runs on the axis ${axis}, published ${mark}`);
  return canvas;
}

// Runs alone, a row an experiment.
function drawRuns({ rows, axis }, width) {
  const domain = extent(rows.flatMap((row) => row.values.map(([, value]) => value)));
  const draw = (group, row, y, x) => group.append(...dots(row, y, x, 4.5));
  const canvas = drawRows({ rows, axis, domain, draw }, width);
  const named = rows.map((row) => row.label).join(", ");
  canvas.setAttribute("aria-label", `${axis} of each run: ${named}`);
  return canvas;
}
