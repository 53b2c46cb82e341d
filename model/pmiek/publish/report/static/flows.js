"use strict";
/* Energy flows of one run, year and cluster as a Sankey figure and as a table; each run has its own script. */
(function () {
  const pmiek = window.pmiek;
  const form = document.getElementById("flow-controls");
  if (!form) { return; }
  const make = pmiek.element, root = document.body.dataset.root;
  const names = ["s", "v", "y", "c"];
  const COLOURS = { electricity: "#0b4f6c", heat: "#a3123a", methane: "#7a5c1e", hydrogen: "#2aa1b8" };
  const WEAK = { electricity: "rgba(11,79,108,.35)", heat: "rgba(163,18,58,.35)", methane: "rgba(122,92,30,.4)", hydrogen: "rgba(42,161,184,.4)" };
  const ONE_NODE = ["unserved", "curtailed", "loss", "storage_charge", "storage_discharge"];
  const LEAST_SHARE = 0.01;
  const SOURCES = ["supply", "exchange", "storage_discharge", "unserved"];
  let loaded = null;

  /* A node is kind:name; the name is a carrier, a sector, a technology or an asset. */
  function label(node) {
    const cut = node.indexOf(":"), kind = node.slice(0, cut), name = node.slice(cut + 1);
    if (kind === "carrier") { return pmiek.label("carrier", name); }
    const thing = ["sector", "flow_item", "asset_class", "carrier"].map(function (group) { return pmiek.words.labels[group + "." + name]; }).find(Boolean) || name.replace(/_/g, " ");
    const plain = ["demand", "supply", "conversion", "exchange"].includes(kind) || name === "conversion";
    return plain ? thing : pmiek.label("flow_kind", kind) + (name && name !== kind ? ": " + thing : "");
  }
  function kind(node) { return node.slice(0, node.indexOf(":")); }
  function rows() { return ((loaded.years[form.elements.y.value] || {})[form.elements.c.value] || []).slice().sort(function (a, b) { return b[3] - a[3]; }); }

  /* In the figure each kind of loss is one node, and what is too small to read goes together; the table names all. */
  function grouped(found) {
    const through = {};
    found.forEach(function (f) { [f[0], f[1]].forEach(function (i) { through[i] = (through[i] || 0) + f[3]; }); });
    const least = LEAST_SHARE * Math.max.apply(null, Object.values(through));
    const place = function (i) {
      const name = loaded.nodes[i];
      if (ONE_NODE.includes(kind(name))) { return kind(name) + ":" + kind(name); }
      return (kind(name) === "demand" || kind(name) === "supply") && through[i] < least ? kind(name) + ":other_small" : name;
    };
    const sums = new Map();
    found.forEach(function (f) {
      const key = [place(f[0]), place(f[1]), f[2]].join("|");
      sums.set(key, (sums.get(key) || 0) + f[3]);
    });
    return Array.from(sums.entries()).map(function (entry) { const parts = entry[0].split("|"); return [parts[0], parts[1], Number(parts[2]), entry[1]]; });
  }
  function draw() {
    const node = document.getElementById("flow"), holder = document.getElementById("flow-table"), words = document.getElementById("flow-words");
    const found = rows();
    if (!found.length) {
      words.textContent = pmiek.t("js.no_flow");
      Plotly.purge(node);
      node.style.height = "";
      holder.replaceChildren();
      document.body.dataset.ready = "empty";
      return;
    }
    const shown = grouped(found);
    const used = Array.from(new Set([].concat.apply([], shown.map(function (f) { return [f[0], f[1]]; }))));
    const narrow = node.clientWidth < 560;
    pmiek.draw(node, [{
      type: "sankey", orientation: "h", textfont: { size: narrow ? 10 : 13 }, arrangement: "snap", valuesuffix: " GWh", valueformat: ",.0f",
      node: {
        label: used.map(label), pad: 12, thickness: 16, line: { width: 0.5, color: "#1b2733" },
        color: used.map(function (name) { return kind(name) === "carrier" ? COLOURS[name.split(":")[1]] || "#4a5866" : "#98a4ad"; }),
      },
      link: {
        source: shown.map(function (f) { return used.indexOf(f[0]); }), target: shown.map(function (f) { return used.indexOf(f[1]); }),
        value: shown.map(function (f) { return f[3]; }), color: shown.map(function (f) { return WEAK[loaded.carriers[f[2]]] || "rgba(74,88,102,.35)"; }),
      },
    }], { height: Math.max(420, 24 * used.length), margin: { l: 12, r: 12, t: 20, b: 20 } });
    const inward = found.filter(function (f) { return SOURCES.includes(kind(loaded.nodes[f[0]])); });
    const top = inward.slice(0, 3).map(function (f) { return pmiek.inside(label(loaded.nodes[f[0]])) + " (" + pmiek.number(f[3]) + " GWh)"; });
    words.textContent = pmiek.t("js.flow_words", {
      total: pmiek.number(inward.reduce(function (sum, f) { return sum + f[3]; }, 0)), place: form.elements.c.selectedOptions[0].textContent,
      year: form.elements.y.value, top: pmiek.listed(top),
    });
    const heads = [{ text: pmiek.t("js.flow_from") }, { text: pmiek.t("js.flow_to") }, { text: pmiek.t("js.flow_carrier") }, { text: pmiek.t("js.gwh"), num: true }];
    const table = pmiek.table(pmiek.t("js.flow_caption"), heads, found.map(function (f) {
      return [{ text: label(loaded.nodes[f[0]]) }, { text: label(loaded.nodes[f[1]]) }, { text: pmiek.label("carrier", loaded.carriers[f[2]]) }, { text: pmiek.number(f[3], 1), num: true, v: f[3] }];
    }));
    table.querySelector("table").id = "flow-list";
    const before = holder.querySelector("details");
    holder.replaceChildren(make("details", before && before.open ? { open: "" } : {}, [make("summary", { text: pmiek.t("js.as_table") }), table]));
    document.body.dataset.ready = form.elements.s.value + "|" + form.elements.v.value;
  }
  function load() {
    const key = form.elements.s.value + "|" + form.elements.v.value, file = pmiek.meta.flows[key];
    if (!file) { loaded = { years: {} }; draw(); return; }
    const script = make("script", { src: root + "data/flows/" + file });
    script.onload = function () {
      script.remove();
      if (key === form.elements.s.value + "|" + form.elements.v.value) { loaded = pmiek.flow; draw(); }
    };
    document.body.appendChild(script);
  }
  function restore() {
    const state = pmiek.hash();
    names.forEach(function (name) {
      if (state[name] !== undefined) { form.elements[name].value = state[name]; }
      if (form.elements[name].selectedIndex < 0) { form.elements[name].selectedIndex = 0; }
    });
  }
  form.addEventListener("input", function (event) {
    const state = {};
    names.forEach(function (name) { state[name] = form.elements[name].value; });
    pmiek.setHash(state);
    if (loaded && (event.target.name === "y" || event.target.name === "c")) { draw(); } else { load(); }
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", function () { restore(); load(); });
  restore();
  load();
})();
