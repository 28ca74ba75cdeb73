// The page "Near you": a list that changes in place, and a map to move. Without this the same form and the same map
// are there, with a page of their own for every question.

const files = () => document.querySelector("span[data-map]").dataset;

// -- the map ---------------------------------------------------------------------------------------------------------

let map = null;

async function move(button) {
  const figure = document.getElementById("map");
  const svg = figure.querySelector("svg.map");
  const frame = figure.querySelector(".live");
  const { live } = await import(files().map);
  try {
    frame.hidden = false;
    map = await live(svg, frame.firstElementChild, files());
  } catch {
    frame.hidden = true; // the still one is still there, and the button to try again
    return;
  }
  svg.classList.add("away");
  button.hidden = true;
  document.documentElement.dataset.map = "live";
  performance.mark("map");
  frame.firstElementChild.focus({ preventScroll: true });
}

function still() {
  map?.end();
  map = null;
  delete document.documentElement.dataset.map;
}

// From the map to a line that is folded away: browsers that do not unfold it by themselves.
function unfold() {
  const line = location.hash.startsWith("#area-") && document.getElementById(location.hash.slice(1));
  const folded = line && line.closest("details:not([open])");
  if (!folded) return;
  folded.open = true;
  line.scrollIntoView();
}
window.addEventListener("hashchange", unfold);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  if (button.dataset.do === "move") move(button);
  else map?.[button.dataset.do]();
});

function ready() {
  const button = document.querySelector('[data-do="move"]');
  if (button) button.hidden = !files().leaflet;
}

// -- the list --------------------------------------------------------------------------------------------------------

document.addEventListener("htmx:beforeSwap", still);
document.addEventListener("htmx:afterSwap", () => {
  ready();
  unfold();
  document.getElementById("mistakes")?.focus();
});

ready();
unfold();
