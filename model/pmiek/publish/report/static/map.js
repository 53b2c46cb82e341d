"use strict";
/* The map: colours by year, storyline, grid state and direction; a panel for what is picked; a table that says the same. */
(function () {
  const pmiek = window.pmiek, meta = pmiek.meta, data = pmiek.map, make = pmiek.element;
  const form = document.getElementById("map-controls");
  const info = document.getElementById("map-info");
  const search = document.getElementById("map-search");
  const CODES = ["available", "limited", "study", "shortage"];
  const facts = {}, position = {};
  pmiek.loading.facts.forEach(function (name, i) { facts[name] = i; });
  pmiek.loading.assets.forEach(function (asset, i) { position[asset[0]] = i; });
  const maps = (pmiek.maps = []);
  let picked = null;

  function fact(asset, name) { return pmiek.loading.assets[asset][facts[name]]; }
  function outside(asset) { return !fact(asset, "cluster"); }
  function label(asset) { return pmiek.label("asset", fact(asset, "asset_id")); }
  function heavier(row, than) { return !than || row[11] > than[11] || (row[11] === than[11] && row[5] > than[5]); }
  function shared(year) { return Boolean(meta.base && meta.base.year === year); }

  /* rows: asset, state, storyline, year, direction, loading, contingency, weather year, peak, limit, lost load, status */
  function selection(state) {
    const year = meta.years[Number(form.elements.y.value)];
    const storyline = form.elements.s.value === "" || shared(year) ? null : meta.storylines.indexOf(form.elements.s.value);
    const direction = form.elements.d.value === "" ? null : meta.directions.indexOf(form.elements.d.value);
    const heaviest = new Map(), short = new Map();
    pmiek.loading.rows.forEach(function (row) {
      if (row[1] !== meta.states.indexOf(state) || row[3] !== meta.years.indexOf(year) || row[5] === null) { return; }
      if (direction !== null && row[4] !== direction) { return; }
      if (row[11] === 3) { if (!short.has(row[0])) { short.set(row[0], new Set()); } short.get(row[0]).add(row[2]); }
      if (storyline !== null && row[2] !== storyline) { return; }
      if (heavier(row, heaviest.get(row[0]))) { heaviest.set(row[0], row); }
    });
    return { state: state, year: year, heaviest: heaviest, short: short, total: shared(year) ? 1 : Math.max(1, meta.storylines.length) };
  }
  function worst(now, assets) {
    let best = null;
    const count = new Set();
    assets.forEach(function (id) {
      const row = now.heaviest.get(position[id]);
      if (row && heavier(row, best)) { best = row; }
      (now.short.get(position[id]) || []).forEach(function (s) { count.add(s); });
    });
    return { row: best, code: best ? CODES[best[11]] : "none", count: count.size };
  }

  function paint(map, now) {
    data.lines.features.concat(data.links.features, data.sites.features).forEach(function (feature) {
      const source = data.lines.features.includes(feature) ? "lines" : data.links.features.includes(feature) ? "links" : "sites";
      map.setFeatureState({ source: source, id: feature.properties.asset }, { class: worst(now, [feature.properties.asset]).code });
    });
    data.areas.features.forEach(function (feature) {
      map.setFeatureState({ source: "areas", id: feature.properties.gm_code }, { class: worst(now, data.districts[feature.properties.gm_code] || []).code });
    });
    map.getSource("stations").setData({ type: "FeatureCollection", features: data.stations.features.map(function (feature) {
      const found = worst(now, feature.properties.assets.split(";"));
      const icon = ["ring", found.code, found.count, now.total, feature.properties.coupling ? 1 : 0].join("|");
      return Object.assign({}, feature, { properties: Object.assign({}, feature.properties, { icon: icon, order: 3 - CODES.indexOf(found.code) }) });
    }) });
    layers().forEach(function (box) {
      const only = box.value === "electricity" ? ["lines", "lines-casing", "stations"] : box.value === "projects" ? ["pins"] : box.value === "mv_lv" ? ["mv_lv"] : [];
      only.forEach(function (layer) { map.setLayoutProperty(layer, "visibility", box.checked ? "visible" : "none"); });
    });
    const shown = layers().filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    ["links", "sites"].forEach(function (layer) { map.setFilter(layer, ["in", ["get", "carrier"], ["literal", shown]]); });
  }

  function link(asset, row) {
    const state = { id: fact(asset, "asset_id"), g: form.elements.g.value };
    if (row) { state.d = meta.directions[row[4]]; state.s = meta.storylines[row[2]]; state.y = meta.years[row[3]]; }
    return "assets.html#" + new URLSearchParams(state).toString();
  }
  /* A line per year: how heavy, in how many storylines; each cell from rows of that year alone. */
  function yearTable(asset) {
    const state = meta.states.indexOf(form.elements.g.value);
    const heads = [{ text: pmiek.t("js.map_year") }].concat(meta.directions.map(function (d) { return { text: pmiek.label("direction", d), num: true }; }));
    const rows = meta.years.map(function (year, y) {
      return [{ text: String(year) }].concat(meta.directions.map(function (_, d) {
        const found = pmiek.loading.rows.filter(function (row) { return row[0] === asset && row[1] === state && row[3] === y && row[4] === d && row[5] !== null; });
        const short = found.filter(function (row) { return row[11] === 3; }).length;
        const top = found.reduce(function (best, row) { return heavier(row, best) ? row : best; }, null);
        if (!top) { return { text: "–", num: true }; }
        const bar = make("span", { class: "bar class-" + CODES[top[11]], style: "width:" + Math.min(100, top[5] / 2).toFixed(0) + "%" });
        const words = pmiek.number(top[5]) + "%" + (short ? " · " + pmiek.t("js.map_short_in", { n: short, total: found.length }) : "");
        return { node: make("span", { class: "year-cell" }, [make("span", { text: words }), bar]), num: true };
      }));
    });
    return pmiek.table(pmiek.t("js.map_years_of", { name: label(asset), state: pmiek.label("grid_state", form.elements.g.value) }), heads, rows);
  }
  function causes(id) {
    return (data.causes[id] || []).map(function (case_) {
      const parts = case_.sectors.map(function (s) { return pmiek.label("sector", s[0]) + " " + pmiek.number(100 * s[1]) + "%"; });
      return make("li", { text: pmiek.label("direction", case_.direction) + ", " + case_.year + ", " + pmiek.label("storyline", case_.storyline) + " (" + pmiek.label("grid_state", case_.grid_state) + "): " + parts.join(", ") });
    });
  }
  function assetPart(id) {
    const asset = position[id], now = selection(form.elements.g.value), row = now.heaviest.get(asset);
    const parts = [make("h3", { text: label(asset) }),
      make("p", { class: "small", text: pmiek.label("asset_class", fact(asset, "asset_class")) + " · " + fact(asset, "operator") + " · " + pmiek.label("quality", fact(asset, "quality")) })];
    if (row) {
      parts.push(make("p", { text: pmiek.label("map_class", CODES[row[11]]) + ": " + pmiek.t("js.peak") + " " + pmiek.number(row[8], 1) + " MW, " + pmiek.t("js.limit") + " " + pmiek.number(row[9], 1) + " MW (" + pmiek.label("direction", meta.directions[row[4]]) + ", " + meta.years[row[3]] + ", " + pmiek.label("storyline", meta.storylines[row[2]]) + ", " + pmiek.t("js.weather_year") + " " + row[7] + ")" }));
    } else { parts.push(make("p", { text: pmiek.t("js.map_no_data") })); }
    parts.push(yearTable(asset));
    const why = causes(id);
    if (why.length) { parts.push(make("h4", { text: pmiek.t("js.map_causes") }), make("ul", { class: "small" }, why)); }
    const projects = data.projects[id] || [];
    if (projects.length) {
      parts.push(make("h4", { text: pmiek.t("js.map_projects") }), make("ul", { class: "small" }, projects.map(function (p) {
        return make("li", {}, [make("a", { href: p.page, text: pmiek.named(p.name) }), document.createTextNode(" (" + pmiek.label("type", p.type) + ")")]);
      })));
    }
    parts.push(make("p", {}, [make("a", { href: link(asset, row), text: pmiek.t("js.map_open") })]));
    return parts;
  }
  function show() {
    if (!picked) { info.replaceChildren(make("p", { text: pmiek.t("js.map_pick") })); return; }
    const parts = [];
    if (picked.kind === "area") {
      const area = data.areas.features.filter(function (f) { return f.properties.gm_code === picked.id; })[0].properties;
      parts.push(make("h3", { text: area.name }));
      if (area.cluster) { parts.push(make("p", { class: "small", text: pmiek.t("js.map_cluster", { cluster: area.cluster }) })); }
      parts.push(make("p", {}, [make("a", { href: "municipalities.html#" + new URLSearchParams({ gm: area.gm_code }).toString(), text: pmiek.t("js.map_open_area", { name: area.name }) })]));
      (data.districts[area.gm_code] || []).filter(function (id) { return position[id] !== undefined; }).forEach(function (id) { parts.push.apply(parts, assetPart(id)); });
    } else if (picked.kind === "pin") {
      data.pins.features.filter(function (f) { return f.properties.project === picked.id; }).forEach(function (f) {
        parts.push(make("h3", {}, [make("a", { href: f.properties.page, text: pmiek.named(f.properties.name) })]));
      });
    } else {
      picked.assets.forEach(function (id) {
        if (position[id] !== undefined) { parts.push.apply(parts, assetPart(id)); return; }
        data.links.features.concat(data.sites.features).filter(function (f) { return f.properties.asset === id; }).forEach(function (f) {
          const p = f.properties;
          parts.push(make("h3", { text: pmiek.named(p.name) }), make("p", { text: pmiek.label("carrier", p.carrier) + ", " + pmiek.label("network_status", p.status) + (p.year ? ", " + p.year : "") + (p.capacity_mw ? ", " + pmiek.number(p.capacity_mw) + " MW" : "") }));
        });
      });
    }
    info.replaceChildren.apply(info, parts);
  }
  function pick(choice) { picked = choice; pmiek.setHash({ p: choice ? choice.kind + ":" + choice.id : "" }); show(); }
  function station(id) { return data.stations.features.filter(function (f) { return f.properties.station === id; })[0]; }
  function choose(kind, id) {
    if (kind === "station" && station(id)) { return { kind: kind, id: id, assets: station(id).properties.assets.split(";"), at: station(id).geometry.coordinates }; }
    if (kind === "area") { const f = data.labels.features.filter(function (x) { return x.properties.gm_code === id; })[0]; return f ? { kind: kind, id: id, at: f.geometry.coordinates } : null; }
    if (kind === "pin") { const f = data.pins.features.filter(function (x) { return x.properties.project === id; })[0]; return f ? { kind: kind, id: id, at: f.geometry.coordinates } : null; }
    return kind === "asset" ? { kind: kind, id: id, assets: [id], at: null } : null;
  }

  function fillTable(now) {
    const body = document.querySelector("#map-table tbody");
    const order = Array.from(now.heaviest.entries()).sort(function (a, b) { return b[1][5] - a[1][5]; });
    body.replaceChildren.apply(body, order.map(function (entry) {
      const asset = entry[0], row = entry[1];
      return make("tr", {}, [
        make("th", { scope: "row" }, [make("a", { href: link(asset, row), text: label(asset) })]),
        make("td", { text: pmiek.label("asset_class", fact(asset, "asset_class")) }),
        make("td", { text: pmiek.label("map_class", CODES[row[11]]) }),
        make("td", { class: "num", text: pmiek.t("js.map_of", { n: (now.short.get(asset) || new Set()).size, total: now.total }) }),
        make("td", { class: "num", text: pmiek.number(row[5]) }),
        make("td", { class: "num", text: pmiek.number(row[8], 1) }),
        make("td", { class: "num", text: pmiek.number(row[9], 1) }),
        make("td", { text: pmiek.label("storyline", meta.storylines[row[2]]) }),
        make("td", { class: "num", text: String(row[7]) }),
      ]);
    }));
  }
  function summary(now) {
    const drawn = new Set();
    data.stations.features.forEach(function (f) { f.properties.assets.split(";").forEach(function (id) { drawn.add(id); }); });
    data.lines.features.concat(data.links.features, data.sites.features).forEach(function (f) { drawn.add(f.properties.asset); });
    const counts = { available: 0, limited: 0, study: 0, shortage: 0 };
    now.heaviest.forEach(function (row, asset) { if (!outside(asset) && drawn.has(fact(asset, "asset_id"))) { counts[CODES[row[11]]] += 1; } });
    const storyline = form.elements.s.value;
    let text = pmiek.t("js.map_summary", Object.assign({
      year: now.year,
      storyline: shared(now.year) ? pmiek.label("storyline", meta.base.storyline) : storyline ? pmiek.label("storyline", storyline) : pmiek.t("js.map_any_storyline"),
      state: pmiek.label("grid_state", now.state),
      direction: form.elements.d.value ? pmiek.label("direction", form.elements.d.value) : pmiek.t("js.map_any_direction"),
    }, counts));
    if (shared(now.year)) { text += " " + pmiek.t("js.base_year", { year: now.year, storyline: pmiek.label("storyline", meta.base.storyline) }); }
    document.getElementById("map-summary").textContent = text;
  }

  const layers = function () { return Array.from(form.querySelectorAll('input[name="l"]')); };
  function draw() {
    const now = selection(form.elements.g.value);
    document.getElementById("map-year").textContent = now.year === undefined ? "" : String(now.year);
    form.elements.y.setAttribute("aria-valuetext", String(now.year));
    summary(now);
    fillTable(now);
    if (picked) { show(); }
    second();
    maps.forEach(function (map, i) { if (map.ready) { paint(map, i ? selection(form.elements.g2.value) : now); } });
    document.body.dataset.shown = [now.year, now.state, form.elements.s.value, form.elements.d.value].join("|");
  }

  function start(id) {
    const view = (pmiek.hash().v || "").split(",").map(Number), stored = view.length === 3 && view.every(isFinite);
    const map = new maplibregl.Map(Object.assign({
      container: id, style: pmiek.mapStyle(data), attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
      maxZoom: 14, minZoom: 6, locale: { "Map.Title": pmiek.t("js.map_frame"), "NavigationControl.ZoomIn": pmiek.t("js.map_zoom_in"), "NavigationControl.ZoomOut": pmiek.t("js.map_zoom_out") },
    }, stored ? { center: [view[0], view[1]], zoom: view[2] } : { bounds: data.bounds, fitBoundsOptions: { padding: 20 } }));
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibregl.ScaleControl({}), "bottom-left");
    pmiek.mapIcons(map);
    map.on("load", function () { map.ready = true; draw(); document.body.dataset.map = "ready"; });
    map.on("moveend", function () { const c = map.getCenter(); pmiek.setHash({ v: [c.lng.toFixed(4), c.lat.toFixed(4), map.getZoom().toFixed(2)].join(",") }); });
    map.on("move", function (event) {
      if (event.follows) { return; }
      maps.filter(function (other) { return other !== map; }).forEach(function (other) { other.jumpTo({ center: map.getCenter(), zoom: map.getZoom() }, { follows: true }); });
    });
    map.on("click", function (event) {
      const box = [[event.point.x - 5, event.point.y - 5], [event.point.x + 5, event.point.y + 5]];
      const found = map.queryRenderedFeatures(box, { layers: ["stations", "pins", "sites", "lines", "links", "areas"] })[0];
      if (!found) { pick(null); return; }
      const p = found.properties, layer = found.layer.id;
      pick(layer === "stations" ? choose("station", p.station) : layer === "pins" ? choose("pin", p.project) : layer === "areas" ? choose("area", p.gm_code) : choose("asset", p.asset));
    });
    map.on("mousemove", function (event) {
      const on = map.queryRenderedFeatures(event.point, { layers: ["stations", "pins", "sites", "lines", "links"] }).length;
      map.getCanvas().style.cursor = on ? "pointer" : "";
    });
    maps.push(map);
    return map;
  }
  /* The second map stands beside the first when a second grid state is chosen. */
  function second() {
    const node = document.getElementById("map-second"), wanted = form.elements.g2.value !== "";
    const turned = node.hidden === wanted;
    node.hidden = !wanted;
    if (wanted && maps.length === 1 && maps[0].ready) { start("map2"); }
    if (turned) { maps.forEach(function (map) { map.resize(); }); }
  }

  function restore() {
    const state = pmiek.hash();
    ["s", "g", "g2", "d"].forEach(function (name) { if (state[name] !== undefined) { form.elements[name].value = state[name]; } });
    if (state.l !== undefined) { layers().forEach(function (box) { box.checked = state.l.split(",").includes(box.value); }); }
    const year = meta.years.indexOf(Number(state.y));
    if (year >= 0) { form.elements.y.value = year; }
    if (form.elements.g.selectedIndex < 0) { form.elements.g.selectedIndex = 0; }
    const parts = (state.p || "").split(":");
    picked = parts.length > 1 ? choose(parts[0], parts.slice(1).join(":")) : null;
    if (picked) { show(); }
  }
  form.addEventListener("input", function (event) {
    if (event.target === search) { return; }
    pmiek.setHash({ s: form.elements.s.value, g: form.elements.g.value, g2: form.elements.g2.value, d: form.elements.d.value, y: meta.years[Number(form.elements.y.value)],
      l: layers().filter(function (box) { return box.checked; }).map(function (box) { return box.value; }).join(",") || "none" });
    draw();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); find(); });
  function find() {
    const wanted = search.value.trim().toLowerCase();
    const option = Array.from(document.querySelectorAll("#map-places option")).filter(function (o) { return o.value.toLowerCase() === wanted; })[0]
      || (wanted && Array.from(document.querySelectorAll("#map-places option")).filter(function (o) { return o.value.toLowerCase().includes(wanted); })[0]);
    const choice = option ? choose(option.dataset.kind, option.dataset.id) : null;
    if (!choice) { return; }
    pick(choice);
    if (choice.at && maps[0]) { maps[0].jumpTo({ center: choice.at, zoom: Math.max(maps[0].getZoom(), choice.kind === "area" ? 9.5 : 10.5) }); }
  }
  search.addEventListener("change", find);
  window.addEventListener("hashchange", function () { restore(); draw(); });
  const begin = meta.years.indexOf(2035) >= 0 ? meta.years.indexOf(2035) : Math.floor(meta.years.length / 2);
  form.elements.y.value = Math.max(begin, 0);
  restore();
  if (meta.years.length) { draw(); }
  /* The text comes first: the map is drawn once the page can be read. */
  requestAnimationFrame(function () { setTimeout(function () { start("map"); }, 0); });
})();
