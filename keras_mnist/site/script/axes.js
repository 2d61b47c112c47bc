// Scales and axes, the same for every figure.

function linear([low, high], [start, end]) {
  const span = high - low || 1;
  const scale = (value) => start + ((value - low) / span) * (end - start);
  scale.ticks = (wanted) => {
    const power = 10 ** Math.floor(Math.log10(span / wanted));
    const count = (step) => Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
    const off = (step) => Math.abs(count(step) - wanted);
    const steps = [1, 2, 5, 10].map((factor) => factor * power);
    const step = steps.reduce((a, b) => (off(b) < off(a) ? b : a));
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return Array.from({ length: last - first + 1 }, (_, i) => {
      const value = (first + i) * step;
      return [value, value.toFixed(decimals).replace(/^-(0(\.0+)?)$/, "$1").replace("-", "−")];
    });
  };
  return scale;
}

function logarithmic([low, high], range) {
  const inner = linear([Math.log10(low), Math.log10(high)], range);
  const scale = (value) => inner(Math.log10(Math.max(value, low / 10)));
  scale.ticks = (wanted) => {
    for (const factors of [[1, 2, 5], [1, 3], [1]]) {
      const found = [];
      for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
        for (const factor of factors) {
          const value = factor * 10 ** power;
          const inside = value >= low * 0.999 && value <= high * 1.001;
          if (inside) found.push([value, String(+value.toPrecision(2))]);
        }
      }
      if (found.length >= 2 && found.length <= wanted + 2) return found;
    }
    return linear([low, high], range).ticks(wanted);
  };
  return scale;
}

// The range of some numbers with a margin; nulls are passed over.
function extent(numbers, margin = 0.06) {
  const known = numbers.filter((n) => n !== null && Number.isFinite(n));
  if (!known.length) return [0, 1];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const room = (high - low || Math.abs(high) || 1) * margin;
  return [low - room, high + room];
}

function horizontalAxis(scale, [left, right], [top, bottom], label, wanted) {
  const group = svg("g", { class: "axis" });
  const place = { "text-anchor": "middle" };
  for (const [value, text] of scale.ticks(wanted ?? Math.max(2, Math.round((right - left) / 75)))) {
    const x = scale(value);
    group.append(segment(x, top, x, bottom, "grid"), written(x, bottom + 16, text, place));
  }
  group.append(written((left + right) / 2, bottom + 34, label, { ...place, class: "label" }));
  return group;
}

function verticalAxis(scale, [left, right], [top, bottom], label) {
  const group = svg("g", { class: "axis" });
  for (const [value, text] of scale.ticks(Math.max(3, Math.round((bottom - top) / 45)))) {
    const y = scale(value);
    group.append(segment(left, y, right, y, "grid"));
    group.append(written(left - 6, y + 4, text, { "text-anchor": "end" }));
  }
  // Above the axis, level: easier to read than on its side.
  group.append(written(0, top - 10, label, { class: "label" }));
  return group;
}
