"use strict";
/* The reader's own weighing: the same sum and the same rules as the framework's, at other weights. */
(function () {
  const pmiek = window.pmiek;
  const data = pmiek.ranking;
  const CRITERIA = ["societal", "urgency", "feasibility"];
  const ids = Object.keys(data.projects);

  /* Points per criterion, an unknown with what it counts for; and how much of the weight is known. */
  function parts(id, factor) {
    const out = { points: [0, 0, 0], used: [0, 0, 0], total: [0, 0, 0], known: [0, 0, 0] };
    data.projects[id].i.forEach(function (item) {
      const weight = item[5] * factor[item[0]];
      out.total[item[0]] += weight;
      if (item[6]) { out.known[item[0]] += weight; }
      if (item[4] !== null) { out.used[item[0]] += weight; out.points[item[0]] += weight * item[4]; }
    });
    return out;
  }
  function sum(values) { return values.reduce(function (a, b) { return a + b; }, 0); }
  function weigh(id, factor) {
    const found = parts(id, factor);
    const used = sum(found.used), total = sum(found.total);
    return { id: id, parts: found, used: used, score: used > 0 ? sum(found.points) / used : null, coverage: total > 0 ? sum(found.known) / total : 0 };
  }
  /* Rank as the framework does: by score, and within the margin by priority class. */
  pmiek.order = function (factor) {
    const scored = ids.map(function (id) { return weigh(id, factor); });
    const ranked = scored.filter(function (item) { return item.score !== null; });
    ranked.forEach(function (item) {
      item.priority = data.classes.indexOf(data.projects[item.id].priority_class);
    });
    const out = {};
    scored.forEach(function (item) { item.rank = null; item.list = data.projects[item.id].list; out[item.id] = item; });
    /* Each list has places of its own. */
    new Set(ranked.map(function (item) { return item.list; })).forEach(function (list) {
      const here = ranked.filter(function (item) { return item.list === list; });
      here.sort(function (a, b) { return b.score - a.score || (a.id < b.id ? -1 : 1); });
      let group = 0, first = Infinity;
      here.forEach(function (item) {
        if (first - item.score > data.margin) { group += 1; first = item.score; }
        item.group = group;
      });
      here.sort(function (a, b) { return a.group - b.group || a.priority - b.priority || b.score - a.score; });
      here.forEach(function (item, i) { item.rank = i + 1; });
    });
    return out;
  };

  const form = document.getElementById("weights");
  const sliders = form ? Array.from(form.querySelectorAll("input[type=range]")) : [];
  function factorOf(values, standard) {
    const total = sum(values), usual = sum(standard);
    return values.map(function (value, i) { return standard[i] > 0 && total > 0 ? value / total / (standard[i] / usual) : 0; });
  }
  pmiek.weights = {
    criteria: CRITERIA,
    sliders: sliders,
    standard: sliders.map(function (slider) { return Number(slider.dataset.default); }),
    values: function () { return sliders.map(function (slider) { return Number(slider.value); }); },
    factor: function (values) { return factorOf(values || pmiek.weights.values(), pmiek.weights.standard); },
    atDefault: function () { return sliders.every(function (slider) { return slider.value === slider.dataset.default; }); },
  };
  /* Lowest and highest rank when each weight is up to half as large again or half as small. */
  pmiek.rankRange = function () {
    const steps = [0.5, 0.75, 1, 1.25, 1.5], values = pmiek.weights.values(), range = {};
    steps.forEach(function (a) { steps.forEach(function (b) { steps.forEach(function (c) {
      const found = pmiek.order(pmiek.weights.factor([values[0] * a, values[1] * b, values[2] * c]));
      ids.forEach(function (id) {
        const rank = found[id].rank;
        if (rank === null) { return; }
        range[id] = range[id] ? [Math.min(range[id][0], rank), Math.max(range[id][1], rank)] : [rank, rank];
      });
    }); }); });
    return range;
  };
})();
