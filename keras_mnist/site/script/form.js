// A drawing brought to MNIST's form, step for step as `keras_mnist.serving.images.form` does it on a
// picture whose paper is clean: ink is 0 to 255 on 0. All of it is taken for one digit.

const EXTENT = 20; // pixels of the digit's longer side
const SIDE = 28; // of the frame
const MIDDLE = 14; // where the centre of mass goes
const STROKE = 2.25; // pixels
const LEAST_CONTRAST = 16;
const [FAINT, STRONG, SPECK] = [0.25, 0.45, 0.03];
const SMALLEST = 1 / 50;
const WIDE = 1.75; // times its height; a digit is less wide
const AROUND = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy])); // and itself

// `picture`: {width, height, levels}; returns Uint8Array of 28 x 28, or null where no digit is.
function mnistForm(picture) {
  let ink = digitAlone(picture);
  if (!ink || ink.width > WIDE * ink.height) return null;
  if (Math.max(ink.width, ink.height) > EXTENT) ink = withUsualStrokes(ink);
  return centred(atFullBrightness(clipped(reduced(ink, EXTENT), Infinity)));
}

function digitAlone({ width, height, levels }) {
  const greatest = levels.reduce((a, b) => Math.max(a, b), 0);
  if (greatest < LEAST_CONTRAST) return null;
  const full = percentile(levels.filter((v) => v >= Math.max(LEAST_CONTRAST, greatest / 2)), 90);
  const { parts, count } = labelled(levels, width, height, FAINT * full);
  const [mass, strong] = [new Float64Array(count + 1), new Uint8Array(count + 1)];
  const boxes = Array.from({ length: count + 1 }, () => [Infinity, Infinity, -1, -1]);
  parts.forEach((part, i) => {
    if (!part) return;
    mass[part] += levels[i];
    if (levels[i] > STRONG * full) strong[part] = 1;
    spread(boxes[part], i % width, Math.floor(i / width));
  });
  mass.forEach((_, part) => (mass[part] *= strong[part]));
  const most = Math.max(...mass);
  const [left, top, right, bottom] = boxes[mass.indexOf(most)];
  const extent = Math.max(right - left, bottom - top) + 1;
  if (!most || extent < Math.max(3, SMALLEST * Math.max(width, height))) return null;
  const kept = (x, y) => mass[parts[y * width + x]] > SPECK * most;
  return cropped(levels, width, height, kept, full);
}

function spread(box, x, y) {
  [box[0], box[1]] = [Math.min(box[0], x), Math.min(box[1], y)];
  [box[2], box[3]] = [Math.max(box[2], x), Math.max(box[3], y)];
}

// The digit's box; the pixels next to what is kept belong to it, if they lie in the box.
function cropped(levels, width, height, kept, full) {
  const box = [Infinity, Infinity, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (kept(x, y)) spread(box, x, y);
  }
  const [left, top, right, bottom] = box;
  const ink = { width: right - left + 1, height: bottom - top + 1, levels: [] };
  const within = (x, y) => x >= left && x <= right && y >= top && y <= bottom && kept(x, y);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const near = AROUND.some(([dx, dy]) => within(x + dx, y + dy));
      const level = near ? Math.min(full, Math.max(0, levels[y * width + x])) : 0;
      ink.levels.push(Math.fround(level * Math.fround(255 / full)));
    }
  }
  return ink;
}

// Which part each pixel above `threshold` belongs to, from 1; pixels that touch at a corner hang
// together.
function labelled(levels, width, height, threshold) {
  const parts = new Int32Array(levels.length);
  let count = 0;
  for (let start = 0; start < levels.length; start++) {
    if (parts[start] || levels[start] <= threshold) continue;
    parts[start] = ++count;
    const waiting = [start];
    while (waiting.length) {
      const at = waiting.pop();
      const [x, y] = [at % width, Math.floor(at / width)];
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const next = v * width + u;
          if (parts[next] || levels[next] <= threshold) continue;
          parts[next] = count;
          waiting.push(next);
        }
      }
    }
  }
  return { parts, count };
}

// Strokes of at least MNIST's width, at four times its size.
function withUsualStrokes(ink) {
  const large = atFullBrightness(clipped(reduced(ink, 4 * EXTENT), Infinity));
  const { width, height, levels } = large;
  const inside = (x, y) => x >= 0 && y >= 0 && x < width && y < height;
  const solid = (x, y) => inside(x, y) && levels[y * width + x] > 127;
  let [area, rim] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!solid(x, y)) continue;
      area++;
      rim += !(solid(x - 1, y) && solid(x + 1, y) && solid(x, y - 1) && solid(x, y + 1));
    }
  }
  const radius = toEven((4 * STROKE - (2 * area) / rim) / 2);
  return radius < 1 ? large : widened(large, radius);
}

function widened({ width, height, levels }, radius) {
  const wide = { width: width + 2 * radius, height: height + 2 * radius };
  wide.levels = new Float32Array(wide.width * wide.height);
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (dx * dx + dy * dy > radius * radius) continue;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = (y + radius + dy) * wide.width + x + radius + dx;
          if (levels[y * width + x] > wide.levels[at]) wide.levels[at] = levels[y * width + x];
        }
      }
    }
  }
  return wide;
}

function atFullBrightness(ink) {
  const most = ink.levels.reduce((a, b) => Math.max(a, b), 0);
  const bright = percentile(ink.levels.filter((v) => v > most / 2), 95);
  return clipped({ ...ink, levels: ink.levels.map((v) => v * (255 / bright)) }, 255);
}

function clipped(ink, most) {
  return { ...ink, levels: ink.levels.map((v) => Math.min(most, Math.max(0, v))) };
}

function centred({ width, height, levels }) {
  let [sum, x, y] = [0, 0, 0];
  levels.forEach((v, i) => {
    sum += v;
    x += v * (i % width);
    y += v * Math.floor(i / width);
  });
  const start = (centre, size) => Math.max(0, Math.min(SIDE - size, toEven(MIDDLE - centre)));
  const [left, top] = [start(x / sum, width), start(y / sum, height)];
  const frame = new Uint8Array(SIDE * SIDE);
  levels.forEach((v, i) => {
    frame[(top + Math.floor(i / width)) * SIDE + left + (i % width)] = toEven(v);
  });
  return frame;
}
