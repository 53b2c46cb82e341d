"use strict";
/* Shared by all pages: texts, number format, hash state, tables that sort and filter. */
(function () {
  const pmiek = (window.pmiek = window.pmiek || {});
  const words = pmiek.words;
  const locale = words.language === "nl" ? "nl-NL" : "en-GB";

  pmiek.t = function (key, values) {
    const text = words.texts[key];
    if (text === undefined) { throw new Error("no text " + key); }
    if (!values) { return text; }
    return text.replace(/\{(\w+)\}/g, function (_, name) { return String(values[name]); });
  };
  pmiek.label = function (group, code) {
    const found = words.labels[group + "." + code] || words.labels[group + "." + String(code).replace(/ /g, "_")];
    return found || String(code).replace(/_/g, " ");
  };
  /* What is out: an asset, or one unit or circuit of it. */
  pmiek.outage = function (code) {
    const one = /^(.+) \(one unit\)$/.exec(code);
    if (one) { return pmiek.label("asset", one[1]) + " (" + pmiek.t("js.one_unit") + ")"; }
    const found = /^(.+)-(\d+)$/.exec(code);
    if (words.labels["asset." + code] || !found || !words.labels["asset." + found[1]]) { return pmiek.label("asset", code); }
    return words.labels["asset." + found[1]] + ", " + pmiek.t("js.unit") + " " + found[2];
  };
  /* A name from the inputs in the reader's language. */
  pmiek.named = function (name) { return words.names[name] || name; };
  pmiek.number = function (value, decimals) {
    if (value === null || value === undefined || value === "" || !isFinite(value)) { return "–"; }
    const digits = decimals || 0;
    return Number(value).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always" })
      .replace("-", "−");
  };

  pmiek.listed = function (words) { return words.length < 2 ? words.join("") : words.slice(0, -1).join(", ") + " " + pmiek.t("js.and") + " " + words[words.length - 1]; };
  /* A name within a sentence: its first letter small, abbreviations as they are. */
  pmiek.inside = function (name) { return /^[A-Z][a-z]/.test(name) ? name[0].toLowerCase() + name.slice(1) : name; };
  pmiek.hash = function () {
    const out = {};
    new URLSearchParams(location.hash.slice(1)).forEach(function (value, key) { out[key] = value; });
    return out;
  };
  pmiek.setHash = function (changes) {
    const now = pmiek.hash();
    Object.keys(changes).forEach(function (key) {
      if (changes[key] === "" || changes[key] === null || changes[key] === undefined) { delete now[key]; } else { now[key] = changes[key]; }
    });
    const text = new URLSearchParams(now).toString();
    if (text !== location.hash.slice(1)) { history.replaceState(null, "", text ? "#" + text : location.pathname + location.search); }
    followLanguage();
  };

  /* The other language opens at the same view. */
  function followLanguage() {
    const link = document.querySelector("[data-language]");
    link.hash = location.hash;
  }
  const make = pmiek.element = function (name, attributes, children) {
    const node = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      if (key === "text") { node.textContent = attributes[key]; } else { node.setAttribute(key, attributes[key]); }
    });
    (children || []).forEach(function (child) { node.appendChild(child); });
    return node;
  };
  /* A table from rows of [text, is number]; heads likewise. */
  pmiek.table = function (caption, heads, rows) {
    const line = function (cells, first, other) {
      return make("tr", {}, cells.map(function (cell, i) {
        const node = make(i === 0 ? first : other, cell.num ? { class: "num" } : {});
        if (node.tagName === "TH") { node.scope = first === other ? "col" : "row"; }
        if (cell.node) { node.appendChild(cell.node); } else { node.textContent = cell.text; }
        return node;
      }));
    };
    const table = make("table", { class: "data" }, [
      make("caption", { text: caption }),
      make("thead", {}, [line(heads, "th", "th")]),
      make("tbody", {}, rows.map(function (row) { return line(row, "th", "td"); })),
    ]);
    return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption }, [table]);
  };

  /* On a phone each row of the table becomes a card: every cell carries the head of its column. */
  pmiek.stacked = function (holder, heads) {
    const table = holder.querySelector("table");
    table.classList.add("stack");
    Array.from(table.tBodies[0].rows).forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, i) { if (i) { cell.dataset.label = heads[i].text; } });
    });
    few(table);
    return holder;
  };
  /* On a phone a long table shows its first rows and a button for the rest; style sheets decide what is narrow. */
  const FEW = 6;
  function few(table) {
    const rows = table.tBodies[0] ? table.tBodies[0].rows.length : 0;
    if (rows <= FEW + 2 || !table.classList.contains("data")) { return; }
    table.classList.add("few");
    const all = make("button", { type: "button", class: "mini more", "aria-expanded": "false", text: pmiek.t("js.all_rows", { n: pmiek.number(rows) }) });
    all.addEventListener("click", function () {
      const folded = table.classList.toggle("few");
      all.setAttribute("aria-expanded", String(!folded));
      all.textContent = folded ? pmiek.t("js.all_rows", { n: pmiek.number(rows) }) : pmiek.t("js.few_rows");
    });
    (table.closest(".scroll") || table).appendChild(all);
  }

  function sortTable(table, column, ascending) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const key = function (row) {
      const cell = row.cells[column];
      /* data-order sorts, where it differs from the value that is shown and saved */
      if (cell.dataset.order !== undefined) { return cell.dataset.order === "" ? null : cell.dataset.order; }
      const value = cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent.trim();
      return value === "" ? null : value;
    };
    const direction = ascending ? 1 : -1;
    rows.sort(function (a, b) {
      const left = key(a), right = key(b);
      if (left === null || right === null) { return (left === null) - (right === null); }
      const difference = Number(left) - Number(right);
      return direction * (isNaN(difference) ? left.localeCompare(right, locale) : difference);
    });
    rows.forEach(function (row) { body.appendChild(row); });
    Array.from(table.tHead.rows[0].cells).forEach(function (head, i) {
      if (i === column) { head.setAttribute("aria-sort", ascending ? "ascending" : "descending"); } else { head.removeAttribute("aria-sort"); }
    });
  }
  function makeSortable(table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      const button = pmiek.element("button", { type: "button", title: pmiek.t("js.sort", { column: head.textContent.trim() }) });
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () { sortTable(table, column, head.getAttribute("aria-sort") !== "ascending"); });
    });
  }

  function bindFilters(form) {
    const table = document.getElementById(form.dataset.filters);
    const counter = document.querySelector('[data-count="' + table.id + '"]');
    const fields = Array.from(form.elements).filter(function (field) { return field.name; });
    const restore = function () {
      const state = pmiek.hash();
      fields.forEach(function (field) { if (state[field.name] !== undefined) { field.value = state[field.name] === "*" ? "" : state[field.name]; } });
    };
    const apply = function () {
      let shown = 0;
      const rows = Array.from(table.tBodies[0].rows);
      rows.forEach(function (row) {
        const fits = fields.every(function (field) {
          const wanted = field.value.trim();
          if (!wanted) { return true; }
          if (field.name === "q") { return row.textContent.toLowerCase().includes(wanted.toLowerCase()); }
          return (row.dataset[field.name] || "").split(";").map(function (part) { return part.trim(); }).includes(wanted);
        });
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      counter.textContent = pmiek.t("js.count", { shown: pmiek.number(shown), total: pmiek.number(rows.length) });
    };
    const save = function () {
      const state = {};
      fields.forEach(function (field) { state[field.name] = field.value === "" && field.querySelector("[selected]") ? "*" : field.value; });
      pmiek.setHash(state);
      apply();
    };
    form.addEventListener("input", save);
    form.addEventListener("reset", function () { setTimeout(save, 0); });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    restore();
    apply();
    window.addEventListener("hashchange", function () { restore(); apply(); });
  }

  function bindCopy(button) {
    button.addEventListener("click", function () {
      const done = function () { button.textContent = pmiek.t("js.copied"); };
      const failed = function () { button.textContent = pmiek.t("js.copy_failed"); };
      if (!navigator.clipboard) { failed(); return; }
      navigator.clipboard.writeText(location.href).then(done, failed);
    });
  }

  /* On paper nothing can be opened: figures' tables and reasons are printed open. */
  window.addEventListener("beforeprint", function () {
    Array.from(document.querySelectorAll("details:not([open])")).forEach(function (node) { node.open = true; node.dataset.printed = ""; });
  });
  window.addEventListener("afterprint", function () {
    Array.from(document.querySelectorAll("details[data-printed]")).forEach(function (node) { node.open = false; delete node.dataset.printed; });
  });

  /* On a phone only the first of the folds that follow each other stays open. */
  if (window.matchMedia("(max-width: 44rem)").matches) {
    Array.from(document.querySelectorAll("details.fold")).slice(1).forEach(function (node) { node.open = false; });
  }
  /* What the link points at is open, whatever is folded. */
  function unfold() {
    const target = location.hash.length > 1 && !location.hash.includes("=") ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (!target) { return; }
    const around = target.closest("details"), within = target.querySelector("details.fold");
    [around, within].filter(Boolean).forEach(function (node) { node.open = true; });
    if (around || within) { target.scrollIntoView(); }
  }
  unfold();
  window.addEventListener("hashchange", unfold);
  pmiek.sortTable = sortTable;
  Array.from(document.querySelectorAll("main table.data")).forEach(few);
  Array.from(document.querySelectorAll("table.sortable")).forEach(makeSortable);
  Array.from(document.querySelectorAll("[data-filters]")).forEach(bindFilters);
  Array.from(document.querySelectorAll("[data-copy-link]")).forEach(bindCopy);
  followLanguage();
  window.addEventListener("hashchange", followLanguage);
})();
