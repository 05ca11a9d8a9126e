"use strict";
// Draws the view of this page. Nothing is sent anywhere, and nothing is loaded from elsewhere.
const box = document.getElementById("figure");

const PHONE_PX = 600, READABLE_PX = 820;

// On a phone hours, rows and headings side by side would run into each other: such a chart keeps its width, and its box is swept sideways.
function swept(layout, map) {
  if (map || window.innerWidth >= PHONE_PX || !(layout.xaxis2 || (layout.height || 0) > 420)) return;
  box.style.width = READABLE_PX + "px";
  document.getElementById("sweep-hint").hidden = false;
}

function fitted(layout) {
  const x = layout.xaxis && layout.xaxis.range, y = layout.yaxis && layout.yaxis.range;
  if (layout.yaxis && layout.yaxis.scaleanchor && x && y) {
    // a map keeps its shape: on a narrow screen it is lower, not cut
    const ratio = (layout.yaxis.scaleratio || 1) * Math.abs((y[1] - y[0]) / (x[1] - x[0]));
    layout.height = Math.min(layout.height || 640, Math.round(box.clientWidth * ratio) + 80);
    box.style.minHeight = layout.height + "px";
  }
  swept(layout, layout.yaxis && layout.yaxis.scaleanchor);
  // a finger scrolls the page, it does not zoom the chart
  if (window.matchMedia("(pointer: coarse)").matches || window.innerWidth < PHONE_PX) layout.dragmode = false;
  return layout;
}

fetch(box.dataset.url, { headers: { Accept: "application/json" } })
  .then((answer) => answer.json())
  .then((view) => {
    const options = { responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", displayModeBar: false };
    return Plotly.newPlot(box, view.figure.data, fitted(view.figure.layout), options);
  })
  .catch(() => {
    box.textContent = "\u2717";
    document.querySelector("details").open = true;
  });
