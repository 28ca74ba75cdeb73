// Set-up: the middle of the group's area, picked on the site's own map of streets. It fills the field that anybody may
// fill by hand; without this, without Leaflet or without such a map the field is all there is.

const KM = 1000;
const PAIR = /^\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$/;

const files = document.querySelector("span[data-map]").dataset;
const open = document.querySelector('[data-do="pick"]');
const part = document.getElementById("pick");
const frame = part.querySelector('[role="group"]');
const said = part.querySelector('[role="status"]');
const field = document.getElementById("point");

let map = null;

/** Where to begin: at what stands in the field, or what the page has understood of it. */
function begin() {
  const pair = PAIR.exec(field.value) ?? PAIR.exec(part.dataset.at ?? "");
  return pair && [Number(pair[1]), Number(pair[2])];
}

function chosen(lat, lon) {
  const spot = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
  field.value = spot;
  field.dir = "ltr"; // a minus belongs before its number, in every language
  document.querySelector("#where + figure")?.remove(); // the drawing of another spot
  said.textContent = part.dataset.said.replace("{spot}", `\u2066${spot}\u2069`);
}

async function show() {
  part.hidden = false;
  try {
    const { pick } = await import(files.map);
    map = await pick(frame, files, { at: begin(), radius: Number(part.dataset.km) * KM, chosen });
  } catch {
    part.hidden = true; // the field is still there, and the button to try again
    return;
  }
  open.hidden = true;
  document.documentElement.dataset.map = "live";
  frame.focus({ preventScroll: true });
  part.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button?.dataset.do === "pick") show();
  else if (button) map?.[button.dataset.do]();
});

frame.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target === frame) map?.middle();
});

open.hidden = !files.leaflet;
