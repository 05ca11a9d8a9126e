"use strict";
// Draws the view of this page. Nothing is sent anywhere, and nothing is loaded from elsewhere.
const box = document.getElementById("figure");
fetch(box.dataset.url, { headers: { Accept: "application/json" } })
  .then((answer) => answer.json())
  .then((view) => {
    const narrow = window.innerWidth < 500;
    const options = { responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", displayModeBar: narrow ? false : "hover" };
    return Plotly.newPlot(box, view.figure.data, view.figure.layout, options);
  })
  .catch(() => {
    box.textContent = "✗";
    document.querySelector("details").open = true;
  });
