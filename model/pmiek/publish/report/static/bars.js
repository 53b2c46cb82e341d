"use strict";
/* Bars per storyline beside each other with one shared vertical axis, and the same figures as a table. */
(function () {
  const pmiek = window.pmiek;
  if (!pmiek.choice) { return; }
  const data = pmiek.compare, make = pmiek.element;
  const units = { bottlenecks: pmiek.t("js.number"), emissions: pmiek.t("js.kt"), unfit: pmiek.t("js.gwh"), exceedance: pmiek.t("js.gwh"), transfers: pmiek.t("js.meur") };
  const REFERENCE = ["frozen"];
  const MOST_ROWS = 12;

  function distinct(rows, i) { return Array.from(new Set(rows.map(function (row) { return row[i]; }))); }
  function groupLabel(group, code) {
    if (group === "transfer") {
      const parts = code.split(">");
      return pmiek.label("payer", parts[0]) + " → " + pmiek.label("payer", parts[1]) + ": " + pmiek.label("transfer_reason", parts[2]);
    }
    return pmiek.label(group, code);
  }
  /* rows: storyline, variant, year, group, value; today's grid stands beside the variants as a reference. */
  function chosen(name, now) {
    const all = data.measures[name].rows;
    const variants = REFERENCE.filter(function (v) { return all.some(function (row) { return row[1] === v; }); }).concat(now.variants);
    return { variants: variants, rows: all.filter(function (row) { return now.storylines.includes(row[0]) && variants.includes(row[1]); }) };
  }
  /* Figures run over the years; those of two directions are split, and nothing is stacked. */
  function shape(found) {
    const groups = distinct(found.rows, 3).sort();
    const split = groups.length > 1 && groups.every(function (g) { return pmiek.meta.directions.includes(g); });
    return { rows: found.rows, groups: groups, split: split };
  }
  function pattern(i) { return pmiek.patterns[(i + Math.floor(i / 8)) % 8]; }
  function traces(found, form, now) {
    const order = REFERENCE.concat(data.variants);
    const series = form.split ? [].concat.apply([], found.variants.map(function (v) { return form.groups.map(function (g) { return [v, g]; }); })) : found.variants;
    const categories = distinct(form.rows, 2).sort();
    const label = function (item) { return form.split ? pmiek.label("grid_state", item[0]) + ", " + pmiek.label("direction", item[1]) : pmiek.label("grid_state", item); };
    const fits = function (row, item) { return form.split ? row[1] === item[0] && row[3] === item[1] : row[1] === item; };
    const out = [];
    now.storylines.forEach(function (storyline, facet) {
      series.forEach(function (item) {
        const colour = order.indexOf(form.split ? item[0] : item);
        const hatch = form.split ? (form.groups.indexOf(item[1]) ? "/" : "") : pattern(colour);
        out.push({
          type: "bar", name: label(item), legendgroup: String(item), showlegend: facet === 0,
          x: categories.map(String),
          y: categories.map(function (category) {
            return form.rows.filter(function (row) { return row[0] === storyline && row[2] === category && fits(row, item); })
              .reduce(function (sum, row) { return sum + row[4]; }, 0);
          }),
          xaxis: "x" + (facet + 1), yaxis: "y" + (facet + 1),
          marker: { color: pmiek.colours[colour % 8], pattern: { shape: hatch, fillmode: "overlay", fgcolor: "#ffffff", solidity: 0.18, size: 7 } },
        });
      });
    });
    return { traces: out, bars: categories.length };
  }
  function layout(name, node, bars, now) {
    const narrow = node.clientWidth < 560, n = now.storylines.length;
    const out = { barmode: "group", annotations: [], bargap: Math.max(0.2, 0.8 - 0.12 * bars * n), height: narrow ? 200 * n + 130 : 400, margin: { l: 62, r: 16, t: 34, b: 60 } };
    out.grid = narrow ? { rows: n, columns: 1, pattern: "independent", ygap: 0.5 } : { rows: 1, columns: n, pattern: "independent", xgap: 0.05 };
    now.storylines.forEach(function (storyline, facet) {
      const i = facet + 1;
      out["xaxis" + i] = { type: "category", fixedrange: true, tickangle: 0, automargin: true };
      out["yaxis" + i] = { fixedrange: true, gridcolor: "#e1e6ea", zerolinecolor: "#4a5866", rangemode: "tozero", tickformat: ",", matches: i > 1 ? "y" : undefined, showticklabels: narrow || i === 1, title: narrow || i === 1 ? { text: units[name] } : undefined };
      out.annotations.push({ text: pmiek.label("storyline", storyline), showarrow: false, xref: "x" + i + " domain", yref: "y" + i + " domain", x: 0.5, y: 1.02, yanchor: "bottom", font: { size: 13 } });
    });
    out.legend = { orientation: "h", y: narrow ? -0.08 : -0.18, x: 0 };
    return out;
  }
  function tableOf(node, name, found) {
    const measure = data.measures[name];
    const columns = distinct(found.rows, 2).sort();
    const lines = [];
    found.variants.forEach(function (v) {
      distinct(found.rows.filter(function (row) { return row[1] === v; }), 0).forEach(function (s) {
        const here = found.rows.filter(function (row) { return row[1] === v && row[0] === s; });
        distinct(here, 3).sort().forEach(function (g) {
          const values = columns.map(function (c) {
            return here.filter(function (row) { return row[2] === c && row[3] === g; }).reduce(function (sum, row) { return sum + row[4]; }, 0);
          });
          lines.push([{ text: pmiek.label("grid_state", v) }, { text: pmiek.label("storyline", s) }, { text: groupLabel(measure.group, g) }].concat(values.map(function (x) { return { text: pmiek.number(x, measure.decimals), num: true }; })));
        });
      });
    });
    const heads = [{ text: pmiek.t("js.variant") }, { text: pmiek.t("js.storyline") }, { text: node.dataset.head }].concat(columns.map(function (c) { return { text: String(c), num: true }; }));
    const table = pmiek.stacked(pmiek.table(node.dataset.caption, heads, lines), heads);
    if (name === "transfers" && lines.length <= MOST_ROWS) { node.replaceChildren(table); return; }
    const before = node.querySelector("details");
    const details = make("details", before && before.open ? { open: "" } : {}, [make("summary", { text: pmiek.t("js.as_table") }), table]);
    node.replaceChildren(details);
  }
  /* A figure is drawn when it comes near the screen, so that the page is there at once; on paper all are. */
  const near = new Set();
  const nodes = Array.from(document.querySelectorAll("[data-compare]"));
  function drawFigure(node) {
    const now = pmiek.choice();
    if (!now.variants.length || !now.storylines.length) { return; }
    const name = node.dataset.compare, found = chosen(name, now), form = shape(found);
    const made = traces(found, form, now);
    /* A figure in a closed fold has no width yet; opening the fold brings it near. */
    if (!node.clientWidth) { return; }
    pmiek.draw(node, made.traces, layout(name, node, made.bars, now));
    node.dataset.drawn = "";
  }
  const watcher = new IntersectionObserver(function (entries) {
    entries.filter(function (entry) { return entry.isIntersecting; }).forEach(function (entry) {
      watcher.unobserve(entry.target);
      near.add(entry.target);
      drawFigure(entry.target);
    });
  }, { rootMargin: "300px" });
  nodes.forEach(function (node) { watcher.observe(node); });
  window.addEventListener("beforeprint", function () { nodes.forEach(drawFigure); });
  pmiek.onChoice(function () {
    const now = pmiek.choice();
    if (!now.variants.length || !now.storylines.length) { return; }
    near.forEach(drawFigure);
    Array.from(document.querySelectorAll("[data-compare-table]")).forEach(function (node) { tableOf(node, node.dataset.compareTable, chosen(node.dataset.compareTable, now)); });
  });
})();
