// A volunteer's pages on her phone: readable without a line and able to tell her (sw.js), and "Undo" for some seconds. All
// of it works without.

const scope = location.pathname.startsWith("/t/") ? "/t/" : "/my";
const page = document.documentElement;

for (const each of document.querySelectorAll("[data-for-seconds]")) {
  setTimeout(() => { each.hidden = true; }, Number(each.dataset.forSeconds) * 1000);
}

for (const each of document.querySelectorAll("[data-queue-seen]")) {
  each.addEventListener("click", () => {
    navigator.serviceWorker?.controller?.postMessage({ seen: true });
    delete page.dataset.refused;
    document.getElementById("main").focus();
  });
}

// A button that was pressed without a connection says that this was taken: pressed again it would be sent twice.
for (const path of (page.dataset.queued ?? "").split(" ").filter(Boolean)) {
  const form = [...document.forms].find((each) => each.getAttribute("action") === path);
  const button = form?.querySelector("button");
  if (!button) continue;
  button.disabled = true;
  button.textContent = document.querySelector("[data-taken]")?.dataset.taken ?? button.textContent;
}

// What she has ticked off stays on this phone, by its words, so that a list that was put right moves no tick; only a sum of
// the words is kept. It goes with the list, and with signing out.
const TICKED = `ticked:${sum(location.pathname)}`;
const list = [...document.querySelectorAll("[data-ticked-off] input")];

function sum(words) {
  return [...words.trim()].reduce((sum, each) => (Math.imul(sum, 31) + each.codePointAt(0)) | 0, 7);
}

function named(box) {
  return `${sum(box.closest("label").textContent)}`;
}

function kept(change) {
  try {
    return change(localStorage);
  } catch {
    return null; // a browser that keeps nothing: then it is ticked until she leaves the page
  }
}

if (list.length) {
  const before = (kept((store) => store.getItem(TICKED)) ?? "").split(" ");
  for (const box of list) box.checked = before.includes(named(box));
  addEventListener("change", () => {
    kept((store) => store.setItem(TICKED, list.filter((box) => box.checked).map(named).join(" ")));
  });
} else kept((store) => store.removeItem(TICKED));

addEventListener("offline", () => { page.dataset.offline = ""; });

// "online" may come before anybody can be reached: a page that the phone kept looks again by itself until it is.
const LOOK_AGAIN_MS = 5000;
if (page.hasAttribute("data-offline")) setInterval(lookAgain, LOOK_AGAIN_MS);

// What she is typing is not thrown away by a page that comes anew.
function typing() {
  const fields = [...document.querySelectorAll("textarea, input:not([type=hidden])")];
  return fields.some((field) => field.value !== field.defaultValue);
}

async function lookAgain() {
  if (!navigator.onLine || typing()) return;
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}

if ("serviceWorker" in navigator && document.querySelector("[data-works-offline], [data-push]")) begin();

async function begin() {
  const workers = navigator.serviceWorker;
  const policy = window.trustedTypes?.createPolicy("own", { createScriptURL: () => "/sw.js" });
  // A page that was drawn after the sending shows it already, and somebody may be typing there.
  const behind = () => page.hasAttribute("data-offline") || page.hasAttribute("data-waits");
  workers.addEventListener("message", (event) => { if (event.data?.sent && behind() && !typing()) location.reload(); });
  addEventListener("online", () => {
    if (workers.controller) workers.controller.postMessage({ flush: true });
    if (page.hasAttribute("data-offline") && !typing()) location.reload();
  });
  const registration = await workers.register(policy ? policy.createScriptURL("") : "/sw.js", { scope }).catch(() => null);
  if (!registration) return; // a private window, or a browser that will not
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!workers.controller && worker) worker.postMessage({ keep: location.pathname, files: files() });
  page.dataset.kept = "";
}

function files() {
  const found = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], use")];
  const names = found.map((each) => (each.getAttribute("href") ?? each.getAttribute("src")).split("#")[0]);
  return [...new Set(names)].filter((name) => name.startsWith("/static/"));
}
