"use strict";
/* Bars per storyline beside each other, with one shared vertical axis. */
(function () {
  const pmiek = window.pmiek;
  const units = { costs: "js.meur", build: "js.mw", bottlenecks: "js.number", emissions: "js.kt", unfit: "js.gwh", exceedance: "js.gwh" };
  const texts = { "js.meur": pmiek.t("js.meur"), "js.mw": pmiek.t("js.mw"), "js.number": pmiek.t("js.number"), "js.kt": pmiek.t("js.kt"), "js.gwh": pmiek.t("js.gwh") };

  function distinct(rows, i) { return Array.from(new Set(rows.map(function (row) { return row[i]; }))); }
  function storylineOrder(rows) {
    const found = distinct(rows, 0);
    return pmiek.meta.storylines.filter(function (s) { return found.includes(s); });
  }

  /* rows: storyline, variant, year, group, value */
  function draw(node) {
    const name = node.dataset.compare;
    const data = pmiek.compare[name];
    const select = document.querySelector('[data-figure-year="' + name + '"]');
    let rows = data.rows;
    const perYear = rows.some(function (row) { return row[2] !== 0; }) && !select;
    if (select) { rows = rows.filter(function (row) { return String(row[2]) === select.value; }); }
    const storylines = storylineOrder(data.rows);
    const known = distinct(data.rows, 1);
    const variants = pmiek.meta.states.filter(function (v) { return known.includes(v); })
      .concat(known.filter(function (v) { return !pmiek.meta.states.includes(v); }).sort());
    const narrow = node.clientWidth < 560;
    const across = perYear ? 2 : 1;
    const split = perYear && distinct(data.rows, 3).length > 1 && distinct(data.rows, 3).every(function (g) { return pmiek.meta.directions.includes(g); });
    const groups = distinct(data.rows, 3).sort();
    const series = split ? [].concat.apply([], variants.map(function (v) { return groups.map(function (g) { return [v, g]; }); })) : perYear ? variants : groups;
    const seriesGroup = perYear ? "grid_state" : data.group;
    const names = function (item) { return split ? pmiek.label("grid_state", item[0]) + ", " + pmiek.label("direction", item[1]) : pmiek.label(seriesGroup, item); };
    const fits = function (row, item) { return split ? row[1] === item[0] && row[3] === item[1] : row[perYear ? 1 : 3] === item; };
    const categories = perYear ? distinct(rows, 2).sort() : variants;
    const traces = [];
    storylines.forEach(function (storyline, facet) {
      series.forEach(function (item, i) {
        const values = categories.map(function (category) {
          return rows.filter(function (row) { return row[0] === storyline && row[across] === category && fits(row, item); })
            .reduce(function (sum, row) { return sum + row[4]; }, 0);
        });
        traces.push({
          type: "bar", name: names(item), legendgroup: String(item), showlegend: facet === 0,
          x: categories.map(function (c) { return perYear ? String(c) : pmiek.label("grid_state", c); }),
          y: values, xaxis: "x" + (facet + 1), yaxis: "y" + (facet + 1),
          marker: { color: pmiek.colours[(split ? variants.indexOf(item[0]) : i) % 8], pattern: { shape: split ? (groups.indexOf(item[1]) ? "/" : "") : pmiek.patterns[i % 8], fillmode: "overlay", fgcolor: "#ffffff", solidity: 0.18, size: 7 } },
        });
      });
    });
    const layout = { barmode: perYear ? "group" : "stack", annotations: [], bargap: Math.max(0.2, 0.8 - 0.12 * categories.length * storylines.length), height: narrow ? 190 * storylines.length + 110 : 380 };
    layout.grid = narrow ? { rows: storylines.length, columns: 1, pattern: "independent", ygap: 0.45 } : { rows: 1, columns: storylines.length, pattern: "independent", xgap: 0.05 };
    storylines.forEach(function (storyline, facet) {
      const n = facet + 1;
      layout["xaxis" + n] = { type: "category", fixedrange: true, tickangle: perYear ? 0 : "auto" };
      layout["yaxis" + n] = { fixedrange: true, gridcolor: "#e1e6ea", zerolinecolor: "#4a5866", rangemode: "tozero", matches: n > 1 ? "y" : undefined, showticklabels: narrow || n === 1, title: narrow || n === 1 ? { text: texts[units[name]] } : undefined };
      layout.annotations.push({ text: pmiek.label("storyline", storyline), showarrow: false, xref: "x" + n + " domain", yref: "y" + n + " domain", x: 0.5, y: 1.02, yanchor: "bottom", font: { size: 13 } });
    });
    layout.legend = { orientation: "h", y: narrow ? -0.06 : -0.2, x: 0 };
    pmiek.draw(node, traces, layout);
  }

  Array.from(document.querySelectorAll("[data-compare]")).forEach(function (node) {
    draw(node);
    const select = document.querySelector('[data-figure-year="' + node.dataset.compare + '"]');
    if (select) { select.addEventListener("input", function () { draw(node); }); }
  });
})();
