// Shows a video, or frames of it, with its motion boxes and its motion over time.
const at = id => document.getElementById(id);
const [player, image, boxes, curve, seek, play] = ["player", "frame", "boxes", "motion", "seek", "play"].map(at);
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
let shown = null;

/** Shows an answer. `source` is the address of the video where the browser plays it, else null. */
export function show(answer, source) {
  stop();
  const last = Math.max(0, answer.frames - 1);
  shown = { answer, plays: source !== null, index: 0, running: true, started: performance.now() };
  seek.max = last;
  player.hidden = source === null;
  image.hidden = source !== null;
  at("unplayable").hidden = source !== null;
  if (source !== null) {
    player.src = source;
    player.play().catch(() => { shown.running = false; });
  }
  requestAnimationFrame(tick);
}

/** Ends what is shown. */
export function stop() {
  shown = null;
  player.pause();
  player.removeAttribute("src");
  image.removeAttribute("src");
}

function tick() {
  if (shown === null) return;
  const { answer, plays } = shown;
  if (plays) {
    shown.index = frameAt(player.currentTime);
    shown.running = !player.paused;
  } else if (shown.running) {
    // Frames that stand for a video of unknown rate: 12 pictures a second.
    const picture = Math.floor((performance.now() - shown.started) / 1000 * 12) % answer.pictures.length;
    shown.index = answer.pictures[picture].index;
  }
  draw();
  requestAnimationFrame(tick);
}

// The browser tells times and not frames. Videos of variable rate are off by some frames here.
const frameAt = seconds => Math.min(shown.answer.frames - 1, Math.max(0, Math.floor(seconds / length() * shown.answer.frames)));
const length = () => Number.isFinite(player.duration) && player.duration > 0 ? player.duration : shown.answer.frames / 25;

function draw() {
  const { answer, index } = shown;
  if (!shown.plays) {
    const nearest = answer.pictures.reduce((best, p) => Math.abs(p.index - index) < Math.abs(best.index - index) ? p : best);
    if (image.src !== nearest.picture) image.src = nearest.picture;
  }
  seek.value = index;
  play.textContent = shown.running ? "Pause" : "Play";
  at("position").textContent = `frame ${index + 1} of ${answer.frames}`;
  drawBoxes(answer, index);
  drawMotion(answer, index);
}

function drawBoxes(answer, index) {
  const pen = ready(boxes);
  const scale = boxes.width / answer.width;
  const box = ([x1, y1, x2, y2], style, thick) => {
    pen.lineWidth = thick * devicePixelRatio;
    pen.strokeStyle = style;
    pen.strokeRect(x1 * scale, y1 * scale, (x2 - x1) * scale, (y2 - y1) * scale);
  };
  box(answer.motionBox, colour("--union"), 2);
  if (answer.motionFound) box(answer.frameBoxes[index], colour("--frame"), 3);
}

function drawMotion(answer, index) {
  const pen = ready(curve);
  const { width, height } = curve;
  const top = Math.max(...answer.motion, 1e-6);
  const x = i => answer.frames < 2 ? 0 : i / (answer.frames - 1) * width;
  const y = value => height - 2 - value / top * (height - 6);
  pen.beginPath();
  pen.moveTo(0, height);
  answer.motion.forEach((value, i) => pen.lineTo(x(i), y(value)));
  pen.lineTo(width, height);
  pen.fillStyle = "#b9d2f5";
  pen.fill();
  pen.beginPath();
  answer.motion.forEach((value, i) => i === 0 ? pen.moveTo(x(i), y(value)) : pen.lineTo(x(i), y(value)));
  pen.lineWidth = 1.5 * devicePixelRatio;
  pen.strokeStyle = colour("--accent");
  pen.stroke();
  pen.fillStyle = colour("--frame");
  pen.fillRect(x(index) - devicePixelRatio, 0, 2 * devicePixelRatio, height);
}

/** The canvas in the pixels of the screen, cleared. */
function ready(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  return canvas.getContext("2d");
}

play.addEventListener("click", () => {
  if (shown === null) return;
  if (shown.plays) player.paused ? player.play() : player.pause();
  shown.running = !shown.running;
  shown.started = performance.now();
});
seek.addEventListener("input", () => {
  if (shown === null) return;
  shown.running = false;
  shown.index = Number(seek.value);
  if (shown.plays) {
    player.pause();
    player.currentTime = (shown.index + 0.5) / shown.answer.frames * length();
  }
});
