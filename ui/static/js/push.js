// "Tell me on this phone": the browser is asked for an address at which this site alone can reach it, and a plain form
// takes that to the server. Shown only where the browser can; the words for where it cannot are on the page before.

const on = document.querySelector("form[data-push-off]");
const form = document.querySelector("form[data-push]");
const CAN = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

if (form && CAN) begin().catch(() => {});

async function begin() {
  const { pushManager } = await worker(form.dataset.pushScope);
  const held = await pushManager.getSubscription();
  if (held && (await listed(held))) return;
  // The browser may have dropped it without a word to us: then it is offered again.
  if (on && held) {
    on.addEventListener("submit", (event) => { event.preventDefault(); held.unsubscribe().finally(() => on.submit()); });
    return;
  }
  show(Notification.permission === "denied" ? "denied" : "offer");
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(pushManager, held).catch(() => show("failed")); });
}

// The page's own, which own.js registers (in a private window it never is), or that of another part of the site.
async function worker(scope) {
  if (!scope) return navigator.serviceWorker.ready;
  const policy = window.trustedTypes?.createPolicy("push", { createScriptURL: () => "/sw.js" });
  const found = await navigator.serviceWorker.register(policy ? policy.createScriptURL("") : "/sw.js", { scope });
  const coming = found.installing ?? found.waiting;
  if (!found.active) await new Promise((go) => coming.addEventListener("statechange", () => coming.state === "activated" && go()));
  return found;
}

// Among several browsers of one account: whether this is one, known by its address. Ended there, it is ended here, too.
async function listed(held) {
  const bytes = new TextEncoder().encode(`push-endpoint\0${held.endpoint}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const known = [...hash.slice(0, 8)].map((each) => each.toString(16).padStart(2, "0")).join("");
  const row = document.querySelector(`[data-push-device="${known}"]`);
  if (!row) return false;
  row.querySelector("[data-push-here]").hidden = false;
  const end = row.querySelector("form");
  end.addEventListener("submit", (event) => { event.preventDefault(); held.unsubscribe().finally(() => end.submit()); });
  show("on");
  return true;
}

async function ask(pushManager, held) {
  const said = await Notification.requestPermission();
  if (said !== "granted") return show(said === "denied" ? "denied" : "offer");
  if (held) await held.unsubscribe(); // it may be of another key
  const key = Uint8Array.from(atob(form.dataset.push.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  const { endpoint, keys } = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
  for (const [name, value] of Object.entries({ endpoint, ...keys })) if (form.elements[name]) form.elements[name].value = value;
  form.submit();
}

function show(name) {
  for (const each of document.querySelectorAll("[data-push-when]")) {
    each.hidden = !each.dataset.pushWhen.split(" ").includes(name);
  }
  document.documentElement.dataset.push = name;
}
