"use strict";
/* Small multiples: variants on one axis per subject, the largest difference first; what is the same is said in a line. */
(function () {
  const pmiek = window.pmiek;
  if (!pmiek.choice) { return; }
  const data = pmiek.compare, make = pmiek.element;
  const SUBJECTS = ["waiting_mw", "waiting_homes", "waiting_firms", "space_ha", "co2_kt", "left", "take_off_gwh", "feed_in_gwh", "gap_meur", "transfers"];
  const ONE_DECIMAL = { space_ha: true, gap_meur: true, take_off_gwh: true, feed_in_gwh: true, transfers: true };
  const NS = "http://www.w3.org/2000/svg", INK = "#1b2733", SOFT = "#4a5866", RULE = "#c9d1d8", MARK = "#0b4f6c";
  const WIDTH = 440, LEFT = 150, RIGHT = 92, ROW = 26, TOP = 8;

  function svg(name, attributes, text) {
    const node = document.createElementNS(NS, name);
    Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    if (text !== undefined) { node.textContent = text; }
    return node;
  }
  function range(values) { return [Math.min.apply(null, values), Math.max.apply(null, values)]; }
  function written(ends, digits) {
    const low = pmiek.number(ends[0], digits), high = pmiek.number(ends[1], digits);
    return low === high ? low : low + "–" + high;
  }
  /* A sign per storyline, so that grey print tells them apart. */
  function sign(i, x, y) {
    const r = 4;
    if (i === 1) { return svg("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, fill: "#ffffff", stroke: MARK, "stroke-width": 1.6 }); }
    if (i === 2) { return svg("path", { d: "M" + x + " " + (y - r - 1) + "L" + (x + r + 1) + " " + (y + r) + "L" + (x - r - 1) + " " + (y + r) + "Z", fill: MARK }); }
    if (i === 3) { return svg("path", { d: "M" + x + " " + (y - r - 1) + "L" + (x + r + 1) + " " + y + "L" + x + " " + (y + r + 1) + "L" + (x - r - 1) + " " + y + "Z", fill: "#ffffff", stroke: MARK, "stroke-width": 1.6 }); }
    return svg("circle", { cx: x, cy: y, r: r, fill: MARK });
  }
  /* rows: {name, values by storyline}; ends: the shared axis. */
  function drawing(rows, ends, storylines, digits, label) {
    const height = TOP + rows.length * ROW + 22;
    const low = Math.min(0, ends[0]), high = ends[1] > 0 ? ends[1] : low < 0 ? 0 : 1;
    const x = function (v) { return LEFT + (v - low) / (high - low) * (WIDTH - LEFT - RIGHT); };
    const node = svg("svg", { viewBox: "0 0 " + WIDTH + " " + height, width: WIDTH, height: height, role: "img", "aria-label": label, "font-family": "Segoe UI, system-ui, Arial, sans-serif", "font-size": 12 });
    node.appendChild(svg("line", { x1: x(0), x2: x(0), y1: TOP, y2: TOP + rows.length * ROW, stroke: SOFT }));
    [low, high].filter(function (v) { return v === ends[0] || v === ends[1]; }).filter(Boolean).forEach(function (v) {
      node.appendChild(svg("line", { x1: x(v), x2: x(v), y1: TOP, y2: TOP + rows.length * ROW, stroke: RULE }));
      node.appendChild(svg("text", { x: x(v), y: height - 6, "text-anchor": "middle", fill: SOFT }, pmiek.number(v, digits)));
    });
    node.appendChild(svg("text", { x: x(0), y: height - 6, "text-anchor": "middle", fill: SOFT }, "0"));
    rows.forEach(function (row, i) {
      const y = TOP + i * ROW + ROW / 2, values = storylines.map(function (s) { return row.values[s] || 0; }), own = range(values);
      node.appendChild(svg("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end", fill: INK }, row.name));
      node.appendChild(svg("line", { x1: x(0), x2: x(own[0]), y1: y, y2: y, stroke: "#8fa9b6", "stroke-width": 2 }));
      node.appendChild(svg("line", { x1: x(own[0]), x2: x(own[1]), y1: y, y2: y, stroke: MARK, "stroke-width": 5, "stroke-opacity": 0.45 }));
      storylines.forEach(function (s) { node.appendChild(sign(pmiek.meta.storylines.indexOf(s) % 4, x(row.values[s] || 0), y)); });
      node.appendChild(svg("text", { x: WIDTH - RIGHT + 10, y: y + 4, fill: INK, "font-weight": 600 }, written(own, digits)));
    });
    return node;
  }
  function panel(title, rows, ends, storylines, digits, unit, source) {
    const heads = [{ text: pmiek.t("js.variant") }].concat(storylines.map(function (s) { return { text: pmiek.label("storyline", s) + " (" + unit + ")", num: true }; }));
    const lines = rows.map(function (row) { return [row.name].concat(storylines.map(function (s) { return row.values[s] || 0; })); });
    const figure = make("figure", { class: "panel-figure" }, [make("figcaption", { text: title }), drawing(rows, ends, storylines, digits, title), make("p", { class: "source", text: unit + ". " + pmiek.t("js.source", { file: source, batch: pmiek.meta.batch }) })]);
    pmiek.figureTools(figure, function () { return [heads.map(function (head) { return head.text; })].concat(lines); });
    return figure;
  }

  function at(rows, variant, storyline, year) {
    return rows.filter(function (row) { return row[1] === variant && row[0] === storyline && (row[2] === year || row[2] === 0); });
  }
  function byVariant(rows, now) {
    return now.variants.map(function (v) {
      const values = {};
      now.storylines.forEach(function (s) { values[s] = at(rows, v, s, now.year).reduce(function (sum, row) { return sum + row[row.length - 1]; }, 0); });
      return { code: v, name: pmiek.label("grid_state", v), values: values };
    });
  }
  function spread(rows, storylines) {
    const all = [].concat.apply([], rows.map(function (row) { return storylines.map(function (s) { return row.values[s] || 0; }); }));
    const worst = rows.map(function (row) { return Math.max.apply(null, storylines.map(function (s) { return row.values[s] || 0; })); });
    const most = Math.max.apply(null, all.map(Math.abs));
    const apart = Math.max.apply(null, storylines.map(function (s) { const own = rows.map(function (row) { return row.values[s] || 0; }); return Math.max.apply(null, own) - Math.min.apply(null, own); }));
    return { ends: range(all), worst: worst, most: most, apart: apart, relative: most ? apart / most : 0 };
  }
  /* The finding: where it is lowest and where highest, by the worst storyline. */
  function finding(what, rows, storylines, digits, unit) {
    const found = spread(rows, storylines);
    if (found.apart < (digits ? 0.05 : 0.5)) { return pmiek.t("js.finding_same", { what: what, n: written(found.ends, digits), unit: unit }); }
    const own = function (row) { return written(range(storylines.map(function (s) { return row.values[s] || 0; })), digits); };
    const low = rows[found.worst.indexOf(Math.min.apply(null, found.worst))], high = rows[found.worst.indexOf(Math.max.apply(null, found.worst))];
    return pmiek.t("js.finding", { what: what, low: low.name, least: own(low), high: high.name, most: own(high), unit: unit });
  }
  function subject(key) {
    const text = pmiek.label("variant_figure", key), found = /^(.*?) \(([^()]*)\)$/.exec(text);
    return found ? { what: found[1], unit: found[2] } : { what: text, unit: pmiek.t("js.number") };
  }

  function drawDifferences(now) {
    const holder = document.getElementById("differences"), same = [];
    const panels = SUBJECTS.filter(function (key) { return data.values[key]; }).map(function (key) {
      const rows = byVariant(data.values[key], now), found = spread(rows, now.storylines), digits = ONE_DECIMAL[key] ? 1 : 0, words = subject(key);
      if (found.apart < (digits ? 0.05 : 0.5)) { same.push(words.what + " (" + written(found.ends, digits) + " " + words.unit + ")"); return null; }
      return { relative: found.relative, node: function () { return panel(finding(words.what, rows, now.storylines, digits, words.unit), rows, found.ends, now.storylines, digits, words.unit, data.sources[key] || "bottlenecks.csv"); } };
    }).filter(Boolean).sort(function (a, b) { return b.relative - a.relative; });
    holder.replaceChildren.apply(holder, panels.map(function (p) { return p.node(); }));
    document.getElementById("same").textContent = same.length ? pmiek.t("js.same", { what: same.join("; ") }) : "";
    const key = document.getElementById("signs");
    key.replaceChildren.apply(key, now.storylines.map(function (s) {
      const node = svg("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" });
      node.appendChild(sign(pmiek.meta.storylines.indexOf(s) % 4, 7, 7));
      return make("li", {}, [node, document.createTextNode(" " + pmiek.label("storyline", s))]);
    }));
  }
  /* What each payer pays more or less than in the first chosen variant; payers without a difference are left out. */
  function drawPayers(now) {
    const holder = document.getElementById("payers"), first = now.variants[0];
    const value = function (v, s, payer) { return at(data.payers, v, s, now.year).filter(function (row) { return row[3] === payer; }).reduce(function (sum, row) { return sum + row[4]; }, 0); };
    const payers = Array.from(new Set(data.payers.map(function (row) { return row[3]; }))).sort();
    const made = now.variants.slice(1).map(function (v) {
      const rows = payers.map(function (payer) {
        const values = {};
        now.storylines.forEach(function (s) { values[s] = value(v, s, payer) - value(first, s, payer); });
        return { name: pmiek.label("payer", payer), values: values };
      });
      const total = now.storylines.map(function (s) { return rows.reduce(function (sum, row) { return sum + row.values[s]; }, 0); });
      return { v: v, rows: rows, total: range(total) };
    });
    const differs = payers.map(function (_, i) { return made.some(function (m) { return now.storylines.some(function (s) { return Math.abs(m.rows[i].values[s]) >= 0.5; }); }); });
    const shown = made.map(function (m) { return Object.assign({}, m, { rows: m.rows.filter(function (_, i) { return differs[i]; }) }); });
    const ends = range([0].concat.apply([0], shown.map(function (m) { return spread(m.rows, now.storylines).ends; })));
    const same = payers.filter(function (_, i) { return !differs[i]; });
    holder.replaceChildren.apply(holder, now.variants.length < 2 ? [make("p", { class: "empty", text: pmiek.t("js.choose_two") })] : shown.map(function (m) {
      const said = { variant: pmiek.label("grid_state", m.v), first: pmiek.label("grid_state", first).toLowerCase(), n: written(m.total[0] < 0 && m.total[1] <= 0 ? [-m.total[1], -m.total[0]] : m.total, 0) };
      const title = m.total[0] >= 0 ? pmiek.t("js.payer_more", said) : m.total[1] <= 0 ? pmiek.t("js.payer_less", said) : pmiek.t("js.payer_either", said);
      return panel(title, m.rows, ends, now.storylines, 0, pmiek.t("js.payer_unit"), "costs.csv");
    }));
    document.getElementById("payers-same").textContent = same.length && now.variants.length > 1 ? pmiek.t("js.payers_same", { payers: same.map(function (p) { return pmiek.label("payer", p); }).join(", ") }) : "";
  }
  function drawClusters(now) {
    const holder = document.getElementById("clusters-panels");
    if (!holder) { return; }
    const topic = document.querySelector('input[name="topic"]:checked').value, digits = ONE_DECIMAL[topic] ? 1 : 0;
    const relative = topic === "cost", words = relative ? { what: pmiek.t("js.cost_more"), unit: pmiek.t("js.payer_unit") } : subject(topic);
    const names = Array.from(new Set([].concat.apply([], Object.keys(data.clusters).map(function (key) { return data.clusters[key].map(function (row) { return row[3]; }); })))).sort();
    const made = names.map(function (name) {
      const rows = byVariant((data.clusters[topic] || []).filter(function (row) { return row[3] === name; }), now);
      const base = Object.assign({}, rows[0].values);
      if (relative) { rows.forEach(function (row) { now.storylines.forEach(function (s) { row.values[s] -= base[s]; }); }); }
      return { name: name, rows: relative ? rows.slice(1) : rows };
    }).filter(function (m) { return m.rows.length; });
    const ends = range([0].concat.apply([0], made.map(function (m) { return spread(m.rows, now.storylines).ends; })));
    holder.replaceChildren.apply(holder, made.map(function (m) {
      return panel(finding(pmiek.t("js.in_cluster", { cluster: m.name, what: words.what }), m.rows, now.storylines, digits, words.unit), m.rows, ends, now.storylines, digits, words.unit, data.sources[topic] || "costs.csv");
    }));
  }
  /* What is built: a panel per kind on its own axis. Power of successive voltage levels is never added. */
  function drawBuilt(now) {
    const holder = document.getElementById("built");
    const kinds = Array.from(new Set(data.built.filter(function (row) { return row[2] === now.year; }).map(function (row) { return row[3]; }))).sort();
    const panels = kinds.map(function (kind) {
      const parts = kind.split(">"), name = parts.length > 1 ? pmiek.label("carrier", parts[0]) + ": " + pmiek.label("asset_class", parts[1]) : pmiek.label("asset_class", kind);
      const rows = byVariant(data.built.filter(function (row) { return row[3] === kind && row[2] === now.year; }), now), found = spread(rows, now.storylines);
      return found.most < 0.5 ? null : panel(finding(name[0].toUpperCase() + name.slice(1), rows, now.storylines, 0, "MW"), rows, found.ends, now.storylines, 0, "MW", "capacity.csv");
    }).filter(Boolean);
    holder.replaceChildren.apply(holder, panels.length ? panels : [make("p", { class: "empty", text: pmiek.t("js.built_none") })]);
  }
  function draw() {
    const now = pmiek.choice();
    if (!now.variants.length || !now.storylines.length) {
      ["differences", "payers", "clusters-panels", "built"].forEach(function (id) { const node = document.getElementById(id); if (node) { node.replaceChildren(make("p", { class: "empty", text: pmiek.t("js.choose_some") })); } });
      return;
    }
    drawDifferences(now);
    drawPayers(now);
    drawClusters(now);
    drawBuilt(now);
  }
  Array.from(document.querySelectorAll('input[name="topic"]')).forEach(function (box) {
    box.addEventListener("input", function () { pmiek.setHash({ t: box.value }); drawClusters(pmiek.choice()); });
  });
  const given = pmiek.hash().t;
  Array.from(document.querySelectorAll('input[name="topic"]')).forEach(function (box) { if (box.value === given) { box.checked = true; } });
  pmiek.onChoice(draw);
})();
