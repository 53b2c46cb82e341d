"use strict";
/* One card per chosen variant: what it builds per carrier and cluster, who pays, space, CO2, what remains. */
(function () {
  const pmiek = window.pmiek;
  const holder = document.getElementById("cards");
  if (!holder || !pmiek.choice) { return; }
  const make = pmiek.element;
  const data = pmiek.cards, at = {};
  data.columns.forEach(function (name, i) { at[name] = i; });
  const ORDER = ["service", "build", "space", "co2", "co2_cause", "remaining", "measures", "fixes", "breaks", "cost"];
  const MOST = 6;

  function itemLabel(row) {
    const groups = { build: ["asset_class"], space: ["asset_class"], fixes: ["asset_class"], breaks: ["asset_class"], cost: ["payer", "payer_group"], measures: ["measure"], remaining: ["card_item"], service: ["card_item"], co2: ["account"] }[row[at.topic]] || [];
    if (row[at.topic] === "co2" && row[at.value] === null) { return pmiek.label("not_counted", row[at.carrier]); }
    if (row[at.topic] === "co2_cause") {
      const parts = String(row[at.item]).split(": ");
      return pmiek.label("account", parts[0]) + ": " + pmiek.label("sector", parts[1]);
    }
    const found = groups.map(function (group) { return pmiek.words.labels[group + "." + String(row[at.item]).replace(/ /g, "_")]; }).find(Boolean);
    const text = found || String(row[at.item]).replace(/_/g, " ");
    const carrier = row[at.carrier];
    return carrier && carrier !== "electricity" && carrier !== row[at.item] ? pmiek.label("carrier", carrier) + ": " + text : text;
  }
  /* Lowest and highest value of the province over the storylines; one without the row counts as none. What lies
     outside is told beside it and counts in no total. */
  function spans(rows, storylines) {
    const found = new Map();
    rows.forEach(function (row) {
      const key = itemLabel(row) + "|" + row[at.unit];
      const item = found.get(key) || { label: itemLabel(row), unit: row[at.unit], total: {}, outside: {}, clusters: new Set(), detail: new Set() };
      const place = row[at.cluster], sums = place === "outside" ? item.outside : item.total;
      if (place === "province" || place === "outside") { sums[row[at.storyline]] = (sums[row[at.storyline]] || 0) + (row[at.value] || 0); }
      else if (row[at.value]) { item.clusters.add(place); }
      item.uncounted = item.uncounted || row[at.value] === null;
      if (place !== "province" && row[at.topic] === "build") { found.set(key, item); return; }
      String(row[at.detail] || "").split(";").map(function (part) { return part.trim(); }).filter(Boolean).forEach(function (part) { item.detail.add(part); });
      found.set(key, item);
    });
    return Array.from(found.values()).map(function (item) {
      const values = storylines.map(function (s) { return item.total[s] || 0; });
      const beside = storylines.map(function (s) { return item.outside[s] || 0; });
      return Object.assign(item, { values: values, low: Math.min.apply(null, values), high: Math.max.apply(null, values), beside: { unit: item.unit, low: Math.min.apply(null, beside), high: Math.max.apply(null, beside) } });
    }).filter(function (item) { return item.uncounted || Math.max(Math.abs(item.high), Math.abs(item.low), item.beside.high) >= 0.05; }).sort(function (a, b) { return b.high - a.high; });
  }
  function amount(item) {
    const whole = ["assets", "h/year", "homes", "firms"].includes(item.unit);
    const digits = !whole && Math.max(Math.abs(item.low), Math.abs(item.high)) < 10 ? 1 : 0;
    const low = pmiek.number(item.low, digits), high = pmiek.number(item.high, digits);
    return (low === high ? low : low + "–" + high) + (item.unit && item.unit !== "1" ? " " + pmiek.label("unit", item.unit) : "");
  }
  /* Cost as what is more or less than in the first chosen variant: heating that never changes would hide it. */
  function against(items, first) {
    return items.map(function (item) {
      const twin = first.find(function (other) { return other.label === item.label && other.unit === item.unit; });
      const gaps = item.values.map(function (v, i) { return v - (twin ? twin.values[i] : 0); });
      return Object.assign({}, item, { low: Math.min.apply(null, gaps), high: Math.max.apply(null, gaps) });
    }).concat(first.filter(function (other) { return !items.some(function (item) { return item.label === other.label && item.unit === other.unit; }); }).map(function (other) {
      return Object.assign({}, other, { low: -other.high, high: -other.low, clusters: new Set(), detail: new Set() });
    })).filter(function (item) { return Math.max(Math.abs(item.low), Math.abs(item.high)) >= 0.05; });
  }
  function rowsOf(variant, topic, now) {
    return spans(data.rows.filter(function (row) { return row[at.variant] === variant && row[at.topic] === topic && now.storylines.includes(row[at.storyline]); }), now.storylines);
  }
  function card(variant, now) {
    const first = now.variants[0];
    const mine = data.rows.filter(function (row) { return row[at.variant] === variant && now.storylines.includes(row[at.storyline]); });
    const parts = ORDER.map(function (topic) {
      const relative = topic === "cost" && variant !== first;
      const own = spans(mine.filter(function (row) { return row[at.topic] === topic; }), now.storylines);
      const items = relative ? against(own, rowsOf(first, topic, now)) : topic === "cost" ? [] : own;
      if (topic === "cost" && variant === first) { return make("p", { class: "small", text: pmiek.t("js.card_cost_first") }); }
      if (!items.length) { return null; }
      return make("div", {}, [make("h4", { text: relative ? pmiek.t("js.card_cost_more", { first: pmiek.label("grid_state", first).toLowerCase() }) : pmiek.label("card_topic", topic) }), make("dl", { class: "facts" }, items.map(function (item) {
        const where = Array.from(item.clusters).sort().join(", "), names = Array.from(item.detail);
        const more = names.slice(0, MOST).map(function (code) { const parts = /^([+−-] )?(.*?)( \(.*\))?$/.exec(code); return (parts[1] || "") + pmiek.label("asset", parts[2]) + (parts[3] || ""); }).join(", ") + (names.length > MOST ? " " + pmiek.t("js.and_more", { n: pmiek.number(names.length - MOST) }) : "");
        const beside = item.beside.high >= 0.05 ? pmiek.t("js.card_outside", { amount: amount(item.beside) }) : "";
        const note = [beside, where ? pmiek.t("js.card_clusters", { clusters: where }) : "", more].filter(Boolean).join("; ");
        return make("div", {}, [make("dt", {}, [document.createTextNode(item.label)].concat(note ? [make("span", { class: "small", text: " (" + note + ")" })] : [])), make("dd", { text: item.uncounted ? pmiek.t("js.card_uncounted") : amount(item) })]);
      }))]);
    }).filter(Boolean);
    return make("article", { class: "card variant-card" }, [make("h3", { text: pmiek.label("grid_state", variant) })].concat(
      pmiek.words.labels["variant_text." + variant] ? [make("p", { text: pmiek.label("variant_text", variant) })] : [],
      parts.length ? parts : [make("p", { class: "empty", text: pmiek.t("js.card_empty") })]));
  }
  pmiek.onChoice(function () {
    const now = pmiek.choice();
    holder.replaceChildren.apply(holder, now.variants.map(function (v) { return card(v, now); }));
  });
})();
