// Try it: what is drawn, what the networks see of it, what they say.

function startDrawing() {
  const place = one("#draw");
  if (!place || !data.tried.length) return;
  const networks = data.tried.map((tried, i) => {
    const bars = all(`[data-network="${i}"] .bar-row`, place);
    return { name: tried.name, ask: network(tried), bars };
  });
  const seen = one("#seen").getContext("2d");
  const said = one("#said");
  let due = false;
  const drawn = pen(one("#pad"), () => {
    if (!due) requestAnimationFrame(answer);
    due = true;
  });

  function answer() {
    due = false;
    const image = mnistForm(drawn.picture());
    show(image);
    const told = networks.map(({ name, ask, bars }) => {
      const probabilities = image ? ask(image) : new Float32Array(10);
      const best = probabilities.indexOf(Math.max(...probabilities));
      bars.forEach((bar, digit) => {
        const percent = 100 * probabilities[digit];
        one("rect.share", bar).setAttribute("width", `${percent.toFixed(2)}%`);
        one(".percent", bar).textContent = image ? `${percent.toFixed(1)} %` : "";
        bar.classList.toggle("best", Boolean(image) && digit === best);
      });
      return `${name}: ${best} (${(100 * probabilities[best]).toFixed(1)} %)`;
    });
    said.textContent = image ? told.join(", ") : "Draw a digit.";
    place.answered = { image, told };
  }

  function show(image) {
    const pixels = seen.createImageData(SIDE, SIDE);
    for (let i = 0; i < SIDE * SIDE; i++) {
      const level = image?.[i] ?? 0;
      pixels.data.set([level, level, level, 255], 4 * i);
    }
    seen.putImageData(pixels, 0, 0);
  }

  one("#clear").addEventListener("click", drawn.clear);
  for (const button of all("[data-example]")) {
    button.addEventListener("click", () => drawn.example(Number(button.dataset.example)));
  }
  // For those who look under the hood, and for the tests.
  place.inside = { networks, mnistForm, picture: drawn.picture };
  drawn.example(3);
}
