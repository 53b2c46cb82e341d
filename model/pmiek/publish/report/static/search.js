"use strict";
/* Search in places, stations, grid parts, projects and pages; the index is a file beside the page. */
(function () {
  const pmiek = window.pmiek, make = pmiek.element;
  const MOST = 10;
  const ORDER = ["page", "municipality", "place", "station", "project", "asset"];
  const plain = function (text) { return text.toLowerCase().normalize("NFD").replace(/[̀-ͯ]/g, ""); };
  const pages = Array.from(document.querySelectorAll(".menu a")).map(function (a) { return ["page", a.textContent.trim(), "", a.getAttribute("href")]; });
  const rows = pages.concat(pmiek.search).map(function (row) { return { kind: row[0], name: pmiek.named(row[1]), detail: row[2], href: row[3], plain: plain(pmiek.named(row[1]) + " " + row[1]) }; });

  /* Best first: the name starts with the words, a word of it does, it holds them. */
  function matches(text) {
    const wanted = plain(text.trim());
    if (!wanted) { return []; }
    return rows.map(function (row) {
      const at = row.plain.indexOf(wanted);
      const score = at < 0 ? -1 : at === 0 ? 0 : /[\s(/-]/.test(row.plain[at - 1]) ? 1 : 2;
      return { row: row, score: score };
    }).filter(function (hit) { return hit.score >= 0; })
      .sort(function (a, b) { return a.score - b.score || ORDER.indexOf(a.row.kind) - ORDER.indexOf(b.row.kind) || a.row.name.length - b.row.name.length; })
      .slice(0, MOST).map(function (hit) { return hit.row; });
  }

  function bind(form) {
    const input = form.querySelector("input"), list = form.querySelector("[role=listbox]");
    let shown = [], active = -1;
    function mark(next) {
      active = next;
      Array.from(list.children).forEach(function (node, i) { node.setAttribute("aria-selected", i === active ? "true" : "false"); });
      if (active >= 0) { input.setAttribute("aria-activedescendant", list.children[active].id); list.children[active].scrollIntoView({ block: "nearest" }); } else { input.removeAttribute("aria-activedescendant"); }
    }
    function close() { list.hidden = true; input.setAttribute("aria-expanded", "false"); mark(-1); }
    function open(row) { close(); location.href = row.href; }
    function fill() {
      shown = matches(input.value);
      const none = input.value.trim() && !shown.length;
      list.replaceChildren.apply(list, none ? [make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", id: list.id + "-none", text: pmiek.t("js.search_none") })] : shown.map(function (row, i) {
        const item = make("li", { role: "option", id: list.id + "-" + i, "aria-selected": "false" }, [
          make("span", { text: row.name }), make("span", { class: "small", text: pmiek.label("search_kind", row.kind) + (row.detail ? " · " + row.detail : "") })]);
        item.addEventListener("mousedown", function (event) { event.preventDefault(); open(row); });
        return item;
      }));
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", list.hidden ? "false" : "true");
      active = -1;
      input.removeAttribute("aria-activedescendant");
    }
    input.addEventListener("input", fill);
    input.addEventListener("focus", function () { if (input.value.trim()) { fill(); } });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { close(); return; }
      if (!shown.length || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) { return; }
      event.preventDefault();
      if (list.hidden) { fill(); }
      mark((active + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length);
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (!shown.length) { fill(); }
      if (shown.length) { open(shown[Math.max(active, 0)]); }
    });
  }
  Array.from(document.querySelectorAll("[data-search]")).forEach(bind);
})();
