// The board: lists that change in place, and word of what is new. Without this every list is a page of its own, and what
// is new is there when it is opened again.

const EVERY_MS = 60_000;

// -- what is new: asked for while somebody can see it, and shown only when she says so -------------------------------

let known = { url: "", tag: "" };
let asked = Date.now();

function tell(line, words) {
  const link = line.querySelector("a");
  line.querySelector("span").textContent = words;
  link.hidden = !words;
  line.classList.toggle("some", Boolean(words));
}

function looking(names) {
  const line = document.getElementById("looking");
  if (!line || names === null) return;
  line.querySelector("strong").textContent = decodeURIComponent(names);
  line.hidden = !names;
}

async function ask() {
  const line = document.querySelector("[data-news]");
  if (!line || document.visibilityState !== "visible") return;
  asked = Date.now();
  // A list that came for itself does not know which request is open beside it.
  const open = document.getElementById("need") ? `&need=${location.pathname.split("/")[2]}` : "";
  const url = line.dataset.news + open;
  if (known.url !== url) known = { url, tag: "" };
  const headers = known.tag ? { "If-None-Match": known.tag } : {};
  let answer;
  try {
    answer = await fetch(url, { redirect: "manual", cache: "no-store", headers });
  } catch {
    return; // no line: another time
  }
  // Led elsewhere, or refused: nobody is signed in here any more.
  if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) delete line.dataset.news;
  looking(answer.headers.get("Looking-Too"));
  if (![200, 204].includes(answer.status)) return;
  const words = await answer.text();
  if (!line.isConnected) return;
  known.tag = answer.headers.get("ETag") ?? "";
  tell(line, words);
}

setInterval(ask, EVERY_MS);
document.addEventListener("visibilitychange", () => {
  if (Date.now() - asked >= EVERY_MS) ask();
});

// -- the lists -------------------------------------------------------------------------------------------------------

document.addEventListener("htmx:afterSettle", () => {
  const list = document.getElementById("queue-side");
  document.getElementById("board-said").textContent = list.dataset.said;
  // A list that came for itself does not know which request is open beside it.
  const open = [...list.querySelectorAll(".queue a")].find((row) => row.pathname === location.pathname);
  open?.setAttribute("aria-current", "true");
  // What was pressed is gone with the list before: go on at the beginning of this one.
  if (document.activeElement === document.body) document.getElementById("queue-title").focus({ preventScroll: true });
});
