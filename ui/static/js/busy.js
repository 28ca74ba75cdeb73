// "Working on it…" when an answer takes long: said politely, and the pressed button shows it. Nothing is switched off, so
// nothing that was pressed can get lost. Without this the browser's own signs of waiting are all there is.
// And a form that is sent, or a link that is followed, while there is no connection leaves the page as it is, with all that
// was typed, in place of the browser's own page without it.

const AFTER_MS = 400;
const LONGEST_MS = 60_000; // then it was stopped, or is lost: the words would not be true any more

const line = document.getElementById("busy");
const words = document.getElementById("unsent"); // a template: not to be read out before it is true
let notice = null;
let timer = 0;
let pressed = null;
let sending = null; // where a form was sent whose answer is to come
let reached = false;
let asked = 0; // parts of this page that are still to come (htmx)

function begin(button) {
  end();
  pressed = button;
  timer = setTimeout(show, AFTER_MS);
}

function show() {
  line.textContent = line.dataset.busy;
  pressed?.setAttribute("aria-busy", "true");
  timer = setTimeout(end, LONGEST_MS);
}

function end() {
  clearTimeout(timer);
  line.textContent = "";
  pressed?.removeAttribute("aria-busy");
  pressed = null;
}

// The last to hear of it: whoever stopped it (a question first, htmx) has done so by now. A file that is saved leaves the
// page as it is, and nothing tells us when it came.
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  // Where a worker looks after the page (sw.js), it knows better what to do.
  if (words && !reached && !navigator.onLine && !navigator.serviceWorker?.controller) hold(event);
  else {
    const { target, submitter } = event;
    sending = new URL(submitter?.getAttribute("formaction") ?? target.getAttribute("action") ?? "", location.href).pathname;
    if (!target.hasAttribute("data-file")) begin(submitter);
  }
});
addEventListener("pageshow", () => { sending = null; });
// A worker that could send it nowhere says so to all its pages, and leaves them as they are.
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (!data?.unsent || sending !== data.unsent) return;
  sending = null;
  dispatchEvent(new Event("unsent"));
});
navigator.serviceWorker?.startMessages();

async function hold(event) {
  const { target, submitter } = event;
  event.preventDefault();
  if (!(await anybody())) return;
  reached = true;
  target.requestSubmit(submitter);
  reached = false;
}

addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!words || navigator.onLine || !link || !here(event, link)) return;
  event.preventDefault();
  // Where a worker looks after the page that it leads to, that has words of its own.
  const looked = await navigator.serviceWorker?.getRegistration(link.href).catch(() => null);
  if (looked || (await anybody())) location.assign(link.href);
});

// A page of ours, another than this one, in this window. "Leave this page now" leaves, to whatever the browser shows.
function here(event, link) {
  const other = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || link.download;
  const inside = link.hash && link.href.split("#")[0] === location.href.split("#")[0];
  return !(event.defaultPrevented || other || inside) && link.origin === location.origin && link.pathname !== "/leave";
}

// A computer without any network may be the very one that the pages come from. Where nobody answers, the page says so.
async function anybody() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (!answer) dispatchEvent(new Event("unsent"));
  return Boolean(answer);
}

// Nobody could be reached: said here, or by a part that was asked for (htmx).
document.addEventListener("htmx:sendError", () => dispatchEvent(new Event("unsent")));
addEventListener("unsent", () => {
  end();
  if (!words) return;
  notice?.remove();
  notice = words.content.firstElementChild.cloneNode(true);
  words.parentElement.prepend(notice);
  notice.focus();
});
document.addEventListener("htmx:beforeSend", (event) => {
  const { elt, requestConfig } = event.detail;
  asked += 1;
  begin(requestConfig.triggeringEvent?.submitter ?? (elt.matches("a, button") ? elt : null));
});
document.addEventListener("htmx:afterRequest", () => {
  asked = Math.max(0, asked - 1);
  if (!asked) end();
});

// The browser may keep this page as it stands and show it again later (the back-forward cache).
addEventListener("pagehide", end);
addEventListener("pageshow", end);
addEventListener("keydown", (event) => event.key === "Escape" && end()); // which stops a page that is coming
