"use strict";
/* Which variants, storylines and year the reader compares; others listen to it. */
(function () {
  const pmiek = window.pmiek;
  const form = document.getElementById("choice");
  if (!form) { return; }
  const boxes = function (name) { return Array.from(form.querySelectorAll('input[name="' + name + '"]')); };
  const ticked = function (name) { return boxes(name).filter(function (box) { return box.checked; }).map(function (box) { return box.value; }); };
  const state = document.getElementById("choice-state");
  const listeners = [];

  pmiek.choice = function () { return { variants: ticked("v"), storylines: ticked("s"), year: Number(form.elements.y.value) }; };
  pmiek.onChoice = function (draw) { listeners.push(draw); draw(); };

  function limit() {
    const now = pmiek.choice();
    state.textContent = pmiek.t("js.choice", {
      variants: pmiek.listed(now.variants.map(function (v) { return pmiek.label("grid_state", v); })) || "–",
      storylines: now.storylines.length === boxes("s").length && now.storylines.length > 1 ? pmiek.t("js.all_storylines") : pmiek.listed(now.storylines.map(function (s) { return pmiek.label("storyline", s); })) || "–",
      year: now.year,
    });
  }
  function tell() { limit(); listeners.forEach(function (draw) { draw(); }); }
  function restore() {
    const given = pmiek.hash();
    ["v", "s"].forEach(function (name) {
      if (given[name] !== undefined) { boxes(name).forEach(function (box) { box.checked = given[name].split(",").includes(box.value); }); }
    });
    if (given.y) { form.elements.y.value = given.y; }
    if (form.elements.y.selectedIndex < 0) { form.elements.y.selectedIndex = form.elements.y.options.length - 1; }
  }
  form.addEventListener("input", function () {
    const now = pmiek.choice();
    pmiek.setHash({ v: now.variants.join(","), s: now.storylines.join(","), y: now.year });
    tell();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", function () { restore(); tell(); });
  restore();
  limit();
})();
