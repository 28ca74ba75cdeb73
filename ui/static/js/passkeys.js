// A volunteer's passkeys: the device answers what the form asks (data-options), and the form is sent with that answer.
// Without this script, or without a device that can, nothing of it is shown: a private link does the same.

const able = "credentials" in navigator && "PublicKeyCredential" in window;

if (able) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); ask(form); });
    form.closest("[data-with-passkeys]").hidden = false;
  }
  const offer = document.querySelector("[data-offers-passkey]");
  if (offer) PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().then((can) => { offer.hidden = !can; });
}

async function ask(form) {
  const options = JSON.parse(form.dataset.options);
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  const make = form.dataset.passkey === "make";
  if (make) {
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
    publicKey.excludeCredentials = options.excludeCredentials.map((each) => ({ ...each, id: bytes(each.id) }));
  }
  form.querySelector("[data-not]").hidden = true;
  form.querySelector("[data-has-one]")?.setAttribute("hidden", "");
  let found = null;
  try {
    found = await navigator.credentials[make ? "create" : "get"]({ publicKey });
  } catch (error) {
    const said = error.name === "InvalidStateError" && form.querySelector("[data-has-one]");
    (said || form.querySelector("[data-not]")).hidden = false;
  }
  if (!found) return;
  form.elements.answer.value = JSON.stringify(told(found));
  form.submit();
}

function told(credential) {
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = credential.response;
  const parts = { clientDataJSON, attestationObject, authenticatorData, signature, userHandle };
  const there = Object.entries(parts).filter(([, value]) => value);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(there.map(([name, value]) => [name, text(value)])),
  };
}

function bytes(value) {
  return Uint8Array.from(atob(value.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
}

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (each) => String.fromCharCode(each)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
