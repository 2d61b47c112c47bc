// A table whose headings sort it: each holds a button, and says how it sorts.

function sortable(table, rows, changed) {
  const buttons = all("thead button", table);
  buttons.forEach((button) => {
    button.addEventListener("click", () => {
      const heading = button.closest("th");
      const upward = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of buttons) other.closest("th").removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", upward ? "ascending" : "descending");
      const by = button.dataset.by;
      rows.sort((a, b) => compared(a.dataset[by], b.dataset[by], upward ? 1 : -1));
      table.tBodies[0].append(...rows);
      changed?.();
    });
  });
}

// Numbers by size, words as people order them, after the numbers either way.
function compared(a, b, sign) {
  const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return sign * (Number.isNaN(x) ? a.localeCompare(b) : x - y || a.localeCompare(b));
}
