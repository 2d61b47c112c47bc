// Rows on one axis, each with its label: strips of runs, effects, places of published numbers.

const ROW = { high: 34, low: 50, narrow: 560 };
const [LABEL, LINE] = [13, 15]; // pixels: of a label's letters, of its lines

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
    const label = narrow
      ? rowLabel(fitted(row.label, width - 20, 1), box.left, y - 15, "start")
      : rowLabel(fitted(row.label, left - 16, 2), box.left - 12, y + 4, "end");
    const group = svg("g", {}, titled(label, row.label));
    draw(group, row, y, x, box);
    canvas.append(group);
  });
  return canvas;
}

// A label's lines around a height.
function rowLabel(lines, x, y, anchor) {
  const first = y - (LINE * (lines.length - 1)) / 2;
  const spans = lines.map((line, i) => svg("tspan", { x, y: first + LINE * i }, line));
  return svg("text", { class: "row-label", "text-anchor": anchor }, ...spans);
}

// A label in so many lines, cut to the pixels there are; the whole of it is its tooltip.
function fitted(text, pixels, most) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    const begins = !lines.length || (lines.length < most && labelWidth(longer) > pixels);
    lines.splice(begins ? lines.length : -1, 1, begins ? word : longer);
  }
  return lines.map((line) => {
    let end = line.length;
    while (end > 1 && labelWidth(cut(line, end)) > pixels) end -= 1;
    return cut(line, end);
  });
}

function cut(line, end) {
  return end < line.length ? `${line.slice(0, end)}…` : line;
}

// As wide as the reader's fonts make it.
const ruler = document.createElement("canvas").getContext("2d");

function labelWidth(text) {
  ruler.font = `${LABEL}px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
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
