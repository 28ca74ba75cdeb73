// "Tell me on this phone": the browser is asked for an address at which this site alone can reach it, and a plain form
// takes that to the server. Shown only where the browser can; the words for where it cannot are on the page before.

const on = document.querySelector("form[data-push-off]");
const form = document.querySelector("form[data-push]");
const CAN = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

if (form && CAN) begin();

async function begin() {
  const { pushManager } = await navigator.serviceWorker.ready; // own.js registers it; in a private window it never is
  const held = await pushManager.getSubscription();
  // The browser may have dropped it without a word to us: then it is offered again.
  if (on && held) {
    on.addEventListener("submit", (event) => { event.preventDefault(); held.unsubscribe().finally(() => on.submit()); });
    return;
  }
  show(Notification.permission === "denied" ? "denied" : "offer");
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(pushManager, held).catch(() => show("failed")); });
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
