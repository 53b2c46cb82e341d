"use strict";
/* What is short over the years: in one phrase and in a small line; what is published beside what is modelled. */
(function () {
  const pmiek = window.pmiek, make = pmiek.element;
  const NS = "http://www.w3.org/2000/svg";
  function svg(name, attributes, children) {
    const node = document.createElementNS(NS, name);
    Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { node.appendChild(child); });
    return node;
  }
  /* Years with a value, of one storyline: [year, MW] pairs. */
  function pairs(values, years) {
    return years.map(function (year, i) { return [year, values ? values[i] : null]; }).filter(function (pair) { return pair[1] !== null && pair[1] > 0; });
  }
  /* First year with its MW, then how it moves to its last: never the MW of one year with another year. */
  pmiek.grew = function (values, years) {
    const found = pairs(values, years);
    if (!found.length) { return ""; }
    const first = found[0], last = found[found.length - 1];
    const said = { mw: pmiek.number(first[1], first[1] < 10 ? 1 : 0), year: first[0], end: pmiek.number(last[1], last[1] < 10 ? 1 : 0), last: last[0] };
    if (found.length === 1 || said.mw === said.end) { return pmiek.t("js.grew_one", said); }
    return pmiek.t(last[1] > first[1] ? "js.grew_more" : "js.grew_less", said);
  };
  /* The chosen storyline as a thick line with a dot per year, the others thin; the words are in its label. */
  pmiek.miniLine = function (byStoryline, years, chosen) {
    const W = 110, H = 30, PAD = 4;
    const names = Object.keys(byStoryline);
    const top = Math.max.apply(null, [0.1].concat(names.map(function (s) { return Math.max.apply(null, byStoryline[s].map(function (v) { return v || 0; })); })));
    const x = function (i) { return years.length < 2 ? W / 2 : PAD + i * (W - 2 * PAD) / (years.length - 1); };
    const y = function (v) { return H - PAD - (v || 0) / top * (H - 2 * PAD); };
    const line = function (s) { return byStoryline[s].map(function (v, i) { return x(i).toFixed(1) + "," + y(v).toFixed(1); }).join(" "); };
    const parts = [svg("line", { x1: 0, x2: W, y1: H - PAD, y2: H - PAD, class: "mini-axis" })];
    names.filter(function (s) { return s !== chosen; }).forEach(function (s) { parts.push(svg("polyline", { points: line(s), class: "mini-other" })); });
    if (byStoryline[chosen]) {
      parts.push(svg("polyline", { points: line(chosen), class: "mini-own" }));
      byStoryline[chosen].forEach(function (v, i) { if (v) { parts.push(svg("circle", { cx: x(i), cy: y(v), r: 2.6, class: "mini-dot" })); } });
    }
    const words = names.map(function (s) { return pmiek.label("storyline", s) + ": " + (pmiek.grew(byStoryline[s], years) || pmiek.t("js.grew_none")); }).join("; ");
    return svg("svg", { viewBox: "0 0 " + W + " " + H, width: W, height: H, role: "img", "aria-label": words, class: "mini" }, parts);
  };

  function span(stated, digits) {
    if (!stated) { return { text: "–", num: true }; }
    return { node: make("span", {}, [document.createTextNode(pmiek.number(stated[0], digits)), make("span", { class: "small", text: " (" + stated[1] + ")" })]), num: true };
  }
  function plainYear(stated) { return stated ? { text: String(Math.round(stated[0])) + " (" + stated[1] + ")", num: true } : { text: "–", num: true }; }
  /* Published figures with their day beside those of the model, a row per station and direction. */
  pmiek.factsTable = function (facts, stations, storyline, years, shared) {
    const at = {};
    facts.columns.forEach(function (name, i) { at[name] = i; });
    const first = 0, last = years.length - 1;
    const peak = function (model, i) {
      if (!model) { return { text: "–", num: true }; }
      const source = shared && shared[0] === years[i] ? shared[1] : storyline;
      return { text: pmiek.number((model.peaks[source] || [])[i], 1), num: true };
    };
    const rows = [];
    stations.forEach(function (id) {
      ["take-off", "feed-in"].forEach(function (direction) {
        const told = (facts.published[id] || {})[direction], model = (facts.modelled[id] || {})[direction];
        if (!told && !model) { return; }
        const value = function (name) { return told ? told.values[name] : null; };
        const name = model ? { node: make("a", { href: "assets.html#" + new URLSearchParams({ id: model.asset, d: direction }).toString(), text: pmiek.label("station", id) }) } : { text: pmiek.label("station", id) };
        rows.push([name, { text: pmiek.label("direction", direction) }, span(value("existing_capacity_mw"), 1), span(value("needed_capacity_mw"), 1), span(value("queue_mw"), 1),
          plainYear(value("year_solved_regional") || value("year_solved_transmission")), { text: model ? pmiek.number(model.limit, 1) : "–", num: true }, peak(model, first), peak(model, last)]);
      });
    });
    if (!rows.length) { return null; }
    const heads = ["station", "direction", "capacity", "needed", "queue", "solved", "limit"].map(function (key, i) { return { text: pmiek.t("js.fact_" + key), num: i > 1 }; })
      .concat([first, last].map(function (i) { return { text: pmiek.t("js.fact_peak", { year: years[i] }), num: true }; }));
    return pmiek.stacked(pmiek.table(pmiek.t("js.fact_caption", { storyline: pmiek.label("storyline", storyline) }), heads, rows), heads);
  };
})();
