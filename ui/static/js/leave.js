// "Leave this page now": at once, also with Escape three times, and not back to it with one step. Without this it is a link
// that asks us first: our answer has the browser drop what it kept of these pages. Here nobody waits long for it.

const way = document.getElementById("leave");
const WITHIN_MS = 3000;
const LONGEST_MS = 300;
let presses = [];

async function leave() {
  document.title = "…";
  document.body.hidden = true;
  const forgotten = fetch(way.href, { keepalive: true, redirect: "manual" }).catch(() => undefined);
  await Promise.race([forgotten, new Promise((done) => setTimeout(done, LONGEST_MS))]);
  location.replace(way.dataset.to);
}

way.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    presses = [];
    return;
  }
  presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
  if (presses.length >= 3) leave();
});
