// Trained networks as lists of plain steps, those of `keras_mnist.serving.plain`.

function network({ steps, arrays }) {
  const entries = Object.entries(arrays).map(([name, array]) => [name, decoded(array)]);
  const known = Object.fromEntries(entries);
  // From 28 x 28 grey levels to ten probabilities.
  return (image) => {
    let values = { shape: [28, 28, 1], data: Float32Array.from(image) };
    for (const step of steps) values = STEPS[step.kind](values, step, known);
    return values.data;
  };
}

function decoded({ shape, data: text }) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return { shape, data: new Float32Array(bytes.buffer) };
}

const STEPS = {
  resize({ shape: [height], data: levels }, { side }) {
    // Bilinear, to whole levels: rounded after each axis.
    let values = levels;
    for (let axis = 0; axis < 2; axis++) {
      const size = height;
      const lines = values.length / size;
      const turned = new Float32Array(side * lines);
      for (let u = 0; u < side; u++) {
        const place = Math.min(size - 1, Math.max(0, ((u + 0.5) * size) / side - 0.5));
        const low = Math.floor(place);
        const [high, rest] = [Math.min(size - 1, low + 1), place - low];
        for (let line = 0; line < lines; line++) {
          const level = (1 - rest) * values[line * size + low] + rest * values[line * size + high];
          turned[u * lines + line] = Math.floor(level + 0.5);
        }
      }
      values = turned;
    }
    return { shape: [side, side, 1], data: values };
  },

  scale({ shape, data: values }, { divide = 1, subtract = 0, divide_again: again = 1 }) {
    const scaled = (v) => Math.fround(Math.fround(v / divide) - subtract) / again;
    return { shape, data: values.map(scaled) };
  },

  conv({ shape: [height, width, channels], data: values }, step, arrays) {
    const { shape: [size, , , filters], data: kernel } = arrays[step.kernel];
    const bias = arrays[step.bias].data;
    const before = step.padding === "same" ? (size - 1) >> 1 : 0;
    const shrunk = step.padding === "same" ? 0 : size - 1;
    const [rows, columns] = [height - shrunk, width - shrunk];
    const result = new Float32Array(rows * columns * filters);
    const sums = new Float64Array(filters);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        sums.set(bias);
        for (let v = 0; v < size; v++) {
          for (let u = 0; u < size; u++) {
            const [row, column] = [y + v - before, x + u - before];
            if (row < 0 || column < 0 || row >= height || column >= width) continue;
            for (let c = 0; c < channels; c++) {
              const value = values[(row * width + column) * channels + c];
              const at = ((v * size + u) * channels + c) * filters;
              for (let f = 0; f < filters; f++) sums[f] += value * kernel[at + f];
            }
          }
        }
        result.set(sums, (y * columns + x) * filters);
      }
    }
    return { shape: [rows, columns, filters], data: result };
  },

  dense({ data: values }, step, arrays) {
    const { shape: [inputs, units], data: kernel } = arrays[step.kernel];
    const sums = Float64Array.from(arrays[step.bias].data);
    for (let i = 0; i < inputs; i++) {
      for (let u = 0; u < units; u++) sums[u] += values[i] * kernel[i * units + u];
    }
    return { shape: [units], data: Float32Array.from(sums) };
  },

  pool({ shape: [height, width, channels], data: values }, { by }) {
    const [rows, columns] = [height >> 1, width >> 1];
    const result = new Float32Array(rows * columns * channels);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        for (let c = 0; c < channels; c++) {
          const at = (v, u) => values[((2 * y + v) * width + 2 * x + u) * channels + c];
          const four = [at(0, 0), at(0, 1), at(1, 0), at(1, 1)];
          const pooled = by === "max" ? Math.max(...four) : four.reduce((a, b) => a + b) / 4;
          result[(y * columns + x) * channels + c] = pooled;
        }
      }
    }
    return { shape: [rows, columns, channels], data: result };
  },

  activate({ shape, data: values }, { by }) {
    if (by === "relu") return { shape, data: values.map((v) => Math.max(0, v)) };
    if (by === "tanh") return { shape, data: values.map(Math.tanh) };
    const most = Math.max(...values);
    const powers = Float64Array.from(values, (v) => Math.exp(v - most));
    const sum = powers.reduce((a, b) => a + b, 0);
    return { shape, data: Float32Array.from(powers, (p) => p / sum) };
  },
};
