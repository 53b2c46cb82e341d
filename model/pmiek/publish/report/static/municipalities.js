"use strict";
/* One municipality: growth per sector, its stations, the bottlenecks it contributes to, and the projects. */
(function () {
  const pmiek = window.pmiek;
  const form = document.getElementById("town-controls");
  if (!form) { return; }
  const data = pmiek.municipalities;
  const make = pmiek.element;
  const names = ["gm", "s", "g", "c"];
  const SHOWN = 7;

  function say(node, text) { node.replaceChildren(make("p", { class: "empty", text: text })); }
  /* A year that only one storyline has stands for all of them. */
  function values(byStoryline, storyline) {
    const own = (byStoryline || {})[storyline] || {};
    const base = data.base ? (byStoryline || {})[data.base.storyline] || {} : {};
    const out = {};
    Object.keys(Object.assign({}, base, own)).forEach(function (name) {
      out[name] = data.years.map(function (year, i) {
        const source = data.base && data.base.years.includes(year) ? base : own;
        return (source[name] || [])[i] || 0;
      });
    });
    Object.keys(out).forEach(function (name) { if (!out[name].some(Boolean)) { delete out[name]; } });
    return out;
  }
  function total(series) {
    return data.years.map(function (_, i) { return Object.keys(series).reduce(function (sum, name) { return sum + series[name][i]; }, 0); });
  }
  function ordered(series) {
    const last = data.years.length - 1;
    return Object.keys(series).sort(function (a, b) { return Math.max(series[b][last], series[b][0]) - Math.max(series[a][last], series[a][0]); });
  }
  function growthTable(caption, series, unit, decimals) {
    const heads = [{ text: pmiek.t("js.sector") + " (" + unit + ")" }].concat(data.years.map(function (y) { return { text: String(y), num: true }; }));
    const line = function (name, list) { return [{ text: name }].concat(list.map(function (v) { return { text: pmiek.number(v, decimals), num: true }; })); };
    const rows = ordered(series).map(function (name) { return line(pmiek.label("sector", name), series[name]); });
    return pmiek.table(caption, heads, rows.concat([line(pmiek.t("js.total"), total(series))]));
  }
  function drawGrowth(town, now) {
    const node = document.getElementById("growth");
    const holder = document.getElementById("growth-table");
    const series = values(town.demand[now.c], now.s);
    holder.replaceChildren();
    if (!Object.keys(series).length) { Plotly.purge(node); say(node, pmiek.t("js.no_demand")); return series; }
    if (node.querySelector(".empty")) { node.replaceChildren(); }
    const list = ordered(series);
    const traces = list.slice(0, SHOWN).map(function (name) { return { name: pmiek.label("sector", name), y: series[name] }; });
    if (list.length > SHOWN) {
      const rest = {};
      list.slice(SHOWN).forEach(function (name) { rest[name] = series[name]; });
      traces.push({ name: pmiek.t("js.other"), y: total(rest) });
    }
    pmiek.draw(node, traces.map(function (trace, i) {
      return Object.assign(trace, { type: "bar", x: data.years.map(String), marker: { color: pmiek.colours[i % 8], pattern: { shape: pmiek.patterns[i % 8], fillmode: "overlay", fgcolor: "#ffffff", solidity: 0.18, size: 7 } } });
    }), {
      barmode: "stack", bargap: 0.4,
      xaxis: { type: "category", fixedrange: true }, yaxis: { title: { text: "GWh" }, fixedrange: true, gridcolor: "#e1e6ea", rangemode: "tozero" },
      legend: { orientation: "h", y: -0.12, x: 0, traceorder: "normal" }, height: node.clientWidth < 560 ? 520 : 420,
    });
    const caption = pmiek.t("js.demand_caption", { carrier: pmiek.label("carrier", now.c), storyline: pmiek.label("storyline", now.s) });
    holder.append(make("details", {}, [make("summary", { text: pmiek.t("js.as_table") }), growthTable(caption, series, "GWh", 1)]));
    return series;
  }
  function drawSupply(town, now) {
    const node = document.getElementById("supply-table");
    const series = values(town.supply, now.s);
    if (!Object.keys(series).length) { say(node, pmiek.t("js.no_supply")); return; }
    node.replaceChildren(growthTable(pmiek.t("js.supply_caption", { storyline: pmiek.label("storyline", now.s) }), series, "MW", 1));
  }
  function drawStations(town) {
    const node = document.getElementById("stations");
    if (!town.stations.length) { say(node, pmiek.t("js.no_stations")); return; }
    const heads = [{ text: pmiek.t("js.station") }, { text: pmiek.t("js.load_share"), num: true }, { text: pmiek.t("js.field_share"), num: true }];
    node.replaceChildren(pmiek.table(document.getElementById("stations-title").textContent, heads, town.stations.map(function (row) {
      const name = row[0] === "outside" ? pmiek.t("js.outside_grid") : pmiek.label("station", row[0]);
      const cell = row[1] ? { node: make("a", { href: "assets.html#" + new URLSearchParams({ id: row[1] }).toString(), text: name }) } : { text: name };
      return [cell, { text: pmiek.number(100 * row[2]), num: true }, { text: pmiek.number(100 * row[3]), num: true }];
    })));
  }
  /* The bottlenecks of the chosen grid, and what they are in the chosen storyline. */
  function here(town, now) {
    return town.bottlenecks.filter(function (row) { return row[1] === now.g; }).map(function (row) {
      const record = data.found[row[0]], mw = record.mw[now.g] || {};
      const base = data.shared && mw[data.shared[1]] ? mw[data.shared[1]] : null;
      /* The year that all storylines share is in the line of each. */
      const lines = {};
      data.all.forEach(function (s) {
        const own = mw[s] || data.screened.map(function () { return null; });
        const line = own.map(function (v, i) { return base && data.shared[0] === data.screened[i] ? base[i] : v; });
        if (line.some(function (v) { return v; })) { lines[s] = line; }
      });
      const later = data.all.filter(function (s) { return (mw[s] || []).some(function (v, i) { return v && !(data.shared && data.shared[0] === data.screened[i]); }); });
      return { record: record, share: row[2], lines: lines, n: later.length };
    });
  }
  function worstYear(values) {
    let best = 0;
    values.forEach(function (v, i) { if ((v || 0) > (values[best] || 0)) { best = i; } });
    return data.screened[best];
  }
  function drawBottlenecks(town, now) {
    const node = document.getElementById("town-bottlenecks");
    const found = here(town, now);
    if (!found.length) { say(node, pmiek.t("js.no_town_bottlenecks")); return; }
    const heads = [
      { text: pmiek.t("js.asset") }, { text: pmiek.t("js.direction") }, { text: pmiek.t("js.short_in", { storyline: pmiek.label("storyline", now.s) }) },
      { text: pmiek.t("js.over_years", { first: data.screened[0], last: data.screened[data.screened.length - 1] }) }, { text: pmiek.t("js.storylines_short"), num: true }, { text: pmiek.t("js.share"), num: true },
    ];
    const caption = pmiek.t("js.town_caption", { state: pmiek.label("grid_state", now.g), storyline: pmiek.label("storyline", now.s) });
    node.replaceChildren(pmiek.stacked(pmiek.table(caption, heads, found.map(function (item) {
      const own = item.lines[now.s], shown = own ? now.s : Object.keys(item.lines)[0];
      const state = { id: item.record.id, d: item.record.d, g: now.g, s: shown, y: worstYear(item.lines[shown] || []) };
      const link = make("a", { href: "assets.html#" + new URLSearchParams(state).toString(), text: pmiek.label("asset", item.record.id) });
      return [{ node: link }, { text: pmiek.label("direction", item.record.d) }, { text: pmiek.grew(own, data.screened) || pmiek.t("js.grew_none") }, { node: pmiek.miniLine(item.lines, data.screened, now.s) },
        { text: item.n + "/" + data.all.length, num: true }, { text: pmiek.number(100 * item.share), num: true }];
    })), heads));
  }
  function drawFacts(town, now) {
    const node = document.getElementById("facts");
    const ids = town.stations.map(function (row) { return row[0]; }).filter(function (id) { return id !== "outside"; });
    const table = data.facts && pmiek.factsTable(data.facts, ids, now.s, data.screened, data.shared);
    if (!table) { say(node, pmiek.t("js.no_facts")); return; }
    node.replaceChildren(table);
  }
  function drawProjects(town) {
    const node = document.getElementById("town-projects");
    if (!town.projects.length) { say(node, pmiek.t("js.no_town_projects")); return; }
    node.replaceChildren(make("ul", {}, town.projects.map(function (project) {
      const facts = [project.here ? pmiek.t("js.in_town") : "", project.share ? pmiek.t("js.through_bottleneck", { share: pmiek.number(100 * project.share) }) : "",
        project.need_year_earliest ? pmiek.t("js.needed_from", { year: project.need_year_earliest }) : ""].filter(Boolean).join("; ");
      return make("li", {}, [make("a", { href: project.page, text: pmiek.named(project.name) }), document.createTextNode(" "),
        make("span", { class: "badge badge-" + project.type, text: pmiek.label("type", project.type) }), document.createTextNode(" "), make("span", { class: "small", text: facts })]);
    })));
  }
  /* Medium and low voltage: what the neighbourhoods and villages need, in the chosen storyline. */
  function drawMvLv(town, now) {
    const node = document.getElementById("mv-lv");
    if (!node) { return; }
    const rows = town.mv_lv.filter(function (row) { return row[0] === now.s && row[6] > 0; });
    if (!rows.length) { say(node, pmiek.t("js.no_mv_lv")); return; }
    const heads = ["year", "class", "direction", "need", "stations", "cable", "space", "cost"].map(function (key, i) { return { text: pmiek.t("js.mv_" + key), num: i > 2 }; });
    node.replaceChildren(pmiek.table(pmiek.t("js.mv_caption", { storyline: pmiek.label("storyline", now.s) }), heads, rows.map(function (row) {
      const range = row[7] !== row[8] ? " (" + pmiek.number(row[7]) + "–" + pmiek.number(row[8]) + ")" : "";
      return [{ text: String(row[1]) }, { text: pmiek.label("asset_class", row[2]) }, { text: row[3] ? pmiek.label("direction", row[3]) : "–" }, { text: pmiek.number(row[5], 1), num: true },
        { text: pmiek.number(row[6]) + range, num: true }, { text: pmiek.number(row[9], 1), num: true }, { text: pmiek.number(row[10], 2), num: true }, { text: pmiek.number(row[11], 1), num: true }];
    })));
  }
  function words(town, now, series) {
    const all = total(series), last = data.years.length - 1;
    const grown = ordered(series).sort(function (a, b) { return (series[b][last] - series[b][0]) - (series[a][last] - series[a][0]); }).filter(function (name) { return series[name][last] > series[name][0]; });
    const inState = function (g) { return here(town, { g: g, s: now.s }).filter(function (item) { return item.lines[now.s]; }).length; };
    const frozen = inState("frozen"), left = inState("nulalternatief");
    const text = [];
    if (all.some(Boolean)) {
      text.push(pmiek.t("js.town_demand", { carrier: pmiek.label("carrier", now.c), from: pmiek.number(all[0]), to: pmiek.number(all[last]), first: data.years[0], last: data.years[last], storyline: pmiek.label("storyline", now.s) }));
    }
    if (grown.length) { text.push(pmiek.t("js.town_growth", { sectors: grown.slice(0, 3).map(function (name) { return pmiek.inside(pmiek.label("sector", name)) + " (+" + pmiek.number(series[name][last] - series[name][0]) + " GWh)"; }).join(", ") })); }
    text.push(pmiek.t("js.town_bottlenecks", { frozen: frozen, left: left, storyline: pmiek.label("storyline", now.s) }));
    text.push(pmiek.t("js.town_projects", { n: town.projects.length }));
    document.getElementById("town-words").textContent = text.join(" ");
  }

  function draw() {
    const now = {};
    names.forEach(function (name) { now[name] = form.elements[name].value; });
    const town = data.towns[now.gm];
    document.getElementById("town-name").textContent = pmiek.label("municipality", now.gm);
    const series = drawGrowth(town, now);
    drawSupply(town, now);
    drawStations(town);
    drawBottlenecks(town, now);
    drawFacts(town, now);
    drawProjects(town);
    drawMvLv(town, now);
    words(town, now, series);
    document.body.dataset.ready = now.gm;
  }
  function restore() {
    const state = pmiek.hash();
    names.forEach(function (name) {
      if (state[name] !== undefined) { form.elements[name].value = state[name]; }
      if (form.elements[name].selectedIndex < 0) { form.elements[name].selectedIndex = 0; }
    });
  }
  form.addEventListener("input", function () {
    const state = {};
    names.forEach(function (name) { state[name] = form.elements[name].value; });
    pmiek.setHash(state);
    draw();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", function () { restore(); draw(); });
  restore();
  draw();
})();
