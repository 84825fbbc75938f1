// Where videos come from besides a file: the service's samples, the webcam.
const at = id => document.getElementById(id);
const longest = 10;

/** Offers the samples of the service; calls `use(name, blob)` with the one that is chosen. */
export async function offerSamples(use, failed) {
  const names = await (await fetch("samples")).json();
  at("sampleList").hidden = names.length === 0;
  at("samples").replaceChildren(...names.map(name => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name.replace(/\.[^.]+$/, "");
    button.addEventListener("click", async () => {
      try {
        const response = await fetch(`samples/${encodeURIComponent(name)}`);
        if (!response.ok) throw new Error(`The sample cannot be fetched (${response.status}).`);
        await use(name, await response.blob());
      } catch (error) {
        failed(error);
      }
    });
    return button;
  }));
}

/** Lets a person record with the webcam, ten seconds at most; calls `use(name, blob)` with the recording. */
export function offerWebcam(use, failed) {
  const [start, stop, preview] = ["webcam", "stop", "preview"].map(at);
  if (!navigator.mediaDevices || !window.MediaRecorder) {
    start.disabled = true;
    start.title = "This browser lets a page use the camera over https or on localhost only.";
    return;
  }
  start.addEventListener("click", async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 } } });
      const type = ["video/webm;codecs=vp8", "video/mp4", "video/webm"].find(t => MediaRecorder.isTypeSupported(t));
      const recorder = new MediaRecorder(stream, { mimeType: type });
      const parts = [];
      recorder.addEventListener("dataavailable", event => parts.push(event.data));
      recorder.addEventListener("stop", async () => {
        stream.getTracks().forEach(track => track.stop());
        preview.srcObject = null;
        preview.hidden = stop.hidden = true;
        start.hidden = false;
        await use(type.includes("mp4") ? "webcam.mp4" : "webcam.webm", new Blob(parts, { type: type.split(";")[0] }));
      });
      preview.srcObject = stream;
      preview.hidden = stop.hidden = false;
      start.hidden = true;
      await preview.play();
      recorder.start();
      const ends = setTimeout(() => recorder.state === "recording" && recorder.stop(), longest * 1000);
      stop.onclick = () => { clearTimeout(ends); recorder.stop(); };
    } catch (error) {
      failed(new Error(`The webcam cannot be used: ${error.message}`));
    }
  });
}

/** The address of a video where this browser can play it, else null. Recordings without a length get one. */
export function playable(blob) {
  return new Promise(resolve => {
    const probe = document.createElement("video");
    const address = URL.createObjectURL(blob);
    const give = source => {
      clearTimeout(late);
      if (source === null) URL.revokeObjectURL(address);
      resolve(source);
    };
    const late = setTimeout(() => give(null), 60000); // a browser that cannot play it says so at once; this is for one that says nothing
    probe.muted = true;
    probe.addEventListener("loadeddata", () => give(probe.videoWidth > 0 ? address : null));
    probe.addEventListener("error", () => give(null));
    probe.preload = "auto";
    probe.src = address;
  });
}
