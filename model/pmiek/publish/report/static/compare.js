"use strict";
/* The chosen variants in one table, in words, and how well they hold in other storylines. */
(function () {
  const pmiek = window.pmiek;
  const data = pmiek.compare, make = pmiek.element;
  if (!pmiek.choice) { return; }
  const NAMED = 4;
  const ONE_DECIMAL = { gap_meur: true, take_off_gwh: true, feed_in_gwh: true, transfers: true, space_ha: true };
  const variant = function (code) { return pmiek.label("grid_state", code); };
  const lower = function (code) { return variant(code).toLowerCase(); };

  /* The column's value per storyline; a run without rows of this kind has none of it. */
  function value(key, name, storyline, year) {
    const rows = data.values[key].filter(function (row) { return row[1] === name && row[0] === storyline && (row[2] === year || row[2] === 0); });
    return rows.reduce(function (sum, row) { return sum + row[3]; }, 0);
  }
  function span(key, name, now) {
    const found = now.storylines.map(function (s) { return value(key, name, s, now.year); });
    return [Math.min.apply(null, found), Math.max.apply(null, found)];
  }
  function shown(key, found) {
    const digits = ONE_DECIMAL[key] ? 1 : 0;
    const low = pmiek.number(found[0], digits), high = pmiek.number(found[1], digits);
    return low === high ? low : low + "–" + high;
  }
  function head(key) { return key.startsWith("built_") ? pmiek.t("js.built_carrier", { carrier: pmiek.label("carrier", key.slice(6)) }) : pmiek.label("variant_figure", key); }

  /* Cost is told as what a variant costs more or less than the first: what all have in common says nothing. */
  function shownSpan(key, name, now) {
    if (key !== "cost" && key !== "cost_outside") { return span(key, name, now); }
    return difference(key, name, now.variants[0], now);
  }
  function drawSummary(now) {
    const holder = document.getElementById("summary-holder");
    const keys = Object.keys(data.values).filter(function (key) {
      return data.variants.some(function (v) { return now.storylines.some(function (s) { return value(key, v, s, now.year) !== 0; }); });
    });
    const heads = [{ text: pmiek.t("js.summary_figure") }].concat(now.variants.map(function (v) { return { text: variant(v), num: true }; }));
    const rows = keys.map(function (key) {
      const relative = key === "cost" || key === "cost_outside";
      const name = relative ? pmiek.t("js.relative_to", { figure: head(key), first: lower(now.variants[0]) }) : head(key);
      return [{ text: name }].concat(now.variants.map(function (v) { return { text: shown(key, shownSpan(key, v, now)), num: true }; }));
    });
    /* What is the same in all chosen variants comes last. */
    const same = function (row) { return new Set(row.slice(1).map(function (cell) { return cell.text; })).size < 2; };
    const ordered = now.variants.length > 1 ? rows.filter(function (row) { return !same(row); }).concat(rows.filter(same)) : rows;
    const table = pmiek.stacked(pmiek.table(pmiek.t("js.summary_caption", { year: now.year }), heads, ordered), heads);
    table.querySelector("table").id = "summary-table";
    holder.replaceChildren(table);
  }

  /* Bottlenecks of a grid state over the chosen storylines: position to largest exceedance. */
  function present(state, now) {
    const found = new Map();
    now.storylines.forEach(function (s) {
      const rows = ((data.present[state] || {})[s] || {})[String(now.year)] || [];
      rows.forEach(function (row) { found.set(row[0], Math.max(row[1], found.get(row[0]) || 0)); });
    });
    return found;
  }
  function less(a, b) { return Array.from(a.entries()).filter(function (entry) { return !b.has(entry[0]); }).sort(function (x, y) { return y[1] - x[1] || x[0] - y[0]; }); }
  function named(items, state, now) {
    const parts = [];
    items.slice(0, NAMED).forEach(function (item, i) {
      const found = data.found[item[0]];
      const target = { id: found[0], d: found[2], g: state, s: now.storylines.find(function (s) { return (((data.present[state] || {})[s] || {})[String(now.year)] || []).some(function (r) { return r[0] === item[0]; }); }) || now.storylines[0], y: now.year };
      if (i) { parts.push(document.createTextNode(", ")); }
      parts.push(make("a", { href: "assets.html#" + new URLSearchParams(target).toString(), text: pmiek.label("asset", found[0]) }),
        document.createTextNode(" (" + pmiek.label("direction", found[2]) + ", " + pmiek.number(item[1]) + " MW)"));
    });
    if (items.length > NAMED) { parts.push(document.createTextNode(" " + pmiek.t("js.and_more", { n: pmiek.number(items.length - NAMED) }))); }
    return parts;
  }
  function line(text, items, state, now) { return make("li", {}, [document.createTextNode(text + " ")].concat(named(items, state, now))); }
  function difference(key, a, b, now) {
    const found = now.storylines.map(function (s) { return value(key, a, s, now.year) - value(key, b, s, now.year); });
    return [Math.min.apply(null, found), Math.max.apply(null, found)];
  }
  /* More, less, or it depends on the storyline. */
  function compared(key, texts, gap) {
    const digits = ONE_DECIMAL[key] ? 1 : 0, tiny = digits ? 0.05 : 0.5;
    if (gap[0] > -tiny && gap[1] < tiny) { return ""; }
    const size = function (a, b) { const low = pmiek.number(Math.abs(a), digits), high = pmiek.number(Math.abs(b), digits); return low === high ? low : low + "–" + high; };
    if (gap[0] > -tiny) { return pmiek.t("js.more_" + texts, { n: size(gap[0], gap[1]) }); }
    if (gap[1] < tiny) { return pmiek.t("js.less_" + texts, { n: size(gap[1], gap[0]) }); }
    return pmiek.t("js.either_" + texts, { less: pmiek.number(-gap[0], digits), more: pmiek.number(gap[1], digits) });
  }
  /* The sentence for one, or that for the number. */
  function count(text, number, more) {
    return pmiek.t("js." + text + (number === 1 ? "_one" : ""), Object.assign({ n: pmiek.number(number) }, more));
  }
  function against(name, reference, now) {
    const mine = present(name, now), theirs = present(reference, now);
    const fixed = less(theirs, mine), brought = less(mine, theirs);
    const both = Array.from(mine.keys()).filter(function (i) { return theirs.has(i); });
    const eased = both.filter(function (i) { return theirs.get(i) - mine.get(i) > 0.5; }).length;
    const worse = both.filter(function (i) { return mine.get(i) - theirs.get(i) > 0.5; }).length;
    const items = [];
    items.push(fixed.length ? line(count("fixes", fixed.length), fixed, reference, now) : make("li", { text: pmiek.t("js.fixes_none") }));
    items.push(brought.length ? line(count("breaks", brought.length), brought, name, now) : make("li", { text: pmiek.t("js.breaks_none") }));
    if (both.length) { items.push(make("li", { text: count("keeps", both.length, { eased: pmiek.number(eased), worse: pmiek.number(worse) }) })); }
    const rest = [["cost", "cost"], ["waiting_mw", "waiting"], ["gap_meur", "gap"], ["take_off_gwh", "take_off"], ["feed_in_gwh", "feed_in"], ["co2_kt", "co2"], ["co2_credit_kt", "credit"], ["space_ha", "space"]].filter(function (pair) { return data.values[pair[0]]; })
      .map(function (pair) { return compared(pair[0], pair[1], difference(pair[0], name, reference, now)); }).filter(Boolean);
    if (rest.length) { items.push(make("li", { text: rest.join(" ") })); }
    const title = pmiek.t("js.against", { a: variant(name), b: lower(reference) }), list = make("ul", { class: "variant-words" }, items);
    if (now.variants.length <= 3) { return [make("h3", { text: title }), list]; }
    return [make("details", {}, [make("summary", { text: title + ": " + count("fixes_short", fixed.length, { breaks: pmiek.number(brought.length) }) }), list])];
  }
  function drawWords(now) {
    const before = present("frozen", now).size;
    const first = now.variants[0];
    const blocks = [make("p", { text: pmiek.t("js.before", { year: now.year, n: pmiek.number(before) }) + " " + now.variants.map(function (v) {
      return pmiek.t("js.left_with", { variant: lower(v), year: now.year, n: pmiek.number(present(v, now).size) });
    }).join(" ") })];
    now.variants.slice(1).forEach(function (name) { blocks.push.apply(blocks, against(name, first, now)); });
    if (now.variants.length === 3) { blocks.push.apply(blocks, against(now.variants[2], now.variants[1], now)); }
    if (now.variants.length < 2) { blocks.push(make("p", { class: "empty", text: pmiek.t("js.choose_two") })); }
    document.getElementById("words").replaceChildren.apply(document.getElementById("words"), blocks);
  }

  function drawRobust(now) {
    const holder = document.getElementById("robust");
    if (!holder) { return; }
    const count = function (v, s) { return (((data.present[v] || {})[s] || {})[String(now.year)] || []).length; };
    const best = now.storylines.map(function (s) { return Math.min.apply(null, now.variants.map(function (v) { return count(v, s); })); });
    const heads = [{ text: pmiek.t("js.variant") }].concat(now.storylines.map(function (s) { return { text: pmiek.label("storyline", s), num: true }; }), [{ text: pmiek.t("js.regret"), num: true }, { text: pmiek.t("js.always_left"), num: true }]);
    const rows = now.variants.map(function (v) {
      const regret = Math.max.apply(null, now.storylines.map(function (s, i) { return count(v, s) - best[i]; }));
      const sets = now.storylines.map(function (s) { return new Set((((data.present[v] || {})[s] || {})[String(now.year)] || []).map(function (r) { return r[0]; })); });
      const always = Array.from(sets[0]).filter(function (i) { return sets.every(function (set) { return set.has(i); }); }).length;
      return [{ text: variant(v) }].concat(now.storylines.map(function (s) { return { text: pmiek.number(count(v, s)), num: true }; }), [{ text: pmiek.number(regret), num: true }, { text: pmiek.number(always), num: true }]);
    });
    holder.replaceChildren(pmiek.table(pmiek.t("js.robust_caption", { year: now.year }), heads, rows));
  }

  pmiek.onChoice(function () {
    const now = pmiek.choice();
    if (!now.variants.length || !now.storylines.length) {
      ["summary-holder", "words", "robust"].forEach(function (id) {
        const node = document.getElementById(id);
        if (node) { node.replaceChildren(make("p", { class: "empty", text: pmiek.t("js.choose_some") })); }
      });
      return;
    }
    drawSummary(now);
    drawWords(now);
    drawRobust(now);
  });
})();
