"use strict";
/* The start page: one year bar for the sentences and both maps; the map on the right shows the chosen grid. */
(function () {
  const pmiek = window.pmiek, start = pmiek.start;
  const form = document.getElementById("start-controls");
  if (!form) { return; }
  const CLASSES = start.classes;
  function paint(figure, state, year) {
    const signs = (start.status[state] || {})[year] || "";
    Array.from(figure.querySelectorAll("[data-i]")).forEach(function (node) {
      const sign = signs[Number(node.dataset.i)];
      node.setAttribute("class", node.dataset.kind + " class-" + (CLASSES[sign] || "none"));
    });
  }
  function draw() {
    const year = form.elements.y.value, state = form.elements.g.value;
    Array.from(document.querySelectorAll("[data-year]")).forEach(function (node) { node.hidden = node.dataset.year !== year; });
    paint(document.getElementById("map-before"), "frozen", year);
    paint(document.getElementById("map-after"), state, year);
    document.getElementById("before-count").textContent = count("frozen", year);
    document.getElementById("after-count").textContent = count(state, year);
    Array.from(document.querySelectorAll("a[data-to-map]")).forEach(function (a) { a.hash = new URLSearchParams({ y: year, g: "frozen", g2: state }).toString(); });
  }
  function count(state, year) {
    const n = (start.counts[state] || {})[year] || 0;
    return pmiek.t("js.start_count" + (n === 1 ? "_one" : ""), { n: pmiek.number(n), year: year });
  }
  function restore() {
    const now = pmiek.hash();
    Array.from(form.elements.y).forEach(function (radio) { radio.checked = now.y ? radio.value === now.y : radio.defaultChecked; });
    if (now.g && start.status[now.g]) { form.elements.g.value = now.g; }
  }
  /* The choice of the right map stands beside it, outside the form: its event does not pass the form. */
  [form, form.elements.g].forEach(function (node) { node.addEventListener("input", save); });
  function save() { pmiek.setHash({ y: form.elements.y.value, g: form.elements.g.value }); draw(); }
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", function () { restore(); draw(); });
  restore();
  draw();
})();
