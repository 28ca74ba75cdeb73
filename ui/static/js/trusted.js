// What may be written into a page as text with tags: answers of our own site that run nothing. Every other place where
// text could become a script stays shut, and so does this one for anything that could.

const RUNS = /<(script|iframe|object|embed|base|meta|link|template)\b|<[^>]*\son[a-z]+\s*=|javascript:/i;
const WRAPPER = /^<body><template class="internal-htmx-wrapper">|<\/template><\/body>$/g;
const DRAWN = /^(<svg\/>|[0-9.]+ k?m)$/;

if (window.trustedTypes) {
  trustedTypes.createPolicy("default", {
    createHTML: (text) => (DRAWN.test(text) || !RUNS.test(text.replace(WRAPPER, "")) ? text : null),
    createScriptURL: (url) => (url === document.querySelector("[data-leaflet]")?.dataset.leaflet ? url : null),
  });
}
