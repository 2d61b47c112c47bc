// Effects with their intervals, and the places of published numbers in ours.

const CLOSE = 1; // percentage points each way, in the close-up
const EDGE = 6; // half prediction intervals; what lies beyond is an arrow

// Rows have label, mean, low, high, perhaps published. `limit`: show so much each way, or null.
function drawEffects({ axis, rows }, width, limit = null) {
  const ends = rows.flatMap((row) => [row.low, row.high, row.mean, row.published ?? null]);
  const domain = limit ? [-1.12 * limit, 1.12 * limit] : extent([...ends, 0]);
  const before = (canvas, x, { top, bottom }) => canvas.append(segment(x(0), top, x(0), bottom, "zero"));
  const draw = (group, row, y, x, box) => drawEffect(group, row, y, x, box, limit ?? Infinity);
  const canvas = drawRows({ rows, domain, axis, draw, before }, width);
  const told = rows.map((row) => `${row.label} ${row.words}`).join("; ");
  canvas.setAttribute("aria-label", `${axis}: ${told}`);
  return canvas;
}

function drawEffect(group, { mean, low, high, published = null, words }, y, x, box, limit) {
  if (mean === null) {
    group.append(written(x(0) + 8, y + 4, "no pair of runs"));
  } else if (Math.abs(mean) > limit) {
    const side = Math.sign(mean);
    const edge = side > 0 ? box.right : box.left;
    const place = { class: "effect-text", "text-anchor": side > 0 ? "end" : "start" };
    group.append(arrow(edge, y, side, "effect dot"));
    group.append(written(edge - 12 * side, y + 4, signed(mean), place));
  } else {
    const clip = (value) => Math.max(box.left, Math.min(box.right, x(value)));
    if (low !== null) group.append(segment(clip(low), y, clip(high), y, "effect interval"));
    group.append(circle(x(mean), y, 4.5, "effect dot"));
  }
  if (published !== null && Math.abs(published) <= limit) {
    group.append(diamond(x(published), y + 8, 4.5));
  }
  titled(group, words);
}

function signed(number) {
  return (number > 0 ? "+" : "−") + Math.abs(number).toFixed(1);
}

// Whether effects differ so much that a close-up shows more.
function needsCloseUp(rows) {
  const known = rows.filter((row) => row.low !== null);
  const sizes = known.map(({ low, high }) => Math.max(Math.abs(low), Math.abs(high)));
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return sizes.length > 1 && most > 10 * least && least < CLOSE;
}

// Where published numbers lie, as described and under a reading, in half prediction intervals.
function drawReadings({ rows, reading }, width) {
  const before = (canvas, x, { top, bottom }) => {
    const span = { x: x(-1), width: x(1) - x(-1) };
    canvas.append(svg("rect", { ...span, y: top, height: bottom - top, class: "band effect" }));
    canvas.append(segment(x(0), top, x(0), bottom, "effect line"));
  };
  const draw = (group, { label, described, read }, y, x) => {
    if (described === null || read === null) return;
    const place = (value) => x(Math.max(-EDGE, Math.min(EDGE, value)));
    group.append(segment(place(described), y, place(read), y, "moved"));
    for (const [value, name] of [[described, "published hollow"], [read, "published"]]) {
      const beyond = Math.abs(value) > EDGE;
      const at = place(value);
      group.append(beyond ? arrow(at, y, Math.sign(value), name) : diamond(at, y, 5, name));
    }
    titled(group, `${label}: ${described} half intervals from our mean; with ${reading} ${read}`);
  };
  const unit = width < ROW.narrow ? "half intervals" : "half prediction intervals";
  const domain = [-EDGE - 0.5, EDGE + 0.5];
  const axis = `published − our mean (${unit})`;
  const canvas = drawRows({ rows, domain, axis, draw, before }, width);
  const about = `Published numbers beside our prediction intervals, with ${reading} and without`;
  canvas.setAttribute("aria-label", about);
  return canvas;
}
