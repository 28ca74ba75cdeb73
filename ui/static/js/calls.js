// One key for what came of a call: 1 to 4, for the call that is marked. Without this the four buttons do it.

const calls = [...document.querySelectorAll("[data-call]")];
const marked = () => calls.find((each) => each.contains(document.activeElement)) ?? calls.find((each) => "next" in each.dataset) ?? calls[0];

if (calls.length > 0) {
  for (const each of document.querySelectorAll(".script-only")) each.hidden = false;
  marked().focus();
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
    if (typing || event.altKey || event.ctrlKey || event.metaKey) return;
    marked()?.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  });
}
