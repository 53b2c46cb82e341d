"use strict";
/* Weight sliders: the ranking follows; at the framework's own weights the published ranking stands. */
(function () {
  const pmiek = window.pmiek;
  const form = document.getElementById("weights");
  if (!form) { return; }
  const table = document.getElementById("project-table");
  const state = document.getElementById("weights-state");
  const sliders = Array.from(form.querySelectorAll("input[type=range]"));
  const SCORE = table.tHead.rows[0].cells.length - 1;

  function weights() { return sliders.map(function (slider) { return Number(slider.value); }); }
  function atDefault() { return sliders.every(function (slider) { return slider.value === slider.dataset.default; }); }

  /* Weighted mean of the known criteria; null when none is known. */
  function score(row, weight) {
    let sum = 0, total = 0;
    sliders.forEach(function (slider, i) {
      const value = row.dataset[slider.name];
      if (value === "") { return; }
      sum += weight[i] * Number(value);
      total += weight[i];
    });
    return total > 0 ? sum / total : null;
  }
  function put(row, rank, value) {
    const first = row.cells[0], last = row.cells[SCORE];
    first.dataset.v = rank === null ? "" : rank;
    first.textContent = pmiek.number(rank);
    last.dataset.v = value === null ? "" : value;
    last.textContent = pmiek.number(value, 1);
  }
  function published(row, name) { return row.dataset[name] === "" ? null : Number(row.dataset[name]); }

  function rank() {
    const rows = Array.from(table.tBodies[0].rows);
    const weight = weights();
    const sum = weight.reduce(function (a, b) { return a + b; }, 0);
    sliders.forEach(function (slider) {
      const share = sum > 0 ? 100 * Number(slider.value) / sum : 0;
      slider.closest("label").querySelector("output").textContent = pmiek.number(share) + "%";
      slider.setAttribute("aria-valuetext", pmiek.number(share) + "%");
    });
    if (atDefault() || sum === 0) {
      rows.forEach(function (row) { put(row, published(row, "rank"), published(row, "score")); });
      state.textContent = sum === 0 ? pmiek.t("js.weights_zero") : pmiek.t("js.weights_default");
    } else {
      const scored = rows.map(function (row) { return { row: row, score: score(row, weight) }; });
      scored.sort(function (a, b) {
        if (a.score === null || b.score === null) { return (a.score === null) - (b.score === null); }
        return b.score - a.score || published(a.row, "rank") - published(b.row, "rank");
      });
      scored.forEach(function (item, i) { put(item.row, item.score === null ? null : i + 1, item.score); });
      const text = sliders.map(function (slider) { return slider.closest("label").querySelector("span").textContent + " " + slider.closest("label").querySelector("output").textContent; }).join(", ");
      state.textContent = pmiek.t("js.weights_moved", { weights: text });
    }
    pmiek.sortTable(table, 0, true);
  }
  function save() {
    pmiek.setHash({ w: atDefault() ? "" : weights().join("-") });
    rank();
  }
  function restore() {
    const given = (pmiek.hash().w || "").split("-").map(Number);
    sliders.forEach(function (slider, i) {
      slider.value = given.length === sliders.length && isFinite(given[i]) ? given[i] : slider.dataset.default;
    });
  }
  form.addEventListener("input", save);
  form.addEventListener("reset", function () { setTimeout(save, 0); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", function () { restore(); rank(); });
  restore();
  rank();
})();
