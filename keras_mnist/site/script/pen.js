// A pen on a canvas: mouse, finger, keys. The ink is the canvas's opacity, the paper has none.

const PEN = 20; // pixels of the canvas, which is 280 wide
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STRIDE = 8;

// Digits as a hand draws them, on 100 x 100, for those who cannot or would rather not.
const EXAMPLES = [
  "M50 12C28 12 24 34 24 52C24 72 32 88 50 88C68 88 76 72 76 50C76 30 70 12 50 12",
  "M36 28L54 12L54 88",
  "M26 32C28 8 72 8 72 32C72 50 36 66 26 86L76 86",
  "M28 22C40 6 72 10 70 30C69 44 56 48 46 48C60 48 76 54 74 70C71 92 36 92 26 76",
  "M60 12L22 62L80 62M62 36L62 90",
  "M72 14L34 14L30 46C48 36 76 44 74 66C72 92 38 92 26 78",
  "M66 12C40 24 26 48 28 68C30 92 70 92 72 68C73 48 42 44 29 64",
  "M24 16L76 16L44 88",
  "M52 48C28 40 26 12 52 12C76 12 76 38 52 48C20 60 24 88 50 88C78 88 78 58 52 48",
  "M72 34C66 8 28 8 28 32C28 54 68 54 72 32L68 88",
];

function pen(canvas, changed) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const key = { x: canvas.width / 2, y: canvas.height / 2, down: false };
  let last = null;

  function line(from, to) {
    Object.assign(context, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    context.strokeStyle = getComputedStyle(canvas).color;
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    changed();
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return [x * canvas.width, y * canvas.height];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    line(last, last);
    event.preventDefault();
    canvas.focus({ preventScroll: true });
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    for (const step of event.getCoalescedEvents?.() ?? [event]) {
      const next = place(step);
      line(last, next);
      last = next;
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => (last = null));
  }

  function clear() {
    context.clearRect(0, 0, canvas.width, canvas.height);
    changed();
  }

  function example(digit) {
    clear();
    Object.assign(context, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    context.strokeStyle = getComputedStyle(canvas).color;
    context.save();
    context.scale(canvas.width / 100, canvas.height / 100);
    context.lineWidth = (PEN * 100) / canvas.width;
    context.stroke(new Path2D(EXAMPLES[digit]));
    context.restore();
    changed();
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[0-9]$/.test(event.key)) example(Number(event.key));
    else if (event.key === "Delete" || event.key === "Backspace") clear();
    else if (event.key === " ") {
      key.down = !key.down;
      if (key.down) line([key.x, key.y], [key.x, key.y]);
    } else if (event.key in KEYS) {
      const from = [key.x, key.y];
      const [dx, dy] = KEYS[event.key];
      key.x = Math.max(PEN, Math.min(canvas.width - PEN, key.x + STRIDE * dx));
      key.y = Math.max(PEN, Math.min(canvas.height - PEN, key.y + STRIDE * dy));
      if (key.down) line(from, [key.x, key.y]);
    } else return;
    event.preventDefault();
  });

  // The ink, 0 to 255, with the paper around it.
  function picture() {
    const { width, height } = canvas;
    const pixels = context.getImageData(0, 0, width, height).data;
    const levels = Array.from({ length: width * height }, (_, i) => pixels[4 * i + 3]);
    return { width, height, levels };
  }

  return { clear, example, picture };
}
