// Elements are made here and nowhere else; whatever a record says becomes a text node.

const SPACE = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SPACE, tag), attributes, children);
}

function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function one(selector, within = document) {
  return within.querySelector(selector);
}

function all(selector, within = document) {
  return [...within.querySelectorAll(selector)];
}

// A figure's ground. It shrinks with paper, for which nothing is drawn again.
function canvasOf(width, height) {
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
}

function segment(x1, y1, x2, y2, name) {
  return svg("line", { x1, y1, x2, y2, class: name });
}

function circle(cx, cy, r, name) {
  return svg("circle", { cx, cy, r, class: name });
}

function written(x, y, text, attributes = {}) {
  return svg("text", { x, y, ...attributes }, text);
}

// The element with what its tooltip says.
function titled(element, text) {
  element.append(svg("title", {}, text));
  return element;
}

// A diamond, the mark of everything published.
function diamond(x, y, size = 5, name = "published") {
  const d = `M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z`;
  return svg("path", { d, class: name });
}

// An arrow for what lies beyond the edge: `side` is 1 to the right, -1 to the left.
function arrow(x, y, side, name) {
  const d = `M${x - 6 * side} ${y - 5}L${x} ${y}L${x - 6 * side} ${y + 5}Z`;
  return svg("path", { d, class: name });
}

// A legend's entries: [class of the swatch, its kind, text].
function legend(entries) {
  const shapes = {
    line: () => svg("line", { x1: 1, y1: 7, x2: 21, y2: 7 }),
    dashed: () => svg("line", { x1: 1, y1: 7, x2: 21, y2: 7, "stroke-dasharray": "5 3" }),
    dot: () => svg("circle", { cx: 11, cy: 7, r: 4 }),
    band: () => svg("rect", { x: 1, y: 2, width: 20, height: 10 }),
    diamond: () => diamond(11, 7, 5, ""),
  };
  const items = entries.map(([name, kind, text]) => {
    const shape = shapes[kind]();
    shape.setAttribute("class", name);
    const swatch = svg("svg", { width: 22, height: 14, "aria-hidden": "true" }, shape);
    return html("li", {}, swatch, text);
  });
  return html("ul", { class: "legend" }, ...items);
}
