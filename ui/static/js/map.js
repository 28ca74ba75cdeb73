// The still map given legs: the same areas, to be moved and looked at closely. Leaflet is known to this module only.
// Nothing is asked of anybody else for it: pictures of streets are there only if this very site has them.

const METRES = { metric: true, imperial: false };
/** Our own buttons stand below; who made the streets is said there too. */
const QUIET = { zoomControl: false, attributionControl: false, zoomAnimation: false };

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

/** `files`: the attributes that parts/live_map.html writes. */
function fetchLeaflet(files) {
  fetched ??= Promise.all([
    fetchScript(files.leaflet, files.leafletIntegrity),
    fetchStyle(files.leafletStyle, files.leafletStyleIntegrity),
  ]);
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

/** Lays the site's own pictures of streets under everything, if it has some, and says how far they go. */
function addStreets(map, { tiles, zooms, box }) {
  if (!tiles) return null;
  const [least, most] = zooms.split(" ").map(Number);
  const [south, west, north, east] = box.split(" ").map(Number);
  const bounds = L.latLngBounds([south, west], [north, east]);
  // Not L.TileLayer: that one empties a picture by a data: address, which the pages' own policy forbids.
  const Streets = L.GridLayer.extend({
    createTile({ z, x, y }, done) {
      const picture = Object.assign(document.createElement("img"), { alt: "" });
      picture.onload = picture.onerror = () => done(null, picture);
      picture.src = tiles.replace("{z}", z).replace("{x}", x).replace("{y}", y);
      return picture;
    },
  });
  // Beyond the finest there are, the same pictures grow; farther out than the coarsest there is none.
  new Streets({ minZoom: least, maxZoom: 22, maxNativeZoom: most, bounds }).addTo(map);
  map.getContainer().parentElement.classList.add("streets");
  return bounds;
}

/** Draws what the still map shows into `frame`. Resolves to what can be done with it: `near`, `far`, `end`. */
export async function live(svg, frame, files) {
  await fetchLeaflet(files);
  const place = unprojected(svg);
  const map = L.map(frame, {
    ...QUIET,
    // Pictures are sharp at whole steps only.
    zoomSnap: files.tiles ? 1 : 0.25,
    minZoom: 5,
    maxZoom: 15,
  });
  addStreets(map, files);
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

/** A map in `frame` on which a tap picks a spot, or `middle` the one under the cross: `chosen(lat, lon)` is told, and a
 * ring of `radius` metres drawn. It begins at `at`, or shows all there is. Resolves to `near`, `far`, `middle`. */
export async function pick(frame, files, { at, radius, chosen }) {
  await fetchLeaflet(files);
  const map = L.map(frame, { ...QUIET, zoomSnap: 1, maxZoom: 17 });
  const whole = addStreets(map, files);
  const ring = L.circle([0, 0], { className: "halo", radius, interactive: false });
  const dot = L.circleMarker([0, 0], { className: "here", radius: 6, interactive: false });
  const draw = (spot) => [ring, dot].forEach((each) => each.setLatLng(spot).addTo(map));
  const choose = (spot) => {
    const there = spot.wrap();
    draw(there);
    chosen(there.lat, there.lng);
  };
  if (at && whole.contains(at)) map.fitBounds(L.latLng(at).toBounds(2.4 * radius), { animate: false });
  else map.fitBounds(whole, { animate: false });
  map.setMaxBounds(whole.pad(0.5));
  if (at) draw(at);
  frame.append(Object.assign(document.createElement("span"), { className: "cross" }));
  map.on("click", (event) => choose(event.latlng));
  L.control.scale(METRES).addTo(map);
  return { near: () => map.zoomIn(), far: () => map.zoomOut(), middle: () => choose(map.getCenter()) };
}
