"use strict";
/* Figures with one look: colour-blind safe colours, no tool bar, the language's number format. */
(function () {
  const pmiek = window.pmiek;
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
  };
})();
