// Effects with their intervals, and the places of published numbers in ours.

const CLOSE = 1; // percentage points each way, in the close-up
const EDGE = 6; // half prediction intervals; what lies beyond is an arrow

// Rows have label, mean, low, high, perhaps published. `limit`: show so much each way, or null.
function drawEffects({ axis, rows }, width, limit = null) {
  const ends = rows.flatMap((row) => [row.low, row.high, row.mean, row.published ?? null]);
  const domain = limit ? [-1.12 * limit, 1.12 * limit] : extent([...ends, 0]);
  const beyond = (value) => limit !== null && Math.abs(value) > limit;
  const before = (canvas, x, box) => canvas.append(svg("line", { x1: x(0), x2: x(0), y1: box.top, y2: box.bottom, class: "zero" }));
  const draw = (group, row, y, x, box) => {
    if (row.mean === null) return void group.append(svg("text", { x: x(0) + 8, y: y + 4 }, "no pair of runs"));
    if (beyond(row.mean)) {
      const side = Math.sign(row.mean);
      const edge = side > 0 ? box.right : box.left;
      const anchor = side > 0 ? "end" : "start";
      group.append(arrow(edge, y, side, "effect dot"));
      group.append(svg("text", { x: edge - 12 * side, y: y + 4, "text-anchor": anchor, class: "effect-text" }, signed(row.mean)));
    } else {
      const clip = (value) => Math.max(box.left, Math.min(box.right, x(value)));
      if (row.low !== null) group.append(svg("line", { x1: clip(row.low), x2: clip(row.high), y1: y, y2: y, class: "effect interval" }));
      group.append(svg("circle", { cx: x(row.mean), cy: y, r: 4.5, class: "effect dot" }));
    }
    const { published } = row;
    if (published !== null && published !== undefined && !beyond(published)) group.append(diamond(x(published), y + 8, 4.5));
    group.append(svg("title", {}, row.words));
  };
  const canvas = drawRows({ rows, domain, axis, draw, before }, width);
  canvas.setAttribute("aria-label", `${axis}: ${rows.map((row) => `${row.label} ${row.words}`).join("; ")}`);
  return canvas;
}

function signed(number) {
  return (number > 0 ? "+" : "−") + Math.abs(number).toFixed(1);
}

// Whether effects differ so much that a close-up shows more.
function needsCloseUp(rows) {
  const sizes = rows.filter((row) => row.low !== null).map((row) => Math.max(Math.abs(row.low), Math.abs(row.high)));
  return sizes.length > 1 && Math.max(...sizes) > 10 * Math.min(...sizes) && Math.min(...sizes) < CLOSE;
}

// Where published numbers lie, as described and under a reading, in half prediction intervals.
function drawReadings({ rows, reading }, width) {
  const clip = (value) => Math.max(-EDGE, Math.min(EDGE, value));
  const before = (canvas, x, box) => {
    canvas.append(svg("rect", { x: x(-1), y: box.top, width: x(1) - x(-1), height: box.bottom - box.top, class: "band effect" }));
    canvas.append(svg("line", { x1: x(0), x2: x(0), y1: box.top, y2: box.bottom, class: "effect line" }));
  };
  const draw = (group, row, y, x) => {
    if (row.described === null || row.read === null) return;
    const [from, to] = [x(clip(row.described)), x(clip(row.read))];
    group.append(svg("line", { x1: from, x2: to, y1: y, y2: y, class: "moved" }));
    for (const [value, at, name] of [[row.described, from, "published hollow"], [row.read, to, "published"]]) {
      group.append(Math.abs(value) > EDGE ? arrow(at, y, Math.sign(value), name) : diamond(at, y, 5, name));
    }
    group.append(svg("title", {}, `${row.label}: ${row.described} half intervals from our mean; with ${reading} ${row.read}`));
  };
  const axis = width < ROW.narrow ? "published − our mean (half intervals)" : "published − our mean (half prediction intervals)";
  const canvas = drawRows({ rows, domain: [-EDGE - 0.5, EDGE + 0.5], axis, draw, before }, width);
  canvas.setAttribute("aria-label", `Published numbers beside our prediction intervals, with ${reading} and without`);
  return canvas;
}
