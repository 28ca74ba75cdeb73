// The desk without a connection: a page of ours in place of the browser's own words (sw.js). Kept on the computer is that one
// page with its style, the same for everybody. What becomes of a form then: busy.js.

const SCOPES = ["/board", "/intake"];
const KEPT = "desk-page";
const LOOK_AGAIN_MS = 5000;
const workers = navigator.serviceWorker;

if (document.getElementById("unsent") && workers) begin();
if (document.querySelector("[data-no-line]") && location.pathname !== "/no-connection") wait();

async function begin() {
  const policy = window.trustedTypes?.createPolicy("desk", { createScriptURL: () => "/sw.js" });
  try {
    await keep();
    for (const scope of SCOPES) {
      const held = await workers.getRegistration(scope);
      if (held && new URL(held.scope).pathname === scope) continue;
      await workers.register(policy ? policy.createScriptURL("") : "/sw.js", { scope });
    }
    document.documentElement.dataset.kept = "";
  } catch {
    // A private window, or a browser that will not: then it has its own words.
  }
}

/** The page in the language of this one, and what it is drawn with. */
async function keep() {
  const drawn = 'link[rel=stylesheet], link[rel=icon], use, script[src*="/busy."], script[src*="/desk."]';
  const parts = [...document.querySelectorAll(drawn)];
  const files = parts.map((each) => (each.getAttribute("href") ?? each.getAttribute("src")).split("#")[0]);
  const wanted = [...new Set(files)].filter((name) => name.startsWith("/static/"));
  wanted.push(`/no-connection?lang=${document.documentElement.lang}`);
  const before = await caches.open(KEPT);
  const there = await Promise.all(wanted.map((name) => before.match(name, { ignoreVary: true })));
  if (there.every(Boolean)) return;
  // Asked for as nobody: so nobody's name can stand on it.
  const found = await Promise.all(wanted.map((name) => fetch(name, name.startsWith("/static/") ? {} : { credentials: "omit" })));
  if (!found.every((answer) => answer.ok)) return;
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await Promise.all(wanted.map((name, at) => cache.put(name, found[at])));
}

function wait() {
  addEventListener("online", () => location.reload());
  // "online" may come before anybody can be reached.
  setInterval(async () => {
    if (!navigator.onLine) return;
    const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
  }, LOOK_AGAIN_MS);
}
