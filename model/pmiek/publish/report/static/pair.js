"use strict";
/* Two projects side by side: which criteria make the difference, and what would have to change. */
(function () {
  const pmiek = window.pmiek;
  const form = document.getElementById("pair");
  if (!form) { return; }
  const data = pmiek.ranking, own = pmiek.weights, make = pmiek.element;
  const out = document.getElementById("pair-words");
  const holder = document.getElementById("pair-table");
  const MOST = 3;
  const points = function (value) { return pmiek.number(Math.abs(value), 1); };
  const name = function (id) { return pmiek.named(data.projects[id].name); };
  const criterion = function (c) { return pmiek.label("criterion", own.criteria[c]).replace(/\u00ad/g, "").toLowerCase(); };

  /* How many points of the total each criterion brings. */
  function shares(item) { return item.parts.points.map(function (value) { return item.used > 0 ? value / item.used : 0; }); }
  function indicatorValue(item) {
    if (!item[6]) { return pmiek.t("js.unknown_value"); }
    const number = Number(item[2]);
    if (item[2] === "") { return "–"; }
    if (!isFinite(number)) {
      const named = ["decision_status", "certainty", "extendable"].map(function (group) { return pmiek.words.labels[group + "." + item[2]]; }).find(Boolean);
      return named || pmiek.label("check_value", item[2]);
    }
    if (/^(jaar|year)$/.test(item[3]) && number > 1900 && number < 2200) { return String(number); }
    return pmiek.number(number, Number.isInteger(number) || Math.abs(number) >= 100 ? 0 : 1) + (item[3] ? " " + pmiek.label("score_unit", item[3].replace(/ /g, "_").toLowerCase()) : "");
  }
  /* Per indicator how many points of the difference it makes. */
  function indicators(above, below) {
    const find = function (id, key) { return data.projects[id].i.find(function (item) { return item[1] === key; }); };
    const factor = own.factor();
    const gain = function (item, total) { return item && item[4] !== null && total > 0 ? factor[item[0]] * item[5] * item[4] / total : 0; };
    const keys = Array.from(new Set(data.projects[above.id].i.concat(data.projects[below.id].i).map(function (item) { return item[1]; }))).filter(Boolean);
    return keys.map(function (key) {
      const a = find(above.id, key), b = find(below.id, key);
      return { key: key, a: a, b: b, c: (a || b)[0], difference: gain(a, above.used) - gain(b, below.used) };
    });
  }
  function reason(above, below) {
    if (above.list !== below.list) { return pmiek.t("js.pair_lists"); }
    if (below.rank === null) { return pmiek.t("js.pair_unscored", { below: name(below.id) }); }
    if (above.group === below.group && above.priority !== below.priority) {
      return pmiek.t("js.pair_tie", {
        margin: pmiek.number(data.margin), first: pmiek.label("priority_class", data.projects[above.id].priority_class).toLowerCase(),
        second: pmiek.label("priority_class", data.projects[below.id].priority_class).toLowerCase(),
      });
    }
    return "";
  }
  function certainty(above, below) {
    if (!own.atDefault() || above.list !== below.list) { return ""; }
    const given = data.swaps[above.id + "|" + below.id];
    return given === undefined ? pmiek.t("js.pair_certain", { n: pmiek.number(100 * data.certain) }) : pmiek.t("js.pair_open", { n: pmiek.number(100 * given) });
  }
  /* Which single change would put the lower project above the other. */
  function changes(above, below) {
    const found = [], factor = own.factor(), values = own.values();
    const gap = above.score - below.score;
    if (above.list !== below.list) { return found; }
    if (gap > 0) {
      below.parts.used.forEach(function (used, c) {
        if (used <= 0) { return; }
        const now = below.parts.points[c] / used, needed = now + gap * below.used / used;
        if (needed <= 100) { found.push(pmiek.t("js.pair_score", { below: name(below.id), criterion: criterion(c), now: pmiek.number(now), needed: pmiek.number(Math.ceil(needed)) })); }
      });
    }
    values.forEach(function (value, c) {
      let best = null;
      for (let other = 0; other <= 100; other += 1) {
        const tried = values.slice();
        tried[c] = other;
        if (tried.every(function (v) { return v === 0; }) || (best !== null && Math.abs(other - value) >= Math.abs(best - value))) { continue; }
        const rank = pmiek.order(own.factor(tried));
        if (rank[below.id].rank !== null && rank[below.id].rank < rank[above.id].rank) { best = other; }
      }
      if (best !== null) {
        const share = function (v) { const t = values.slice(); t[c] = v; return pmiek.number(100 * v / t.reduce(function (a, b) { return a + b; }, 0)); };
        const said = { criterion: criterion(c), now: share(value), needed: share(best) };
        found.push(best > value ? pmiek.t("js.pair_weight_up", said) : pmiek.t("js.pair_weight_down", said));
      }
    });
    data.projects[below.id].i.filter(function (item) { return !item[6] && item[1]; }).forEach(function (item) {
      const weight = factor[item[0]] * item[5];
      const needed = weight > 0 ? item[4] + gap * below.used / weight : Infinity;
      if (needed <= 100) { found.push(pmiek.t("js.pair_unknown", { below: name(below.id), indicator: pmiek.label("indicator", item[1]).toLowerCase(), needed: pmiek.number(Math.max(0, Math.ceil(needed))) })); }
    });
    return found;
  }
  function words(above, below) {
    const difference = shares(above).map(function (value, c) { return { c: c, value: value - shares(below)[c] }; });
    const part = function (sign) {
      return difference.filter(function (d) { return sign * d.value >= 0.05; }).sort(function (a, b) { return sign * (b.value - a.value); })
        .map(function (d) { return pmiek.t("js.pair_part", { criterion: criterion(d.c), points: points(d.value) }); });
    };
    const head = pmiek.t("js.pair_head", { above: name(above.id), below: name(below.id), rank_above: pmiek.number(above.rank), rank_below: pmiek.number(below.rank) });
    const lines = [below.score === null ? head : head + " " + pmiek.t("js.pair_scores", { a: pmiek.number(above.score, 1), b: pmiek.number(below.score, 1), gap: points(above.score - below.score) })];
    const why = reason(above, below);
    if (why) { lines.push(why); }
    if (below.score !== null) {
      if (part(1).length) { lines.push(pmiek.t("js.pair_for", { above: name(above.id), parts: pmiek.listed(part(1)) })); }
      if (part(-1).length) { lines.push(pmiek.t("js.pair_against", { below: name(below.id), parts: pmiek.listed(part(-1)) })); }
    }
    const top = indicators(above, below).filter(function (item) { return Math.abs(item.difference) >= 0.5; })
      .sort(function (a, b) { return Math.abs(b.difference) - Math.abs(a.difference); }).slice(0, MOST);
    const certain = certainty(above, below);
    if (certain) { lines.push(certain); }
    const change = changes(above, below);
    return [
      make("div", {}, lines.map(function (text) { return make("p", { text: text }); })),
      top.length ? make("div", {}, [make("h3", { text: pmiek.t("js.pair_what") }), make("ul", {}, top.map(function (item) {
        return make("li", { text: pmiek.t("js.pair_indicator", {
          indicator: pmiek.label("indicator", item.key), above: name(above.id), below: name(below.id),
          a: item.a ? indicatorValue(item.a) : "–", b: item.b ? indicatorValue(item.b) : "–",
          points: points(item.difference), winner: name(item.difference > 0 ? above.id : below.id),
        }) });
      }))]) : null,
      make("div", {}, [make("h3", { text: pmiek.t("js.pair_change", { below: name(below.id) }) }), change.length
        ? make("ul", {}, change.map(function (text) { return make("li", { text: text }); }))
        : make("p", { text: pmiek.t("js.pair_no_change") })]),
    ].filter(Boolean);
  }
  function table(first, second) {
    const a = data.projects[first.id], b = data.projects[second.id];
    const year = function (value) { return value === null ? "–" : String(value); };
    const span = function (p) { return p.cost_meur_low === null ? "–" : pmiek.number(p.cost_meur_low) + "–" + pmiek.number(p.cost_meur_high); };
    const fact = function (key, value) { return [{ text: pmiek.t("js.fact_" + key) }, { text: value(a, first) }, { text: value(b, second) }]; };
    const rows = [
      fact("rank", function (p, found) { return pmiek.number(found.rank); }),
      fact("type", function (p) { return pmiek.label("type", p.type); }),
      fact("need", function (p) { return year(p.need_year_earliest); }),
      fact("storylines", function (p) { return pmiek.number(p.storylines) + "/" + pmiek.meta.storylines.length; }),
      fact("size", function (p) { return pmiek.number(p.size_mw); }),
      fact("cost", span),
      fact("start", function (p) { return year(p.start_by_year); }),
      fact("space", function (p) { return pmiek.number(p.space_ha, 1); }),
      fact("known", function (p, found) { return pmiek.number(100 * found.coverage) + "%"; }),
      fact("score", function (p, found) { return pmiek.number(found.score, 1); }),
    ];
    own.criteria.forEach(function (_, c) {
      const mean = function (found) { return found.parts.used[c] > 0 ? pmiek.number(found.parts.points[c] / found.parts.used[c]) : "–"; };
      rows.push([{ text: pmiek.t("js.pair_criterion", { criterion: criterion(c) }) }, { text: mean(first) }, { text: mean(second) }]);
      indicators(first, second).filter(function (item) { return item.c === c; }).forEach(function (item) {
        const shown = function (it) { return !it ? "–" : indicatorValue(it) + (it[4] === null ? "" : " (" + pmiek.number(it[4]) + ")"); };
        rows.push([{ text: "· " + pmiek.label("indicator", item.key) }, { text: shown(item.a) }, { text: shown(item.b) }]);
      });
    });
    const heads = [{ text: pmiek.t("js.pair_fact") }, { node: make("a", { href: a.page, text: pmiek.named(a.name) }) }, { node: make("a", { href: b.page, text: pmiek.named(b.name) }) }];
    return pmiek.table(pmiek.t("js.pair_caption"), heads, rows);
  }
  function draw() {
    const a = form.elements.a.value, b = form.elements.b.value;
    mark();
    if (!a || !b || a === b) {
      out.replaceChildren(make("p", { class: "small", text: a && a === b ? pmiek.t("js.pair_same") : pmiek.t("js.pair_choose") }));
      holder.replaceChildren();
      return;
    }
    const found = pmiek.order(own.factor());
    const place = function (id) { return found[id].rank === null ? Infinity : found[id].rank; };
    const ordered = place(a) <= place(b) ? [a, b] : [b, a];
    if (found[ordered[0]].score === null) { out.replaceChildren(make("p", { text: pmiek.t("js.pair_none") })); }
    else { out.replaceChildren.apply(out, words(found[ordered[0]], found[ordered[1]])); }
    holder.replaceChildren(table(found[a], found[b]));
  }
  function mark() {
    Array.from(document.querySelectorAll("[data-pair]")).forEach(function (button) {
      const chosen = button.dataset.pair === form.elements.a.value || button.dataset.pair === form.elements.b.value;
      button.setAttribute("aria-pressed", String(chosen));
    });
  }
  function save() {
    pmiek.setHash({ a: form.elements.a.value, b: form.elements.b.value });
    draw();
  }
  function restore() {
    const state = pmiek.hash();
    ["a", "b"].forEach(function (key) { form.elements[key].value = state[key] && data.projects[state[key]] ? state[key] : ""; });
  }
  Array.from(document.querySelectorAll("[data-pair]")).forEach(function (button) {
    button.addEventListener("click", function () {
      const id = button.dataset.pair, fields = [form.elements.a, form.elements.b];
      const taken = fields.find(function (field) { return field.value === id; });
      if (taken) { taken.value = ""; } else { (fields.find(function (field) { return !field.value; }) || fields[1]).value = id; }
      save();
      if (fields[0].value && fields[1].value && !taken) { document.getElementById("pair-title").scrollIntoView(); document.getElementById("pair-title").focus({ preventScroll: true }); }
    });
  });
  form.addEventListener("input", save);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.addEventListener("pmiek-ranked", draw);
  window.addEventListener("hashchange", function () { restore(); draw(); });
  restore();
  draw();
})();
