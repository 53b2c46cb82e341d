"use strict";
/* Figures with one look: colour-blind safe colours, no tool bar, the language's number format. */
(function () {
  const pmiek = window.pmiek, make = pmiek.element;
  pmiek.colours = ["#0b4f6c", "#e8820c", "#1b7340", "#a3123a", "#6d5aa8", "#7a5c1e", "#4a5866", "#2aa1b8"];
  pmiek.patterns = ["", "/", "x", ".", "\\", "-", "|", "+"];
  pmiek.dashes = ["solid", "dash", "dot", "dashdot"];
  pmiek.layout = function (more) {
    const base = {
      separators: pmiek.words.language === "nl" ? ",." : ".,",
      font: { family: "Segoe UI, system-ui, Arial, sans-serif", size: 13, color: "#1b2733" },
      margin: { l: 60, r: 28, t: 34, b: 46 },
      paper_bgcolor: "#ffffff",
      plot_bgcolor: "#ffffff",
      legend: { orientation: "h", y: -0.16, x: 0 },
      hoverlabel: { bgcolor: "#ffffff", font: { color: "#1b2733" } },
      height: 360,
    };
    return Object.assign(base, more);
  };
  pmiek.draw = function (node, traces, layout) {
    const full = pmiek.layout(layout);
    // the drawing does not stretch its container by itself: a legend below would be cut off
    node.style.height = full.height + "px";
    Plotly.react(node, traces, full, { displayModeBar: false, responsive: true });
    fit(node);
    if (!node.tools) { node.tools = true; pmiek.figureTools(node, function () { return tableNear(node); }); }
  };
  /* On paper the drawing takes the width of the page: its own measures become its view box. */
  function fit(node) {
    Array.from(node.querySelectorAll(".main-svg")).forEach(function (svg) {
      svg.setAttribute("viewBox", "0 0 " + svg.getAttribute("width") + " " + svg.getAttribute("height"));
    });
    const holder = node.querySelector(".svg-container"), first = node.querySelector(".main-svg");
    if (holder && first) { holder.style.aspectRatio = first.getAttribute("width") + " / " + first.getAttribute("height"); }
  }
  /* The table that says the same as a figure drawn by the library. */
  function tableNear(node) {
    const section = node.closest("section"), table = section && section.querySelector("table");
    if (table) { return pmiek.tableRows(table); }
    const rows = [[]];
    (node.data || []).forEach(function (trace) { (trace.x || []).forEach(function (x, i) { rows.push([trace.name || "", x, trace.y[i]]); }); });
    return rows;
  }
  function pictureName() { return (document.body.dataset.page + "-" + document.title.split(" – ")[0]).toLowerCase().replace(/[^a-z0-9]+/g, "-"); }
  function savePicture(node) {
    if (node.classList.contains("js-plotly-plot")) { Plotly.downloadImage(node, { format: "png", scale: 2, filename: pictureName() }); return; }
    const drawing = node.querySelector("svg"), box = drawing.viewBox.baseVal, scale = 3, head = 44;
    const image = new Image(), canvas = make("canvas", {});
    canvas.width = box.width * scale;
    canvas.height = (box.height + head) * scale;
    image.onload = function () {
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.scale(scale, scale);
      pen.fillStyle = "#1b2733";
      pen.font = "600 13px Segoe UI, Arial, sans-serif";
      lines(pen, node.querySelector("figcaption").textContent, box.width - 16).slice(0, 2).forEach(function (line, i) { pen.fillText(line, 8, 16 + 16 * i); });
      pen.drawImage(image, 0, head, box.width, box.height);
      canvas.toBlob(function (blob) { pmiek.save(blob, pictureName() + ".png"); }, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(drawing));
  }
  function lines(pen, text, width) {
    return text.split(" ").reduce(function (out, word) {
      const longer = (out[out.length - 1] + " " + word).trim();
      if (pen.measureText(longer).width > width) { out.push(word); } else { out[out.length - 1] = longer; }
      return out;
    }, [""]);
  }
  /* Two buttons below a figure: the picture, and its figures as a workbook. */
  pmiek.figureTools = function (node, rows) {
    const picture = make("button", { type: "button", class: "mini", text: pmiek.t("js.figure_png") });
    const figures = make("button", { type: "button", class: "mini", text: pmiek.t("js.figure_data") });
    picture.addEventListener("click", function () { savePicture(node); });
    figures.addEventListener("click", function () { pmiek.save(pmiek.workbook([{ name: pmiek.t("js.figure_data"), rows: rows() }]), pictureName() + ".xlsx"); });
    const tools = make("p", { class: "figure-tools", "data-noexport": "" }, [picture, figures]);
    if (node.tagName === "FIGURE") { node.appendChild(tools); } else { node.insertAdjacentElement("afterend", tools); }
  };
})();
