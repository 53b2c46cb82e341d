"use strict";
/* A workbook made in the browser: a plain zip without compression, text cells and number cells, never a formula. */
(function () {
  const pmiek = (window.pmiek = window.pmiek || {});
  const encoder = new TextEncoder();
  const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
  const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

  const table = Array.from({ length: 256 }, function (_, n) {
    let c = n;
    for (let k = 0; k < 8; k += 1) { c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; }
    return c >>> 0;
  });
  function crc32(bytes) {
    let c = 0xffffffff;
    for (let i = 0; i < bytes.length; i += 1) { c = table[(c ^ bytes[i]) & 255] ^ (c >>> 8); }
    return (c ^ 0xffffffff) >>> 0;
  }
  /* Zip of [name, text] pairs, each stored as it is. */
  function zip(files) {
    const now = new Date();
    const time = (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1);
    const date = ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate();
    const parts = [], directory = [];
    let offset = 0;
    const header = function (signature, fields) {
      const size = fields.reduce(function (sum, field) { return sum + field[0]; }, 4);
      const view = new DataView(new ArrayBuffer(size));
      view.setUint32(0, signature, true);
      let at = 4;
      fields.forEach(function (field) {
        if (field[0] === 2) { view.setUint16(at, field[1], true); } else { view.setUint32(at, field[1], true); }
        at += field[0];
      });
      return new Uint8Array(view.buffer);
    };
    files.forEach(function (file) {
      const name = encoder.encode(file[0]), body = encoder.encode(file[1]);
      const shared = [[2, 20], [2, 0x0800], [2, 0], [2, time], [2, date], [4, crc32(body)], [4, body.length], [4, body.length], [2, name.length], [2, 0]];
      const local = header(0x04034b50, shared);
      directory.push(header(0x02014b50, [[2, 20]].concat(shared, [[2, 0], [2, 0], [2, 0], [4, 0], [4, offset]])), name);
      parts.push(local, name, body);
      offset += local.length + name.length + body.length;
    });
    const size = directory.reduce(function (sum, part) { return sum + part.length; }, 0);
    const end = header(0x06054b50, [[2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]]);
    return parts.concat(directory, [end]);
  }

  /* Text that a spreadsheet could ever read as a formula gets an apostrophe; so it does if it is saved as CSV later. */
  function safe(text) { return /^[=+\-@\t\r]/.test(text) && isNaN(Number(text)) ? "'" + text : text; }
  function escape(text) {
    // characters that XML does not allow are dropped
    return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  }
  function column(i) { return (i >= 26 ? column(Math.floor(i / 26) - 1) : "") + String.fromCharCode(65 + (i % 26)); }
  function cell(value, row, i) {
    const place = ' r="' + column(i) + (row + 1) + '"' + (row === 0 ? ' s="1"' : typeof value === "number" ? "" : ' s="2"');
    if (typeof value === "number" && isFinite(value)) { return "<c" + place + "><v>" + value + "</v></c>"; }
    if (value === null || value === undefined || value === "") { return ""; }
    return "<c" + place + ' t="inlineStr"><is><t xml:space="preserve">' + escape(safe(String(value))) + "</t></is></c>";
  }
  function sheet(rows) {
    const width = Math.max.apply(null, rows.map(function (row) { return row.length; }));
    const columns = Array.from({ length: width }, function (_, i) {
      const longest = rows.reduce(function (most, row) { return Math.max(most, String(row[i] === undefined ? "" : row[i]).length); }, 8);
      return '<col min="' + (i + 1) + '" max="' + (i + 1) + '" width="' + Math.min(60, longest + 2) + '" customWidth="1"/>';
    });
    const lines = rows.map(function (row, r) {
      return '<row r="' + (r + 1) + '">' + row.map(function (value, i) { return cell(value, r, i); }).join("") + "</row>";
    });
    return HEAD + '<worksheet xmlns="' + MAIN + '"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
      "<cols>" + columns.join("") + "</cols><sheetData>" + lines.join("") + "</sheetData>" +
      (rows.length > 1 ? '<autoFilter ref="A1:' + column(width - 1) + rows.length + '"/>' : "") + "</worksheet>";
  }
  const STYLES = HEAD + '<styleSheet xmlns="' + MAIN + '"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
    [1, 0].map(function (font) { return '<xf numFmtId="0" fontId="' + font + '" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf>'; }).join("") +
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

  /* A workbook from sheets of {name, rows}; rows hold numbers and texts, the first row is the head. */
  pmiek.workbook = function (sheets) {
    const each = function (make) { return sheets.map(function (item, i) { return make(item, i + 1); }).join(""); };
    const files = [
      ["[Content_Types].xml", HEAD + '<Types xmlns="' + PACKAGE + 'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>' +
        '<Override PartName="/xl/workbook.xml" ContentType="' + TYPE + 'sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="' + TYPE + 'styles+xml"/>' +
        each(function (_, n) { return '<Override PartName="/xl/worksheets/sheet' + n + '.xml" ContentType="' + TYPE + 'worksheet+xml"/>'; }) + "</Types>"],
      ["_rels/.rels", HEAD + '<Relationships xmlns="' + PACKAGE + 'relationships"><Relationship Id="rId1" Type="' + OFFICE + '/officeDocument" Target="xl/workbook.xml"/></Relationships>'],
      ["xl/workbook.xml", HEAD + '<workbook xmlns="' + MAIN + '" xmlns:r="' + OFFICE + '"><sheets>' +
        each(function (item, n) { return '<sheet name="' + escape(item.name.replace(/[[\]:*?/\\]/g, " ").slice(0, 31)) + '" sheetId="' + n + '" r:id="rId' + n + '"/>'; }) + "</sheets></workbook>"],
      ["xl/_rels/workbook.xml.rels", HEAD + '<Relationships xmlns="' + PACKAGE + 'relationships">' +
        each(function (_, n) { return '<Relationship Id="rId' + n + '" Type="' + OFFICE + '/worksheet" Target="worksheets/sheet' + n + '.xml"/>'; }) +
        '<Relationship Id="rId' + (sheets.length + 1) + '" Type="' + OFFICE + '/styles" Target="styles.xml"/></Relationships>'],
      ["xl/styles.xml", STYLES],
    ].concat(sheets.map(function (item, i) { return ["xl/worksheets/sheet" + (i + 1) + ".xml", sheet(item.rows)]; }));
    return new Blob(zip(files), { type: TYPE + "sheet" });
  };

  /* Rows of a table as it is shown; a cell with one number becomes a number, a range stays text. */
  pmiek.tableRows = function (shown) {
    const value = function (node) {
      const copy = node.cloneNode(true);
      Array.from(copy.querySelectorAll("details:not([data-export]), [data-export] summary, [data-noexport]")).forEach(function (child) { child.remove(); });
      Array.from(copy.querySelectorAll("br")).forEach(function (child) { child.replaceWith("\n"); });
      const text = copy.textContent.replace(/\u00ad/g, "").replace(/[ \t\r\n]+/g, function (gap) { return gap.includes("\n") && node.querySelector("br") ? "\n" : " "; }).trim();
      const given = node.dataset.v;
      if (given !== undefined && given !== "" && isFinite(given) && !/\d[–/]\d/.test(text)) { return Number(given); }
      return text === "–" ? "" : text;
    };
    const rows = Array.from(shown.rows).filter(function (row) { return !row.hidden; });
    return rows.map(function (row) { return Array.from(row.cells).filter(function (node) { return node.dataset.noexport === undefined; }).map(value); });
  };
  /* What the view was: page, batch, choices and the link that restores it. */
  function viewRows(button) {
    const form = button.closest("form");
    const chosen = form ? Array.from(form.elements).filter(function (field) { return field.name && field.value; }).map(function (field) {
      const label = field.closest("label");
      const shown = field.selectedOptions ? field.selectedOptions[0].textContent : field.value;
      return [label ? label.firstChild.textContent.trim() : field.name, shown];
    }) : [];
    return [[document.querySelector("h1").textContent, document.body.dataset.batch]].concat(chosen, [[pmiek.t("js.xlsx_link"), location.href], [pmiek.t("js.xlsx_note"), ""]]);
  }
  pmiek.save = function (blob, name) {
    const link = pmiek.element("a", { download: name });
    link.href = URL.createObjectURL(blob);
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  };
  /* All tables of the page as it is shown, a sheet each. */
  Array.from(document.querySelectorAll("[data-xlsx-page]")).forEach(function (button) {
    button.addEventListener("click", function () {
      const shown = Array.from(document.querySelectorAll("main table")).filter(function (table) { return !table.closest("[hidden]") && table.rows.length > 1; });
      const sheets = shown.map(function (table, i) { return { name: (i + 1) + " " + (table.caption ? table.caption.textContent : ""), rows: pmiek.tableRows(table) }; });
      pmiek.save(pmiek.workbook([{ name: pmiek.t("js.xlsx_view"), rows: viewRows(button) }].concat(sheets)), button.dataset.xlsxPage + ".xlsx");
    });
  });
  Array.from(document.querySelectorAll("[data-xlsx]")).forEach(function (button) {
    button.addEventListener("click", function () {
      const shown = document.getElementById(button.dataset.xlsx);
      const sheets = [{ name: shown.caption.textContent, rows: pmiek.tableRows(shown) }, { name: pmiek.t("js.xlsx_view"), rows: viewRows(button) }];
      pmiek.save(pmiek.workbook(sheets), button.dataset.file + ".xlsx");
    });
  });
})();
