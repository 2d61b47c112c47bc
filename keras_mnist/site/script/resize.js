// Resizing as Pillow does it: a triangle as wide as a new pixel, rows first, then columns.

function reduced(ink, extent) {
  const scale = extent / Math.max(ink.width, ink.height);
  const [width, height] = [ink.width, ink.height].map((side) => Math.max(1, toEven(side * scale)));
  if (width === ink.width && height === ink.height) return ink;
  const rows = resizedRows(ink.levels, ink.width, ink.height, width);
  const turned = resizedRows(transposed(rows, width, ink.height), ink.height, width, height);
  return { width, height, levels: transposed(turned, height, width) };
}

function resizedRows(levels, width, height, wanted) {
  const scale = width / wanted;
  const support = Math.max(1, scale);
  const result = new Float32Array(wanted * height);
  for (let u = 0; u < wanted; u++) {
    const centre = (u + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const last = Math.min(width, Math.trunc(centre + support + 0.5));
    const weights = [];
    for (let x = first; x < last; x++) {
      weights.push(Math.max(0, 1 - Math.abs((x - centre + 0.5) / support)));
    }
    const total = weights.reduce((a, b) => a + b, 0);
    for (let y = 0; y < height; y++) {
      let sum = 0;
      weights.forEach((weight, i) => (sum += (weight / total) * levels[y * width + first + i]));
      result[y * wanted + u] = sum;
    }
  }
  return result;
}

function transposed(levels, width, height) {
  const result = new Float32Array(levels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) result[x * height + y] = levels[y * width + x];
  }
  return result;
}

// Rounded as Python and NumPy round: halves to the even number.
function toEven(value) {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
}

function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  const place = (share / 100) * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}
