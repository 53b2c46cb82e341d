"use strict";
/* Colours the map for the chosen year, storyline, grid state and direction, and keeps the table in step. */
(function () {
  const pmiek = window.pmiek;
  const meta = pmiek.meta;
  const form = document.getElementById("map-controls");
  const svg = document.getElementById("map");
  const info = document.getElementById("map-info");
  const output = document.getElementById("map-year");
  const marks = { available: "", limited: "–", study: "+", shortage: "!" };
  const facts = {};
  pmiek.loading.facts.forEach(function (name, i) { facts[name] = i; });
  let zoom = 1;

  function fact(asset, name) { return pmiek.loading.assets[asset][facts[name]]; }
  function outside(asset) { return asset === undefined || !fact(asset, "cluster"); }
  function classOf(row) { return ["available", "limited", "study", "shortage"][row[11]]; }

  /* rows: asset, state, storyline, year, direction, loading, contingency, weather year, peak, limit, lost load, status */
  function selection() {
    const year = meta.years[Number(form.elements.y.value)];
    const shared = meta.base && meta.base.year === year;
    const wanted = {
      state: meta.states.indexOf(form.elements.g.value),
      storyline: form.elements.s.value === "" || shared ? null : meta.storylines.indexOf(form.elements.s.value),
      year: meta.years.indexOf(year),
      direction: form.elements.d.value === "" ? null : meta.directions.indexOf(form.elements.d.value),
    };
    const heaviest = new Map();
    pmiek.loading.rows.forEach(function (row) {
      if (row[1] !== wanted.state || row[3] !== wanted.year || row[5] === null) { return; }
      if (wanted.storyline !== null && row[2] !== wanted.storyline) { return; }
      if (wanted.direction !== null && row[4] !== wanted.direction) { return; }
      const before = heaviest.get(row[0]);
      if (!before || row[11] > before[11] || (row[11] === before[11] && row[5] > before[5])) { heaviest.set(row[0], row); }
    });
    return { year: year, shared: shared, heaviest: heaviest };
  }

  function describe(asset, row) {
    const name = fact(asset, "asset_name") || fact(asset, "asset_id");
    if (!row) { return name + ": " + pmiek.t("js.map_no_data"); }
    return name + ": " + pmiek.label("map_class", classOf(row)) + ", " + pmiek.t("js.map_loading") + " " + pmiek.number(row[5]) + "%";
  }
  function link(asset, row) {
    const state = { id: fact(asset, "asset_id"), g: form.elements.g.value };
    if (row) { state.d = meta.directions[row[4]]; state.s = meta.storylines[row[2]]; state.y = meta.years[row[3]]; }
    return "assets.html#" + new URLSearchParams(state).toString();
  }

  function show(asset, row) {
    const make = pmiek.element;
    const parts = [make("p", {}, [make("strong", { text: fact(asset, "asset_name") || fact(asset, "asset_id") })]),
      make("p", { class: "small", text: pmiek.label("asset_class", fact(asset, "asset_class")) + " · " + fact(asset, "operator") })];
    if (row) {
      parts.push(make("p", { text: pmiek.label("map_class", classOf(row)) + ": " + pmiek.t("js.map_loading") + " " + pmiek.number(row[5]) + "% (" + pmiek.label("direction", meta.directions[row[4]]) + ", " + row[6] + ")" }));
      parts.push(make("p", { text: pmiek.t("js.peak") + " " + pmiek.number(row[8], 1) + " MW, " + pmiek.t("js.limit") + " " + pmiek.number(row[9], 1) + " MW" }));
      parts.push(make("p", { class: "small", text: pmiek.label("storyline", meta.storylines[row[2]]) + ", " + meta.years[row[3]] + ", " + pmiek.t("js.weather_year") + " " + row[7] }));
      if (row[10]) { parts.push(make("p", { text: pmiek.t("js.lost_load") + ": " + pmiek.number(row[10], 1) + " MW" })); }
    } else {
      parts.push(make("p", { text: pmiek.t("js.map_no_data") }));
    }
    parts.push(make("p", {}, [make("a", { href: link(asset, row), text: pmiek.t("js.map_open") })]));
    info.replaceChildren.apply(info, parts);
  }

  function fillTable(now) {
    const body = document.querySelector("#map-table tbody");
    const order = Array.from(now.heaviest.entries()).sort(function (a, b) { return b[1][5] - a[1][5]; });
    body.replaceChildren.apply(body, order.map(function (entry) {
      const asset = entry[0], row = entry[1], make = pmiek.element;
      return make("tr", {}, [
        make("th", { scope: "row" }, [make("a", { href: link(asset, row), text: fact(asset, "asset_name") || fact(asset, "asset_id") })]),
        make("td", { text: pmiek.label("asset_class", fact(asset, "asset_class")) }),
        make("td", { text: pmiek.label("map_class", classOf(row)) }),
        make("td", { class: "num", text: pmiek.number(row[5]) }),
        make("td", { class: "num", text: pmiek.number(row[8], 1) }),
        make("td", { class: "num", text: pmiek.number(row[9], 1) }),
        make("td", { text: pmiek.label("storyline", meta.storylines[row[2]]) }),
        make("td", { class: "num", text: String(row[7]) }),
      ]);
    }));
  }

  const layers = function () { return Array.from(form.querySelectorAll('input[name="l"]')); };
  function showLayers() { layers().forEach(function (box) { svg.classList.toggle("hide-" + box.value, !box.checked); }); }
  function draw() {
    const now = selection();
    showLayers();
    const position = {};
    pmiek.loading.assets.forEach(function (asset, i) { position[asset[0]] = i; });
    Array.from(svg.querySelectorAll("[data-plan], [data-pin], .areas a")).forEach(function (node) {
      const text = node.querySelector("title").textContent;
      node.onmouseenter = node.onfocus = function () { info.replaceChildren(pmiek.element("p", { text: text })); };
    });
    Array.from(svg.querySelectorAll("[data-asset]")).forEach(function (node) {
      const asset = position[node.dataset.asset];
      const row = now.heaviest.get(asset);
      const code = row ? classOf(row) : "none";
      node.setAttribute("class", "asset class-" + code + (outside(asset) && !node.dataset.carrier ? " outside" : ""));
      node.setAttribute("href", link(asset, row));
      node.setAttribute("aria-label", describe(asset, row));
      const text = node.querySelector("text");
      if (text) { text.textContent = marks[code] || ""; }
      node.onmouseenter = node.onfocus = function () { show(asset, row); };
    });
    const counts = { available: 0, limited: 0, study: 0, shortage: 0 };
    const drawn = new Set(Array.from(svg.querySelectorAll("[data-asset]")).map(function (node) { return position[node.dataset.asset]; }));
    now.heaviest.forEach(function (row, asset) { if (!outside(asset) && drawn.has(asset)) { counts[classOf(row)] += 1; } });
    output.textContent = now.year === undefined ? "" : String(now.year);
    const storyline = form.elements.s.value;
    let text = pmiek.t("js.map_summary", Object.assign({
      year: now.year,
      storyline: now.shared ? pmiek.label("storyline", meta.base.storyline) : storyline ? pmiek.label("storyline", storyline) : pmiek.t("js.map_any_storyline"),
      state: pmiek.label("grid_state", form.elements.g.value),
      direction: form.elements.d.value ? pmiek.label("direction", form.elements.d.value) : pmiek.t("js.map_any_direction"),
    }, counts));
    if (now.shared) { text += " " + pmiek.t("js.base_year", { year: now.year, storyline: pmiek.label("storyline", meta.base.storyline) }); }
    document.getElementById("map-summary").textContent = text;
    form.elements.y.setAttribute("aria-valuetext", String(now.year));
    fillTable(now);
  }

  function restore() {
    const state = pmiek.hash();
    ["s", "g", "d"].forEach(function (name) { if (state[name] !== undefined) { form.elements[name].value = state[name]; } });
    if (state.l !== undefined) { layers().forEach(function (box) { box.checked = state.l.split(",").includes(box.value); }); }
    const year = meta.years.indexOf(Number(state.y));
    if (year >= 0) { form.elements.y.value = year; }
    if (form.elements.g.selectedIndex < 0) { form.elements.g.selectedIndex = 0; }
  }
  form.addEventListener("input", function () {
    pmiek.setHash({ s: form.elements.s.value, g: form.elements.g.value, d: form.elements.d.value, y: meta.years[Number(form.elements.y.value)],
      l: layers().filter(function (box) { return box.checked; }).map(function (box) { return box.value; }).join(",") || "none" });
    draw();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  Array.from(document.querySelectorAll("[data-zoom]")).forEach(function (button) {
    button.addEventListener("click", function () {
      zoom = Math.min(4, Math.max(1, zoom + 0.5 * Number(button.dataset.zoom)));
      svg.style.width = 100 * zoom + "%";
    });
  });
  window.addEventListener("hashchange", function () { restore(); draw(); });
  const start = meta.years.indexOf(2035) >= 0 ? meta.years.indexOf(2035) : Math.floor(meta.years.length / 2);
  form.elements.y.value = Math.max(start, 0);
  restore();
  if (meta.years.length) { draw(); }
})();
