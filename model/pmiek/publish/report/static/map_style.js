"use strict";
/* How the map looks: its layers, and icons with a ring for the number of storylines in which a station falls short. */
(function () {
  const pmiek = window.pmiek;
  const COLOURS = { available: "#1b7340", limited: "#d9a400", study: "#e8820c", shortage: "#a3123a", none: "#9aa5ad" };
  const MARKS = { available: "", limited: "–", study: "+", shortage: "!", none: "" };
  const CLUSTERS = { A: "#e7f0f4", B: "#f3efe2", C: "#eaf2ea", D: "#f0eaf3" };
  const CARRIERS = { heat: "#c2491d", methane: "#7a5c1e", hydrogen: "#2a6f97" };
  const SIZE = 44;

  /* One disc or square in the colour of its class, with a ring of as many parts as there are storylines. */
  function icon(name, ratio) {
    const parts = name.split("|"), code = parts[1], count = Number(parts[2]), total = Number(parts[3]), square = parts[4] === "1";
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const middle = SIZE / 2, gap = total > 1 ? 0.16 : 0;
    for (let i = 0; i < total; i += 1) {
      const from = -Math.PI / 2 + (i * 2 * Math.PI) / total + gap / 2;
      pen.beginPath();
      pen.arc(middle, middle, 17, from, from + (2 * Math.PI) / total - gap);
      pen.lineWidth = 5;
      pen.strokeStyle = i < count ? "#1b2733" : "#d3dade";
      pen.stroke();
    }
    pen.beginPath();
    if (square) { pen.rect(middle - 10, middle - 10, 20, 20); } else { pen.arc(middle, middle, 12, 0, 2 * Math.PI); }
    pen.fillStyle = COLOURS[code];
    pen.fill();
    pen.lineWidth = 2;
    pen.strokeStyle = "#ffffff";
    pen.stroke();
    pen.fillStyle = code === "limited" ? "#1b2733" : "#ffffff";
    pen.font = "bold 17px Segoe UI, system-ui, Arial, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(MARKS[code], middle, middle + 1);
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }
  function pin(ratio) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 22 * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.beginPath();
    pen.moveTo(11, 1); pen.lineTo(21, 11); pen.lineTo(11, 21); pen.lineTo(1, 11); pen.closePath();
    pen.fillStyle = "#0b4f6c";
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = "#ffffff";
    pen.stroke();
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }

  const byClass = ["match", ["coalesce", ["feature-state", "class"], "none"],
    "available", COLOURS.available, "limited", COLOURS.limited, "study", COLOURS.study, "shortage", COLOURS.shortage, COLOURS.none];
  const byCarrier = ["match", ["get", "carrier"], "heat", CARRIERS.heat, "methane", CARRIERS.methane, CARRIERS.hydrogen];
  const byCluster = ["match", ["get", "cluster"], "A", CLUSTERS.A, "B", CLUSTERS.B, "C", CLUSTERS.C, "D", CLUSTERS.D, "#f4f5f6"];
  const text = function (field, size, more) {
    return Object.assign({ "text-field": ["get", field], "text-size": size, "text-font": ["Segoe UI", "Arial", "sans-serif"] }, more);
  };
  const halo = { "text-color": "#1b2733", "text-halo-color": "#ffffff", "text-halo-width": 1.6 };

  pmiek.mapColours = COLOURS;
  pmiek.mapStyle = function (data) {
    const source = function (features, key) { return { type: "geojson", data: features, promoteId: key }; };
    return {
      version: 8,
      sources: {
        areas: source(data.areas, "gm_code"), labels: source(data.labels, "gm_code"), lines: source(data.lines, "asset"),
        stations: source(data.stations, "station"), links: source(data.links, "asset"), sites: source(data.sites, "asset"),
        pins: source(data.pins, "project"),
      },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": "#fbfcfc" } },
        { id: "areas", type: "fill", source: "areas", paint: { "fill-color": byCluster, "fill-outline-color": "#aeb9c0" } },
        { id: "mv_lv", type: "fill", source: "areas", layout: { visibility: "none" }, paint: { "fill-color": byClass, "fill-opacity": 0.45 } },
        { id: "borders", type: "line", source: "areas", paint: { "line-color": "#8b98a1", "line-width": 0.8 } },
        { id: "lines-casing", type: "line", source: "lines", paint: { "line-color": "#ffffff", "line-width": 6 } },
        { id: "lines", type: "line", source: "lines", paint: { "line-color": byClass, "line-width": ["case", ["get", "info"], 2, 3.4], "line-opacity": ["case", ["get", "info"], 0.5, 1] } },
        { id: "links", type: "line", source: "links", paint: { "line-color": byCarrier, "line-width": 2.6, "line-dasharray": [2, 1.2] } },
        { id: "sites", type: "circle", source: "sites", paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": byCarrier, "circle-stroke-width": 2.4 } },
        { id: "names", type: "symbol", source: "labels", layout: text("name", 13, { "symbol-sort-key": 3 }), paint: Object.assign({}, halo, { "text-color": "#5a6872" }) },
        { id: "pins", type: "symbol", source: "pins", layout: { "icon-image": "pin", "icon-offset": [15, -15], "icon-allow-overlap": false, "symbol-sort-key": ["coalesce", ["get", "rank"], 999], visibility: "none" } },
        { id: "stations", type: "symbol", source: "stations",
          layout: text("name", 12, { "icon-image": ["coalesce", ["get", "icon"], "ring|none|0|1|0"], "icon-size": ["interpolate", ["linear"], ["zoom"], 7, 0.55, 10, 0.95], "icon-allow-overlap": true,
            "text-optional": true, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 1.3, "symbol-sort-key": ["coalesce", ["get", "order"], 9] }), paint: halo },
      ],
    };
  };
  pmiek.mapIcons = function (map) {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    map.on("styleimagemissing", function (event) {
      if (map.hasImage(event.id)) { return; }
      map.addImage(event.id, event.id === "pin" ? pin(ratio) : icon(event.id, ratio), { pixelRatio: ratio });
    });
  };
})();
