"use strict";
/* One asset: its own data script is loaded when it is chosen. */
(function () {
  const pmiek = window.pmiek;
  const meta = pmiek.meta;
  const form = document.getElementById("asset-controls");
  if (!form) { return; }
  const make = pmiek.element;
  const root = document.body.dataset.root;
  const names = ["id", "d", "g", "s", "y"];
  const months = pmiek.t("js.months");
  let loaded = null;

  function chosen() {
    const out = {};
    names.forEach(function (name) { out[name] = form.elements[name].value; });
    out.y = Number(out.y);
    if (meta.base && out.y === meta.base.year) { out.s = meta.base.storyline; }
    return out;
  }
  function fits(item, now, any) {
    return item.d === now.d && item.g === now.g && item.y === now.y && (any || item.s === now.s);
  }
  /* Which case a figure shows: no figure stands without it. */
  function caseOf(item, year) {
    return [pmiek.label("direction", item.d), pmiek.label("grid_state", item.g), item.s ? pmiek.label("storyline", item.s) : "", year ? String(item.y) : ""].filter(Boolean).join(", ");
  }
  function say(node, text) { node.replaceChildren(make("p", { class: "empty", text: text })); }

  function drawDuration(now) {
    const node = document.getElementById("duration");
    const holder = document.getElementById("duration-table");
    const curves = loaded.duration.filter(function (item) { return fits(item, now, true); });
    holder.replaceChildren();
    if (!curves.length) { Plotly.purge(node); say(node, pmiek.t("js.no_curve")); return; }
    if (node.querySelector(".empty")) { node.replaceChildren(); }
    const traces = curves.map(function (curve) {
      const i = meta.storylines.indexOf(curve.s);
      return {
        type: "scatter", mode: "lines", name: pmiek.label("storyline", curve.s) + " (" + pmiek.t("js.weather_year") + " " + curve.w + ")",
        x: curve.q.map(function (q) { return 100 * (1 - q); }), y: curve.v,
        line: { color: pmiek.colours[i % 8], dash: pmiek.dashes[i % 4], width: curve.s === now.s ? 4 : 2 },
      };
    });
    const over = curves.filter(function (curve) { return Math.max.apply(null, curve.v) > 100; });
    pmiek.draw(node, traces, {
      title: { text: pmiek.t("js.duration_finding", { n: over.length, total: curves.length, case_: caseOf({ d: now.d, g: now.g, y: now.y }, true) }), font: { size: 14 }, x: 0.02, xanchor: "left" },
      xaxis: { title: { text: pmiek.t("js.share_of_hours") }, range: [0, 100], fixedrange: true, gridcolor: "#e1e6ea" },
      yaxis: { title: { text: pmiek.t("js.loading") }, rangemode: "tozero", fixedrange: true, gridcolor: "#e1e6ea" },
      shapes: [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: 100, y1: 100, line: { color: "#a3123a", width: 2, dash: "dash" } }],
      annotations: [{ xref: "paper", x: 1, y: 100, text: pmiek.t("js.norm"), showarrow: false, xanchor: "right", yanchor: "bottom", font: { color: "#a3123a" } }],
      legend: { orientation: "h", y: node.clientWidth < 560 ? -0.5 : -0.28, x: 0 },
      height: node.clientWidth < 560 ? 440 : 380,
    });
    const marks = [1, 0.999, 0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0];
    const at = function (curve, q) {
      let best = 0;
      curve.q.forEach(function (x, i) { if (Math.abs(x - q) < Math.abs(curve.q[best] - q)) { best = i; } });
      return curve.v[best];
    };
    const heads = [{ text: pmiek.t("js.share_of_hours"), num: true }].concat(curves.map(function (c) { return { text: pmiek.label("storyline", c.s), num: true }; }));
    const rows = marks.map(function (q) {
      return [{ text: pmiek.number(100 * (1 - q), 1), num: true }].concat(curves.map(function (c) { return { text: pmiek.number(at(c, q), 1), num: true }; }));
    });
    holder.append(make("details", {}, [make("summary", { text: pmiek.t("js.as_table") }), pmiek.table(pmiek.t("js.loading") + " (" + caseOf({ d: now.d, g: now.g, y: now.y }, true) + ")", heads, rows)]));
  }

  function heatColour(value) {
    if (value === null) { return ["#ffffff", "#4a5866"]; }
    if (value > meta.classes[2]) { return ["#a3123a", "#ffffff"]; }
    if (value > meta.classes[1]) { return ["#e8820c", "#1b2733"]; }
    if (value >= meta.classes[0]) { return ["#ffd84d", "#1b2733"]; }
    return [value >= 60 ? "#cfdde4" : value >= 40 ? "#dfe9ee" : "#eff4f6", "#1b2733"];
  }
  function drawHeat(now) {
    const node = document.getElementById("heat");
    const map = loaded.heat.find(function (item) { return fits(item, now, false); });
    if (!map) { say(node, pmiek.t("js.no_heat")); return; }
    const hours = Array.from({ length: 24 }, function (_, i) { return make("th", { scope: "col", text: String(i) }); });
    const head = make("tr", {}, [make("th", { scope: "col", text: pmiek.t("js.month_hour") })].concat(hours));
    const rows = map.z.map(function (line, month) {
      return make("tr", {}, [make("th", { scope: "row", text: months[month] })].concat(line.map(function (value) {
        const colours = heatColour(value);
        return make("td", { style: "background:" + colours[0] + ";color:" + colours[1], text: pmiek.number(value) });
      })));
    });
    const caption = caseOf(map, true) + ", " + pmiek.t("js.weather_year") + " " + map.w + ", " + pmiek.t("js.top") + " " + pmiek.number(map.top) + "%";
    const table = make("table", { class: "heat" }, [make("caption", { text: caption }), make("thead", {}, [head]), make("tbody", {}, rows)]);
    node.replaceChildren(make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption }, [table]));
  }

  /* Every local hour of the year, of the heaviest case that was kept; the months below it are the table. */
  function drawDays(now) {
    const node = document.getElementById("days"), words = document.getElementById("days-case");
    const map = loaded.days.find(function (item) { return item.d === now.d; });
    words.textContent = "";
    if (!map) { Plotly.purge(node); node.style.height = ""; say(node, pmiek.t("js.no_days")); return; }
    if (node.querySelector(".empty")) { node.replaceChildren(); }
    words.textContent = pmiek.t("js.days_case", { direction: pmiek.label("direction", map.d), state: pmiek.label("grid_state", map.g), storyline: pmiek.label("storyline", map.s), year: map.y, weather: map.w, top: pmiek.number(map.top) });
    const own = map.g === now.g && map.s === now.s && map.y === now.y;
    if (!own) {
      const other = make("button", { type: "button", class: "mini", text: pmiek.t("js.days_choose") });
      other.addEventListener("click", function () { ["d", "g", "s", "y"].forEach(function (name) { form.elements[name].value = map[name]; }); save(); });
      words.append(document.createTextNode(" " + pmiek.t("js.days_other") + " "), other);
    }
    const starts = [1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];
    const most = Math.max(meta.classes[2], map.top);
    const at = function (value) { return value / most; };
    const edges = [[0, "#eff4f6"], [at(meta.classes[0]), "#cfdde4"], [at(meta.classes[0]), "#ffd84d"], [at(meta.classes[1]), "#ffd84d"], [at(meta.classes[1]), "#e8820c"], [at(meta.classes[2]), "#e8820c"], [at(meta.classes[2]), "#a3123a"], [1, "#a3123a"]];
    pmiek.draw(node, [{
      type: "heatmap", z: map.z, x: Array.from({ length: 365 }, function (_, i) { return i + 1; }), y: Array.from({ length: 24 }, function (_, i) { return i; }),
      zmin: 0, zmax: most, colorscale: edges, hoverongaps: false,
      colorbar: { title: { text: pmiek.t("js.loading"), side: "right" }, thickness: 14 },
      hovertemplate: pmiek.t("js.day") + " %{x}, %{y}:00: %{z}%<extra></extra>",
    }], {
      title: { text: caseOf(map, true), font: { size: 14 }, x: 0.02, xanchor: "left" },
      xaxis: { title: { text: pmiek.t("js.day_of_year") }, tickvals: starts, ticktext: months, fixedrange: true },
      yaxis: { title: { text: pmiek.t("js.hour_of_day") }, tickvals: [0, 6, 12, 18, 23], fixedrange: true },
      height: 360, margin: { l: 60, r: 20, t: 40, b: 70 },
    });
  }

  function drawShares(now) {
    const node = document.getElementById("shares");
    const item = loaded.shares.find(function (share) { return fits(share, now, false); });
    if (!item) { say(node, pmiek.t("js.no_shares")); return; }
    const block = function (group, title, pairs) {
      return pmiek.table(title + " (" + caseOf(now, true) + ")", [{ text: title }, { text: pmiek.t("js.share"), num: true }, { text: "" }], pairs.map(function (pair) {
        const bar = make("span", { class: "share-bar", style: "width:" + Math.max(0, Math.min(100, 100 * pair[1])) + "%" });
        return [{ text: pmiek.label(group, pair[0]) }, { text: pmiek.number(100 * pair[1], 1), num: true }, { node: bar }];
      }));
    };
    const blocks = [block("sector", pmiek.t("js.sector"), item.sector)];
    if (item.gm.length) { blocks.push(block("municipality", pmiek.t("js.municipality"), item.gm)); }
    node.replaceChildren(make("div", { class: "two" }, blocks));
  }

  function drawRows(now) {
    const node = document.getElementById("rows");
    const mine = loaded.rows.filter(function (row) { return row.d === now.d && row.g === now.g; });
    if (!mine.length) { say(node, pmiek.t("js.no_rows")); return; }
    const heads = [
      { text: pmiek.t("js.year") }, { text: pmiek.t("js.storyline") }, { text: pmiek.t("js.loading"), num: true },
      { text: pmiek.t("js.exceedance"), num: true }, { text: pmiek.t("js.hours"), num: true },
      { text: pmiek.t("js.contingency") }, { text: pmiek.t("js.sensitive") },
    ];
    node.replaceChildren(pmiek.table(form.elements.id.selectedOptions[0].textContent + ", " + pmiek.label("grid_state", now.g) + ", " + pmiek.label("direction", now.d), heads, mine.map(function (row) {
      const sensitive = /^(true|1|yes|ja|vanishes)$/i.test(row.sensitive);
      return [
        { text: String(row.y) }, { text: pmiek.label("storyline", row.s) },
        { text: pmiek.number(row.pct), num: true }, { text: pmiek.number(row.mw, 1), num: true }, { text: pmiek.number(row.hours), num: true },
        { text: row.n + (row.outage ? ": " + pmiek.outage(row.outage) : "") },
        { text: sensitive ? pmiek.t("js.affirmed") : pmiek.t("js.denied") },
      ];
    })));
  }
  /* Further checks: one block per table that has rows for the choice; codes are put into words by column. */
  const coded = { gm_code: "municipality", binding_outage: "asset", fault: "asset", maintenance: "asset", sector: "sector", stations: "station", grid_state: "grid_state", direction: "direction", vanishing_ids: "direction", appearing_ids: "direction", measure: "measure" };
  function cellText(column, value) {
    if (value === null || value === "") { return { text: "–" }; }
    if (typeof value === "number") {
      const whole = /year|hours|^n_|runs|bottlenecks$|units|mwh/.test(column) && !/meur/.test(column);
      if (/(^|_)years?$|weather_year$/.test(column) && value > 1900) { return { text: String(value), num: true }; }
      if (column === "share") { return { text: pmiek.number(100 * value) + "%", num: true }; }
      return { text: pmiek.number(value, whole ? 0 : column === "voltage_pu" ? 2 : 1), num: true };
    }
    const text = value.split(";").map(function (part) {
      const code = part.trim();
      if (coded[column] === "asset") { return pmiek.outage(code); }
      if (coded[column]) { return pmiek.label(coded[column], code); }
      const known = "check_value." + code.toLowerCase().replace(/ /g, "_");
      return pmiek.words.labels[known] || (meta.names[code] ? pmiek.named(meta.names[code]) : code);
    }).join(", ");
    return { text: text };
  }
  /* Which checks stand where; what is in neither list is for specialists. */
  const PLACES = { flexibility: ["flexibility", "flexibility_measures"], sure: ["weather_distribution", "weather_market", "bottleneck_margin", "near_bottlenecks", "capacity_sensitivity"] };
  function checkRows(name, now) {
    const check = loaded.checks[name];
    if (!check) { return []; }
    const wanted = { direction: now.d, grid_state: now.g, storyline: now.s, year: now.y };
    return check.rows.filter(function (row) {
      return check.choice.every(function (column, i) { return row[i] === null || row[i] === wanted[column]; });
    });
  }
  /* Cells of a check's row by column. */
  function named(name, row) {
    const check = loaded.checks[name], out = {};
    check.columns.forEach(function (column, i) { out[column] = row[check.choice.length + i]; });
    return out;
  }
  function checkBlock(name, now) {
    const check = loaded.checks[name], rows = checkRows(name, now);
    if (!rows.length) { return null; }
    const start = check.choice.length;
    const heads = check.columns.map(function (column, i) {
      return { text: pmiek.label("check_column", column), num: rows.every(function (row) { return typeof row[start + i] === "number"; }) };
    });
    const title = pmiek.label("check", name);
    const table = pmiek.table(title, heads, rows.map(function (row) { return check.columns.map(function (column, i) { return cellText(column, row[start + i]); }); }));
    const parts = [make("h4", { text: title })];
    if (pmiek.words.labels["check_text." + name]) { parts.push(make("p", { text: pmiek.label("check_text", name) })); }
    parts.push(table, make("p", { class: "source", text: pmiek.t("js.source", { file: name + ".csv", batch: meta.batch }) }));
    return make("div", { "data-check": name }, parts);
  }
  function drawChecks(now) {
    const taken = [].concat(PLACES.flexibility, PLACES.sure);
    const lists = { flexibility: PLACES.flexibility, sure: PLACES.sure, further: Object.keys(loaded.checks).filter(function (name) { return !taken.includes(name); }) };
    Object.keys(lists).forEach(function (place) {
      const node = document.getElementById("checks-" + place);
      const blocks = lists[place].map(function (name) { return checkBlock(name, now); }).filter(Boolean);
      node.replaceChildren.apply(node, blocks);
      if (place === "flexibility" && !blocks.length) { say(node, meta.has_flexibility ? pmiek.t("js.no_flexibility_need") : pmiek.t("js.no_flexibility")); }
      if (place === "further") { document.getElementById("further").hidden = !blocks.length; }
    });
  }

  /* What is short (MW) by storyline over the years; the year that all share is in each. */
  function linesOf(over) {
    const lines = {};
    meta.storylines.forEach(function (s) {
      const line = meta.years.map(function (year) {
        const source = meta.base && year === meta.base.year ? meta.base.storyline : s;
        const row = over.find(function (r) { return r.s === source && r.y === year; });
        return row ? row.mw : null;
      });
      if (line.some(Boolean)) { lines[s] = line; }
    });
    return lines;
  }
  function drawFacts(now) {
    const node = document.getElementById("facts"), holder = document.getElementById("facts-section");
    const table = loaded.facts ? pmiek.factsTable(loaded.facts, [loaded.station], now.s, meta.years, meta.base ? [meta.base.year, meta.base.storyline] : null) : null;
    const lines = (loaded.stated || []).map(function (fact) {
      const text = fact["statement_" + pmiek.words.language] || "";
      return make("li", { text: pmiek.label("direction", fact.direction) + (fact.year ? ", " + fact.year : "") + ": " + text + (fact.value_mw !== null ? " (" + pmiek.number(fact.value_mw) + " MW)" : "") });
    });
    holder.hidden = !table && !lines.length;
    node.replaceChildren.apply(node, [].concat(table ? [table] : [], lines.length ? [make("ul", {}, lines)] : []));
  }
  /* Both directions of the asset in the chosen storyline and year, and the chosen one in words. */
  function drawBrief(now) {
    const heads = ["direction", "loading", "peak_mw", "limit_mw", "exceedance", "hours", "contingency", "over_years", "line", "storylines"].map(function (key, i) {
      return { text: pmiek.t("js.brief_" + key), num: i > 0 && i !== 6 && i !== 7 && i !== 8 };
    });
    const words = document.getElementById("brief-words");
    words.textContent = pmiek.t("js.brief_none", { direction: pmiek.label("direction", now.d), year: now.y, storyline: pmiek.label("storyline", now.s) });
    const rows = meta.directions.map(function (direction) {
      const here = Object.assign({}, now, { d: direction });
      const heaviest = checkRows("loading", here).map(function (row) { return named("loading", row); }).sort(function (a, b) { return b.loading_pct - a.loading_pct; })[0];
      const over = loaded.rows.filter(function (row) { return row.d === direction && row.g === now.g; });
      const mine = over.find(function (row) { return row.y === now.y && row.s === now.s; });
      const first = over.length ? Math.min.apply(null, over.map(function (row) { return row.y; })) : null;
      const count = new Set(over.filter(function (row) { return !meta.base || row.y !== meta.base.year; }).map(function (row) { return row.s; })).size;
      const lines = linesOf(over);
      const outage = mine ? (mine.outage ? pmiek.outage(mine.outage) : pmiek.t("js.brief_all_in")) : heaviest && heaviest.binding_outage ? pmiek.outage(heaviest.binding_outage) : "–";
      if (mine && direction === now.d) {
        const share = loaded.shares.find(function (item) { return fits(item, now, false); });
        const said = { year: now.y, storyline: pmiek.label("storyline", now.s), mw: pmiek.number(mine.mw), direction: pmiek.label("direction", direction), hours: pmiek.number(mine.hours), limit: pmiek.number(mine.limit), first: first, n: count, total: meta.storylines.length };
        words.textContent = pmiek.t("js.brief_words", said) + (mine.outage ? " " + pmiek.t("js.brief_outage", { outage: pmiek.outage(mine.outage) }) : "") +
          (share ? " " + pmiek.t("js.brief_cause", { causes: pmiek.listed(share.sector.slice(0, 3).map(function (pair) { return pmiek.inside(pmiek.label("sector", pair[0])) + " (" + pmiek.number(100 * pair[1]) + "%)"; })) }) : "");
      }
      const value = function (number, digits) { return { text: pmiek.number(number, digits), num: true }; };
      return [{ text: pmiek.label("direction", direction) }, value(mine ? mine.pct : heaviest ? heaviest.loading_pct : null), value(heaviest ? heaviest.peak_mw : null), value(mine ? mine.limit : heaviest ? heaviest.limit_mw : null),
        value(mine ? mine.mw : heaviest ? 0 : null), value(mine ? mine.hours : heaviest ? 0 : null), { text: outage }, { text: pmiek.grew(lines[now.s], meta.years) || pmiek.t("js.grew_none") }, { node: pmiek.miniLine(lines, meta.years, now.s) }, { text: count + "/" + meta.storylines.length, num: true }];
    });
    document.getElementById("brief").replaceChildren(pmiek.stacked(pmiek.table(pmiek.t("js.brief_caption", { year: now.y, storyline: pmiek.label("storyline", now.s), state: pmiek.label("grid_state", now.g) }), heads, rows), heads));
  }
  /* How sure we are, in words: the capacity, one size more, the weather, the futures. */
  function drawSure(now) {
    const mine = loaded.rows.find(function (row) { return fits(row, now, false) && row.g === now.g; });
    const lines = [];
    if (loaded.quality) { lines.push(pmiek.t("js.sure_quality", { quality: pmiek.label("quality", loaded.quality) })); }
    if (mine) { lines.push(/^(true|1|yes|ja|vanishes)$/i.test(mine.sensitive) ? pmiek.t("js.sure_vanishes") : pmiek.t("js.sure_stays")); }
    const weather = checkRows("weather_distribution", now).map(function (row) { return named("weather_distribution", row); })[0];
    if (weather && typeof weather.years_with_exceedance === "number") { lines.push(pmiek.t("js.sure_weather", { n: pmiek.number(weather.years_with_exceedance), total: pmiek.number(weather.weather_years) })); }
    const futures = new Set(loaded.rows.filter(function (row) { return row.d === now.d && row.g === now.g && row.y === now.y; }).map(function (row) { return row.s; })).size;
    if (!(meta.base && now.y === meta.base.year)) { lines.push(pmiek.t("js.sure_storylines", { n: pmiek.number(futures), total: pmiek.number(meta.storylines.length), year: now.y })); }
    const node = document.getElementById("sure-words");
    node.replaceChildren.apply(node, lines.map(function (text) { return make("li", { text: text }); }));
  }
  function drawProjects() {
    const node = document.getElementById("solving");
    if (!loaded.projects.length) { say(node, pmiek.t("js.no_projects")); return; }
    node.replaceChildren(make("ul", {}, loaded.projects.map(function (project) {
      return make("li", {}, [make("a", { href: project.page, text: pmiek.named(project.name) }), document.createTextNode(" "), make("span", { class: "badge badge-" + project.type, text: pmiek.label("type", project.type) })]);
    })));
  }

  function draw() {
    const now = chosen();
    document.getElementById("asset-name").textContent = form.elements.id.selectedOptions[0].textContent;
    const shared = meta.base && now.y === meta.base.year;
    document.getElementById("asset-state").replaceChildren();
    if (shared) { document.getElementById("asset-state").append(make("p", { class: "small", text: pmiek.t("js.base_year", { year: now.y, storyline: pmiek.label("storyline", meta.base.storyline) }) })); }
    drawBrief(now);
    drawFacts(now);
    drawDuration(now);
    drawDays(now);
    drawHeat(now);
    drawShares(now);
    drawRows(now);
    drawChecks(now);
    drawSure(now);
    drawProjects();
    document.body.dataset.ready = loaded.id;
  }
  function load() {
    const id = form.elements.id.value;
    if (loaded && loaded.id === id) { draw(); return; }
    const script = make("script", { src: root + "data/assets/" + meta.files[id] });
    script.onload = function () {
      script.remove();
      if (pmiek.asset.id === form.elements.id.value) { loaded = pmiek.asset; draw(); }
    };
    document.body.appendChild(script);
  }
  function restore() {
    const state = pmiek.hash();
    names.forEach(function (name) { if (state[name] !== undefined) { form.elements[name].value = state[name]; } });
    if (state.id !== undefined && !meta.files[state.id]) { document.getElementById("asset-state").append(make("p", { class: "empty", text: pmiek.t("js.no_asset") })); }
    names.forEach(function (name) { if (form.elements[name].selectedIndex < 0) { form.elements[name].selectedIndex = 0; } });
  }
  function save() {
    const state = {};
    names.forEach(function (name) { state[name] = form.elements[name].value; });
    pmiek.setHash(state);
    load();
  }
  form.addEventListener("input", save);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", function () { restore(); load(); });
  if (form.elements.y.options.length > 2) { form.elements.y.selectedIndex = 2; }
  if (meta.first) { names.forEach(function (name) { if (meta.first[name] !== undefined) { form.elements[name].value = meta.first[name]; } }); }
  restore();
  load();
})();
