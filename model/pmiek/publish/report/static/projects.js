"use strict";
/* Weight sliders: the ranking follows; at the framework's own weights the published ranking stands. */
(function () {
  const pmiek = window.pmiek;
  const form = document.getElementById("weights");
  if (!form) { return; }
  const table = document.getElementById("project-table");
  const state = document.getElementById("weights-state");
  const own = pmiek.weights;
  const cell = {};
  Array.from(table.tHead.rows[0].cells).forEach(function (head, i) { if (head.dataset.column) { cell[head.dataset.column] = i; } });

  function put(row, name, text, value) {
    const node = row.cells[cell[name]];
    node.dataset.v = value === null ? "" : value;
    node.textContent = text;
  }
  function published(row, name) { return row.dataset[name] === "" ? null : Number(row.dataset[name]); }
  /* Lists stay together: each has places of its own. */
  function place(row, rank) {
    put(row, "rank", pmiek.number(rank), rank);
    row.cells[cell.rank].dataset.order = rank === null ? "" : Number(row.dataset.listat) + rank;
  }
  function shares() {
    const values = own.values(), total = values.reduce(function (a, b) { return a + b; }, 0);
    own.sliders.forEach(function (slider, i) {
      const text = pmiek.number(total > 0 ? 100 * values[i] / total : 0) + "%";
      slider.closest("label").querySelector("output").textContent = text;
      slider.setAttribute("aria-valuetext", text);
    });
    return total;
  }
  function showMove(row, rank, before) {
    const node = row.cells[cell.rank];
    if (rank === null || before === null || rank === before) { return; }
    const up = rank < before, places = { n: pmiek.number(Math.abs(rank - before)) };
    const text = (up ? pmiek.t("js.rank_up", places) : pmiek.t("js.rank_down", places));
    node.appendChild(pmiek.element("span", { class: "move", "data-noexport": "" }, [
      pmiek.element("span", { "aria-hidden": "true", text: (up ? "▲" : "▼") + Math.abs(rank - before) }), pmiek.element("span", { class: "unseen", text: text })]));
  }
  let stabilityLater = null;
  function showStability() {
    const range = pmiek.rankRange();
    Array.from(table.tBodies[0].rows).forEach(function (row) {
      const found = range[row.dataset.id];
      put(row, "stability", found ? (found[0] === found[1] ? pmiek.number(found[0]) : pmiek.number(found[0]) + "–" + pmiek.number(found[1])) : "–", found ? found[1] : null);
    });
  }
  function rank() {
    const rows = Array.from(table.tBodies[0].rows);
    const usual = shares() === 0 || own.atDefault();
    clearTimeout(stabilityLater);
    if (usual) {
      rows.forEach(function (row) {
        place(row, published(row, "rank"));
        put(row, "score", pmiek.number(published(row, "score"), 1), published(row, "score"));
        put(row, "stability", row.dataset.stability || "–", row.dataset.stabilityv);
      });
      state.textContent = own.atDefault() ? pmiek.t("js.weights_default") : pmiek.t("js.weights_zero");
    } else {
      const found = pmiek.order(own.factor());
      rows.forEach(function (row) {
        const mine = found[row.dataset.id];
        place(row, mine.rank);
        showMove(row, mine.rank, published(row, "rank"));
        put(row, "score", pmiek.number(mine.score, 1), mine.score);
      });
      const text = own.sliders.map(function (slider) { return slider.closest("label").querySelector("span").textContent + " " + slider.closest("label").querySelector("output").textContent; }).join(", ");
      state.textContent = pmiek.t("js.weights_moved", { weights: text });
      stabilityLater = setTimeout(showStability, 60);
    }
    pmiek.sortTable(table, cell.rank, true);
    document.dispatchEvent(new CustomEvent("pmiek-ranked"));
  }
  function save() {
    pmiek.setHash({ w: own.atDefault() ? "" : own.values().join("-") });
    rank();
  }
  function restore() {
    const given = (pmiek.hash().w || "").split("-").map(Number);
    own.sliders.forEach(function (slider, i) {
      slider.value = given.length === own.sliders.length && isFinite(given[i]) ? given[i] : slider.dataset.default;
    });
  }
  form.addEventListener("input", save);
  form.addEventListener("reset", function () { setTimeout(save, 0); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", function () { restore(); rank(); });
  restore();
  rank();
})();
