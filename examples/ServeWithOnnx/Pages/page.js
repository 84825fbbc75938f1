import { offerSamples, offerWebcam, playable } from "./sources.js";
import { show, stop } from "./player.js";

const at = id => document.getElementById(id);
const mostRows = 10;
let source = null;

function fail(error) {
  at("state").textContent = "";
  at("error").textContent = error.message;
}

async function recognise(name, video) {
  stop();
  if (source) URL.revokeObjectURL(source);
  at("error").textContent = "";
  at("answer").hidden = true;
  at("work").hidden = false;
  setBusy(true);
  const number = crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, c => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
  let asking = 0;
  try {
    source = await playable(video);
    const answer = await send(number, name, video, source === null, () => { asking = setInterval(() => ask(number), 400); });
    fill(answer);
    at("answer").hidden = false;
    show(answer, source);
  } catch (error) {
    fail(error);
  } finally {
    clearInterval(asking);
    at("work").hidden = true;
    setBusy(false);
  }
}

function setBusy(busy) {
  document.querySelectorAll(".sources button").forEach(button => { button.disabled = busy; });
}

/** Uploads the video and waits for the answer. `sent` is called when the upload is complete. */
function send(number, name, video, pictures, sent) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("video", video, name);
    const request = new XMLHttpRequest();
    request.open("POST", `predict?number=${number}&pictures=${pictures}`);
    request.responseType = "json";
    request.upload.addEventListener("progress", event => tell("Uploading", event.loaded, event.total));
    request.upload.addEventListener("load", () => { tell("Waiting"); sent(); });
    request.addEventListener("load", () => request.status === 200 ? resolve(request.response) : reject(new Error(request.response?.detail || request.response?.title || `The service answered ${request.status}.`)));
    request.addEventListener("error", () => reject(new Error("The service cannot be reached.")));
    request.send(form);
  });
}

async function ask(number) {
  const response = await fetch(`progress/${number}`).catch(() => null);
  if (!response || response.status !== 200) return; // 204: it has not begun, or is done
  const state = await response.json();
  if (state.step === "motion") tell("Finding motion", state.done, state.total, "frames");
  else tell(state.step === "network" ? "Recognising" : "Waiting");
}

function tell(what, done, total, unit) {
  const known = total > 0 && done <= total;
  if (known) at("progress").value = done / total;
  else at("progress").removeAttribute("value");
  at("state").textContent = known ? `${what}: ${unit ? `${done} of ${total} ${unit}` : `${Math.round(100 * done / total)} %`}` : `${what}…`;
}

const percent = value => `${(100 * value).toFixed(1)}\u00a0%`;

/** A name that may be broken after its underscores. */
const breakable = name => name.replaceAll("_", "_\u200b");

function fill(answer) {
  at("label").textContent = answer.label;
  at("state").textContent = `${answer.frames} frames of ${answer.width} × ${answer.height}`;
  at("still").hidden = answer.motionFound;
  at("unfamiliar").hidden = answer.familiar;
  at("unfamiliar").textContent = `This clip looks like nothing that the network was trained on: the best class has ${percent(answer.scores[0].score)}, below the limit of ${percent(answer.familiarFrom)}. Do not rely on the answer.`;
  at("scores").replaceChildren(...answer.scores.slice(0, mostRows).map(row));
  const { pictures, overlay, ...data } = answer;
  at("json").href = `data:application/json,${encodeURIComponent(JSON.stringify(data, null, 1))}`;
}

function row(score) {
  const line = document.createElement("tr");
  line.insertCell().textContent = breakable(score.label);
  const number = line.insertCell();
  number.className = "number";
  number.textContent = percent(score.score);
  const bar = line.insertCell();
  bar.className = "bar";
  const meter = document.createElement("meter");
  meter.value = score.score;
  bar.append(meter);
  return line;
}

async function listClasses() {
  const { classes } = await (await fetch("health")).json();
  at("count").textContent = classes.length;
  at("classes").replaceChildren(...classes.map(name => {
    const item = document.createElement("li");
    item.textContent = name;
    return item;
  }));
}

at("form").addEventListener("submit", event => {
  event.preventDefault();
  const file = at("video").files[0];
  recognise(file.name, file);
});
offerWebcam(recognise, fail);
offerSamples(recognise, fail).catch(fail);
listClasses().catch(fail);
