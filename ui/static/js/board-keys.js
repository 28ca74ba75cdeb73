// Keys of the board, one each, as the window behind "?" lists them. They are on where the page has that window; they lead
// somewhere or open something, and send nothing, but for 1 to 6 on the buttons of the open log of calls. While somebody types, or holds another key, they are letters.

const TYPING = "input, textarea, select, [contenteditable]";
const STEP = { j: 1, k: -1 };

function rows() {
  return [...document.querySelectorAll(".queue a")].filter((row) => row.getClientRects().length);
}

function walk(by) {
  const list = rows();
  if (!list.length) return;
  const at = list.indexOf(document.activeElement);
  const from = at >= 0 ? at : list.findIndex((row) => row.hasAttribute("aria-current"));
  const to = from < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, from + by));
  list[to].focus();
  list[to].scrollIntoView({ block: "nearest" });
}

function call() {
  const part = document.getElementById("call");
  if (!part) return;
  part.open = true;
  part.querySelector("button").focus();
}

// Only with the focus on one of its buttons: a digit elsewhere writes nothing down.
function entry(number) {
  if (!document.activeElement?.closest("#call .keys")) return false;
  document.querySelectorAll("#call .keys button")[number - 1]?.click();
  return true;
}

const DO = {
  j: () => walk(1),
  k: () => walk(-1),
  a: () => document.querySelector("#who .goer button, #who a, #who button")?.focus(),
  c: call,
  n: () => document.querySelector('a[href="/intake"]')?.click(),
  "/": () => document.querySelector('a[href="/people"]')?.click(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  const help = document.getElementById("keys");
  if (!help?.hasAttribute("data-on") || help.open) return;
  // Shift alone is a part of "?" and of "/" on some keyboards.
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat && !STEP[event.key]) return;
  if (event.target.closest?.(TYPING)) return;
  if (/^[1-6]$/.test(event.key) && entry(Number(event.key))) return event.preventDefault();
  const act = Object.hasOwn(DO, event.key) ? DO[event.key] : null;
  if (!act) return;
  event.preventDefault();
  act();
});
