// Figures stand where the page left room for them, and are drawn again when that changes its width.

const data = JSON.parse(one("#data").textContent);

// `draw(width)` returns what to show; it is called at once and at every other width.
function mount(place, draw) {
  let drawn = 0;
  const update = () => {
    const width = Math.floor(place.clientWidth);
    if (width > 0 && width !== drawn) {
      drawn = width;
      place.replaceChildren(...[draw(width)].flat());
    }
  };
  update();
  new ResizeObserver(update).observe(place);
  place.redraw = (again) => {
    draw = again;
    drawn = 0;
    update();
  };
}

// Curves with their legend above; the height is that of the drawing.
function curvesFigure(plot, width, height = 240, baseline = null) {
  const { canvas, colours } = drawCurves(plot, data.experiments, width, height, baseline);
  return [curvesLegend(plot, colours), canvas];
}

const HIGHLIGHTS = {
  curves: (plot, width) => {
    const [first, ...others] = plot.series;
    return curvesFigure(plot, width, 250, others.length ? first.name : null);
  },
  runs: (plot, width) => [legend([["effect dot", "dot", "a run of ours"]]), drawRuns(plot, width)],
  contrasts: (plot, width) => [
    legend([["effect dot", "dot", "ours, interval allows for all"]]),
    drawEffects(plot, width),
  ],
  readings: (plot, width) => [
    legend([
      ["band effect", "band", "where one further run of ours should fall"],
      ["published hollow", "diamond", "published, against our runs as described"],
      ["published", "diamond", `the same, against our runs with ${plot.reading}`],
    ]),
    drawReadings(plot, width),
  ],
};

function startHighlights() {
  all("[data-highlight]").forEach((place) => {
    const plot = data.highlights[place.dataset.highlight];
    mount(place, (width) => HIGHLIGHTS[plot.kind](plot, width));
  });
}

function startSearch() {
  const place = one("#search-map");
  const { search } = data;
  if (place && search?.points.length) mount(place, (width) => [mapLegend(search), drawMap(search, width, 360)]);
}
