'use strict';
// Clips: the user's own video where the browser plays it, else the pictures in this file; boxes on the canvas over either.
for (const clip of document.querySelectorAll('.clip[data-strip]')) {
  const facts = JSON.parse(clip.querySelector('script').textContent);
  const canvas = clip.querySelector('canvas');
  const context = canvas.getContext('2d');
  const [button, slider, boxes] = [clip.querySelector('button'), clip.querySelector('input[type=range]'), clip.querySelector('input[type=checkbox]')];
  const strip = new Image();
  const length = facts.frames.length * facts.seconds;
  let video = null, playing = false, position = 0, before = 0;

  function outline(corners, colour, width) {
    const [x1, y1, x2, y2] = corners.map(value => value * facts.scale);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
  }

  function draw() {
    const place = Math.min(facts.frames.length - 1, Math.floor(position / facts.seconds));
    let frame = facts.frames[place];
    if (video) {
      frame = Math.min(facts.count - 1, Math.floor(video.currentTime / video.duration * facts.count));
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
    } else {
      context.drawImage(strip, place * canvas.width, 0, canvas.width, canvas.height, 0, 0, canvas.width, canvas.height);
    }
    if (boxes.checked) {
      outline(facts.union, '#f2b705', 1);
      if (facts.boxes[frame]) outline(facts.boxes[frame], '#16b364', 2);
    }
    slider.value = Math.round(1000 * (video ? video.currentTime / video.duration : position / length)) || 0;
  }

  function tick(now) {
    if (!playing) return;
    position = (position + Math.min(0.5, (now - before) / 1000)) % length;
    before = now;
    draw();
    requestAnimationFrame(tick);
  }

  function toggle() {
    playing = !playing;
    button.textContent = playing ? '❚❚' : '▶';
    if (video) { if (playing) video.play(); else video.pause(); }
    before = performance.now();
    requestAnimationFrame(tick);
  }

  button.addEventListener('click', toggle);
  canvas.addEventListener('click', toggle);
  boxes.addEventListener('change', draw);
  slider.addEventListener('input', () => {
    position = slider.value / 1000 * (length - 0.001);
    if (video) video.currentTime = slider.value / 1000 * video.duration; else draw();
  });
  strip.addEventListener('load', () => { position = length / 2; draw(); });
  strip.src = clip.dataset.strip;

  if (clip.dataset.video) {
    const own = document.createElement('video');
    own.muted = true; own.loop = true; own.preload = 'metadata'; own.playsInline = true;
    own.addEventListener('loadeddata', () => {
      if (own.videoWidth === 0 || !isFinite(own.duration)) return;
      video = own;
      own.addEventListener('seeked', draw);
      own.currentTime = own.duration / 2;
      clip.dataset.source = 'video';
    });
    own.src = clip.dataset.video;
  }
  clip.dataset.source = 'pictures';
}

// Tables: a click on a heading sorts by that column, a second one the other way round.
for (const table of document.querySelectorAll('table.sortable')) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => heading.addEventListener('click', () => {
    const order = heading.dataset.order === 'down' ? 'up' : 'down';
    heading.dataset.order = order;
    const value = row => { const text = row.cells[column].textContent; const number = parseFloat(text); return column > 0 ? (isNaN(number) ? -1 : number) : text; };
    const rows = [...table.tBodies[0].rows].sort((a, b) => { const [x, y] = [value(a), value(b)]; return (x < y ? -1 : x > y ? 1 : 0) * (order === 'up' ? 1 : column > 0 ? -1 : 1); });
    table.tBodies[0].append(...rows);
  }));
}
