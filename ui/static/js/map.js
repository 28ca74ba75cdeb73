// The still map given legs: the same areas, to be moved and looked at closely. Leaflet is known to this module only.
// Nothing is asked of anybody else for it: no tiles, no pictures.

const METRES = { metric: true, imperial: false };

/** Adds a file of others, checked against its hash; resolves when it has run. */
function fetchScript(url, integrity) {
  return new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { integrity, onload: done, onerror: failed });
    script.src = url;
    document.head.append(script);
  });
}

/** Below all style of ours: the lowest of the style sheet's own layers. */
async function fetchStyle(url, integrity) {
  const answer = await fetch(url, { integrity });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer reset { ${await answer.text()} }`);
  document.adoptedStyleSheets.push(sheet);
}

let fetched = null;

function fetchLeaflet({ script, scriptIntegrity, style, styleIntegrity }) {
  fetched ??= Promise.all([fetchScript(script, scriptIntegrity), fetchStyle(style, styleIntegrity)]);
  return fetched.catch((error) => {
    fetched = null;
    throw error;
  });
}

/** From the drawing's units back to degrees: the drawing says where its middle is and how long a degree is. */
function unprojected(svg) {
  const { lat, lon, squeeze, scale } = Object.fromEntries(
    Object.entries(svg.dataset).map(([name, value]) => [name, Number(value)]),
  );
  const { width, height } = svg.viewBox.baseVal;
  return (x, y) => [lat - (y - height / 2) / scale, lon + (x - width / 2) / scale / squeeze];
}

function ring(path, place) {
  return path
    .getAttribute("d")
    .slice(1, -1)
    .split("L")
    .map((point) => place(...point.split(" ").map(Number)));
}

/** A sign that takes its size from its letters, and is no picture. */
function sign(text) {
  const drawn = document.createElement("span");
  drawn.textContent = text.textContent;
  drawn.className = text.classList.contains("on-dark") ? "sign on-dark" : "sign";
  return L.divIcon({ html: drawn, className: "", iconSize: [0, 0] });
}

/** Draws what the still map shows into `frame`. Resolves to what can be done with it: `near`, `far`, `end`. */
export async function live(svg, frame, files) {
  await fetchLeaflet(files);
  const place = unprojected(svg);
  const map = L.map(frame, {
    zoomControl: false,
    attributionControl: false,
    zoomAnimation: false,
    zoomSnap: 0.25,
    minZoom: 5,
    maxZoom: 15,
  });
  const drawn = [];
  const whole = L.latLngBounds([]);
  for (const path of svg.querySelectorAll("path.cell")) {
    const link = path.closest("a");
    const className = path.getAttribute("class");
    const shape = L.polygon(ring(path, place), { className, interactive: Boolean(link), weight: 1.5 });
    drawn.push(shape);
    if (!link) continue;
    whole.extend(shape.getBounds());
    shape.on("click", () => location.assign(link.getAttribute("href")));
    const icon = sign(link.querySelector("text"));
    drawn.push(L.marker(shape.getBounds().getCenter(), { icon, keyboard: false, interactive: false }));
  }
  const here = svg.querySelector(".here");
  if (here) {
    const middle = [here.cx.baseVal.value, here.cy.baseVal.value];
    const at = L.latLng(place(...middle));
    const halo = svg.querySelector(".halo");
    if (halo) {
      const radius = at.distanceTo(place(middle[0], middle[1] - halo.r.baseVal.value));
      whole.extend(at.toBounds(2 * radius));
      drawn.push(L.circle(at, { className: "halo", radius, interactive: false }));
    }
    drawn.push(L.circleMarker(at, { className: "here", radius: 6, interactive: false }));
  }
  map.fitBounds(whole, { animate: false, padding: [12, 12] });
  map.setMaxBounds(whole.pad(1));
  for (const shape of drawn) shape.addTo(map);
  L.control.scale(METRES).addTo(map);
  return { near: () => map.zoomIn(), far: () => map.zoomOut(), end: () => map.remove() };
}
