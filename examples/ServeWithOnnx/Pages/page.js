"use strict";

const at = id => document.getElementById(id);
at("form").addEventListener("submit", async event => {
  event.preventDefault();
  at("error").textContent = "";
  at("answer").hidden = true;
  at("send").disabled = true;
  at("state").textContent = "Looking…";
  try {
    const response = await fetch("predict", { method: "POST", body: new FormData(at("form")) });
    const body = await response.json();
    if (!response.ok) throw new Error(body.detail || body.title);
    at("label").textContent = body.label;
    at("overlay").src = body.overlay;
    at("scores").replaceChildren(...body.scores.slice(0, 10).map(row));
    at("state").textContent = `${body.frames} frames of ${body.width} × ${body.height}` + (body.motionFound ? "" : "; nothing but the camera moves");
    at("answer").hidden = false;
  } catch (error) {
    at("state").textContent = "";
    at("error").textContent = error.message;
  } finally {
    at("send").disabled = false;
  }
});
function row(score) {
  const line = document.createElement("tr");
  line.insertCell().textContent = score.label;
  line.insertCell().textContent = score.score.toFixed(3);
  const meter = document.createElement("meter");
  meter.value = score.score;
  line.insertCell().append(meter);
  return line;
}
