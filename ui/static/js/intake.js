// The call page: what it does beyond a plain form. Everything here only saves keystrokes; without it the same
// buttons do the same things on the server.

const form = document.getElementById("call");
const SAVE_EVERY_MS = 3000;
const LOOK_AFTER_MS = 350;
const DIGITS_OF_A_NUMBER = 6;

/** Sends some of the form; resolves to the answer's JSON, or null where there was none. */
async function send(path, body, signal) {
  try {
    const answer = await fetch(path, { method: "POST", body, signal, credentials: "same-origin" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function typed() {
  return new URLSearchParams(new FormData(form));
}

// -- saved every few seconds -----------------------------------------------------------------------------------------

const saved = document.getElementById("saved");
let last = typed().toString();
let over = false;
let saving = new AbortController();

function tell(words, tone) {
  saved.textContent = words;
  saved.dataset.tone = tone;
}

async function save() {
  const now = typed();
  if (over || now.toString() === last) return;
  saving = new AbortController();
  const answer = await send("/intake/draft", now, saving.signal);
  if (over) return;
  if (answer === null) {
    tell(saved.dataset.lost, "stop");
    return;
  }
  last = now.toString();
  if (answer.signed_out) {
    document.getElementById("signed-out").hidden = false;
  } else if (answer.saved) {
    tell(saved.dataset.kept.replace("{time}", answer.saved), "good");
  }
}

setInterval(save, SAVE_EVERY_MS);
document.addEventListener("visibilitychange", () => document.hidden && save());
form.addEventListener("submit", () => {
  over = true;
  saving.abort();
});
// desk.js: it could not be sent, and goes on here.
addEventListener("unsent", () => {
  over = false;
  tell(saved.dataset.lost, "stop");
});

// -- who rings: cards while the number is typed ----------------------------------------------------------------------

const cards = document.getElementById("known");
const pattern = document.getElementById("known-card");
const nobody = document.getElementById("known-nobody");
let asked = "";

function card(person, first) {
  const drawn = pattern.content.cloneNode(true);
  const radio = drawn.querySelector("input[type=radio]");
  radio.value = person.id;
  radio.checked = first;
  const line = drawn.querySelector("small");
  drawn.querySelector("strong").textContent = person.name;
  line.textContent = person.line;
  const page = drawn.querySelector("a");
  page.href += person.id;
  page.hidden = !person.careful;
  const theirs = drawn.querySelector("[name=for_them]");
  theirs.value = person.id;
  theirs.disabled = !person.for_them;
  const pick = () => {
    radio.checked = true;
    if (person.for_them) form.elements.whose.value = "other";
    speak(person.speaks);
    return more();
  };
  /** Among several only enough to choose by is shown; the rest of whoever was chosen is asked for. */
  const more = async () => {
    if (person.again !== null || person.careful) return;
    const answer = await send("/intake/known", reached({ chosen: person.id }));
    const whole = answer?.known.find((each) => each.id === person.id);
    if (!whole) return;
    Object.assign(person, whole);
    line.textContent = person.line;
  };
  radio.addEventListener("change", pick);
  const same = drawn.querySelector("button");
  same.value = person.id;
  same.hidden = !person.asked || person.careful;
  same.addEventListener("click", async (event) => {
    event.preventDefault();
    await pick();
    if (person.again !== null) again(person.again);
    form.elements.kind_numbers.focus();
  });
  return drawn;
}

/** Everything as it was last time; what was typed on this call stays. */
function again(last) {
  for (const [name, value] of Object.entries(last)) {
    const fields = form.querySelectorAll(`[name="${name}"]`);
    for (const field of fields) {
      if (Array.isArray(value)) field.checked ||= value.includes(field.value);
      else if (field.value === "" && value !== "") field.value = value;
      else continue;
      if (field.checked || field.value !== "") open(field);
    }
  }
}

/** What is filled in must be seen. */
function open(field) {
  const fold = field.closest("details");
  if (fold && (field.type !== "checkbox" || field.checked)) fold.open = true;
}

/** What the look-up is sent: by what they are reached, and what is asked beside it. */
function reached(more = {}) {
  const body = new URLSearchParams({ seal: form.elements.seal.value, ...more });
  for (const name of ["phone", "screen", "email"]) body.set(name, form.elements[name].value);
  if (form.elements.practice) body.set("practice", "y");
  return body;
}

async function look() {
  const number = form.elements.phone.value || form.elements.screen.value;
  const digits = number.replace(/\D/g, "");
  const enough = number === "" ? form.elements.email.validity.valid : digits.length >= DIGITS_OF_A_NUMBER;
  const by = number === "" ? form.elements.email.value.trim() : digits;
  if (by === asked) return;
  asked = by;
  if (by === "" || !enough) {
    cards.replaceChildren();
    return;
  }
  const answer = await send("/intake/known", reached());
  if (answer === null || by !== asked) return;
  cards.replaceChildren(...answer.known.map((person, at) => card(person, at === 0 && !person.for_them && !forAnother())));
  if (answer.known.length > 0) {
    cards.append(nobody.content.cloneNode(true));
    speak(answer.known[0].speaks);
  }
}

/** Then the number is the caller's, and nobody is picked by it before somebody says so. */
function forAnother() {
  return form.elements.whose.value === "other";
}

for (const radio of form.querySelectorAll("input[name=whose]")) {
  radio.addEventListener("change", () => {
    const first = cards.querySelector("input[type=radio]");
    if (first && forAnother()) first.checked = false;
  });
}

let waiting = 0;
for (const name of ["screen", "phone", "email"]) {
  form.elements[name].addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, LOOK_AFTER_MS);
  });
  form.elements[name].addEventListener("change", look);
}

// -- where: the area, to be read back ---------------------------------------------------------------------------------

const area = document.getElementById("area");
async function where() {
  const place = form.elements.place_text.value || form.elements.address.value;
  const answer = await send("/intake/known", new URLSearchParams({ seal: form.elements.seal.value, place }));
  if (answer !== null) {
    area.hidden = answer.area === "";
    area.querySelector("span").textContent = answer.area;
  }
}
for (const name of ["address", "place_text"]) form.elements[name].addEventListener("change", where);

// -- what: the numbers of the kinds -----------------------------------------------------------------------------------

const numbers = form.elements.kind_numbers;
const kinds = [...form.querySelectorAll("input[name=kinds]")];
let ticked = new Set();

function count() {
  const wanted = new Set(numbers.value.split(/\D+/).filter((part) => part !== ""));
  for (const box of kinds) {
    if (wanted.has(box.dataset.number)) box.checked = true;
    else if (ticked.has(box.dataset.number)) box.checked = false;
    open(box);
  }
  ticked = wanted;
}
numbers.addEventListener("input", count);
// A heading under which something is chosen stays open; of the rest only their names need be seen.
for (const fold of form.querySelectorAll(".kinds > details")) {
  fold.addEventListener("toggle", () => {
    fold.open ||= fold.querySelector(":checked") !== null;
  });
}

// -- the script in the language they like to speak ---------------------------------------------------------------------

let chosen = false; // by whoever takes the call: then nothing changes it any more
for (const radio of form.querySelectorAll("input[name=script]")) {
  radio.addEventListener("change", () => {
    chosen = true;
  });
}

/** The first of these languages that there is a script in; none of them leaves it as it is. */
function speak(codes) {
  if (chosen) return;
  for (const code of codes) {
    const spoken = form.querySelector(`input[name=script][value="${CSS.escape(code)}"]`);
    if (spoken) {
      spoken.checked = true;
      return;
    }
  }
}
form.elements.language.addEventListener("change", () => speak([form.elements.language.value]));
