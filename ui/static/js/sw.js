// The volunteer's pages without a line (scopes /my and /t/). Kept on the phone: the own page, and a task that is confirmed and
// open here, for as long as the server says (X-Keep-Offline, seconds) and until it is done, given back, or somebody signs out.
// What is pressed meanwhile waits in a queue and is done once: each carries a key by which the server knows it again. What the
// server refuses then, because the task had changed, stays in the queue until she has read so on a page; what needs her to sign in waits.

const PAGES = "own-pages";
const FILES = "own-files";
const MOST_FILES = 60;
const KEEP = "X-Keep-Offline";
const UNTIL = "x-kept-until";
const DESK = /^\/(board|intake)$/.test(new URL(registration.scope).pathname);
const DESK_PAGE = "desk-page"; // filled by desk.js
const QUEUED = /^\/(my\/task|t)\/[^/]+\/(on-my-way|done|give-back)$/;
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("sync", (event) => event.waitUntil(flush()));
addEventListener("message", (event) => {
  const asked = event.data || {};
  if (asked.keep) event.waitUntil(keepNow(asked.keep, asked.files || []));
  if (asked.flush) event.waitUntil(flush());
  if (asked.seen) event.waitUntil(seen());
});

addEventListener("push", (event) => event.waitUntil(tell(event.data.json())));
addEventListener("notificationclick", (event) => event.waitUntil(openTold(event)));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (DESK) return desk(event, url);
  if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode !== "navigate") return;
  else if (request.method === "GET") event.respondWith(page(event, url));
  else if (request.method === "POST") event.respondWith(post(request, url));
});

// --- the desk: one page that says that there is no connection, the same for everybody, in place of the browser's own words

function desk(event, url) {
  const { request } = event;
  if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(deskFile(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => noLine(request, url)));
}

async function deskFile(request) {
  return (await (await caches.open(DESK_PAGE)).match(request, { ignoreVary: true })) ?? fetch(request);
}

async function noLine(request, url) {
  if (request.method === "POST") {
    // "No content" leaves the page as it is, with all that was typed; its script says what happened.
    for (const client of await clients.matchAll({ type: "window" })) client.postMessage({ unsent: url.pathname });
    return new Response(null, { status: 204 });
  }
  const cache = await caches.open(DESK_PAGE);
  const page = (await cache.keys()).find((each) => new URL(each.url).pathname === "/no-connection");
  return (page && (await cache.match(page, { ignoreVary: true }))) ?? Response.error();
}

// --- pages and their files

async function page(event, url) {
  const waiting = flush();
  event.waitUntil(waiting);
  let response;
  try {
    // What waits comes first, so that the page shows it.
    await waiting;
    response = await fetch(event.request);
  } catch {
    return kept(url.pathname);
  }
  // What a page says once ("Thank you!", by a word in its address) is not what is read tomorrow: the plain page is kept.
  if (url.search && response.ok && response.headers.get(KEEP) !== "none") event.waitUntil(keepNow(url.pathname, []));
  else await look(url.pathname, response.clone());
  return marked(response);
}

// Tells on the page what is still to be sent, and what was refused.
async function marked(response) {
  const rows = response.type === "opaqueredirect" ? [] : await all();
  if (!rows.length || !/^text\/html/.test(response.headers.get("Content-Type") || "")) return response;
  const refused = new Set(rows.filter((each) => each.refused).map((each) => each.path.split("/").pop()));
  const marks = (refused.size ? ` data-refused="${[...refused].join(" ")}"` : "") + (rows.some(unsent) ? " data-waits" : "");
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const text = (await response.text()).replace("<html ", `<html${marks} `);
  return new Response(text, { status: response.status, statusText: response.statusText, headers });
}

async function look(path, response) {
  if (response.type === "opaqueredirect" || response.redirected) return;
  const said = response.headers.get(KEEP);
  if (said === "none") return forget();
  const pages = await caches.open(PAGES);
  if (response.ok && Number(said) > 0) {
    const text = await response.text();
    const headers = new Headers(response.headers);
    headers.delete("Content-Encoding");
    headers.set(UNTIL, String(Date.now() + Number(said) * 1000));
    await pages.put(path, new Response(text, { headers }));
    if (path === "/my") await dropOthers(pages, text);
  } else if (response.status < 500) await pages.delete(path, { ignoreVary: true });
}

// A task that stands on the own page no more is not hers any more.
async function dropOthers(pages, text) {
  for (const each of await pages.keys()) {
    const path = new URL(each.url).pathname;
    if (path.startsWith("/my/task/") && !text.includes(path)) await pages.delete(each, { ignoreVary: true });
  }
}

async function kept(path) {
  const pages = await caches.open(PAGES);
  for (const way of [path, "/my"]) {
    const found = await pages.match(way, { ignoreVary: true });
    if (!found) continue;
    if (Number(found.headers.get(UNTIL)) < Date.now()) {
      await pages.delete(way, { ignoreVary: true });
      continue;
    }
    const waiting = (await all()).filter(unsent).map((each) => each.path);
    const queued = waiting.length ? ` data-queued="${waiting.join(" ")}"` : "";
    const text = (await found.text()).replace("<html ", `<html data-offline${queued} `);
    return new Response(text, { headers: found.headers });
  }
  return Response.error();
}

async function file(request) {
  const files = await caches.open(FILES);
  const found = await files.match(request, { ignoreVary: true });
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await putFile(files, request, response.clone());
  return response;
}

async function putFile(files, request, response) {
  await files.put(request, response);
  const names = await files.keys();
  for (const old of names.slice(0, Math.max(0, names.length - MOST_FILES))) await files.delete(old, { ignoreVary: true });
}

// The page that brought this worker was drawn before it was there.
async function keepNow(path, names) {
  const files = await caches.open(FILES);
  for (const name of names) {
    if (await files.match(name, { ignoreVary: true })) continue;
    const response = await fetch(name).catch(() => null);
    if (response && response.ok) await putFile(files, name, response);
  }
  const response = await fetch(path, { redirect: "manual" }).catch(() => null);
  if (response) await look(path, response);
}

// What she pressed is not forgotten with the pages: it says nothing of anybody, and is sent once she is signed in again.
async function forget() {
  await caches.delete(PAGES);
}

// --- what is pressed

async function post(request, url) {
  if (url.pathname === "/my/out") await forget();
  const body = new URLSearchParams(await request.text());
  const queues = QUEUED.test(url.pathname);
  if (queues) body.set("sent", crypto.randomUUID());
  try {
    return await send(url.pathname, body);
  } catch {
    if (!queues) return noLine(request, url);
    await change("readwrite", (waiting) => waiting.add({ path: url.pathname, body: body.toString() }));
    if (registration.sync) await registration.sync.register("own").catch(() => null);
    return Response.redirect(url.pathname.replace(/\/[^/]+$/, ""), 303);
  }
}

function send(path, body) {
  return fetch(path, { method: "POST", headers: FORM, body: body.toString(), redirect: "manual", credentials: "same-origin" });
}

let flushing = null;
function flush() {
  flushing ??= flushAll().finally(() => { flushing = null; });
  return flushing;
}

async function flushAll() {
  let sent = 0;
  for (const each of (await all()).filter(unsent)) {
    let response;
    try {
      response = await send(each.path, new URLSearchParams(each.body));
      if (response.status === 403) response = await again(each);
      if (response.status >= 500) break;
    } catch {
      break; // still without a line
    }
    // Signed out meanwhile: it waits until she is here again.
    if (response.status === 403 && each.path.startsWith("/my/")) break;
    // Given back and closed: it was done before, and the answer was lost on the way, or it is not hers any more anyway. A
    // link is closed for other reasons, too (another was made since): then nobody knows of it.
    const gone = response.status === 404 && /^\/my\/.*\/give-back$/.test(each.path);
    const done = response.type === "opaqueredirect" || response.ok || gone;
    await change("readwrite", (waiting) => (done ? waiting.delete(each.id) : waiting.put({ ...each, refused: response.status })));
    sent += 1;
  }
  if (sent) for (const client of await clients.matchAll()) client.postMessage({ sent });
}

async function seen() {
  for (const each of await all()) if (!unsent(each)) await change("readwrite", (waiting) => waiting.delete(each.id));
}

function unsent(each) {
  return !each.refused;
}

// A form that lay for long: its seal is of a browser session that is over, so it takes that of the page as it is now.
async function again(each) {
  const fresh = await fetch(each.path.replace(/\/[^/]+$/, ""), { credentials: "same-origin" });
  const seal = /name="seal" value="([^"]+)"/.exec(await fresh.text());
  const body = new URLSearchParams(each.body);
  if (seal) body.set("seal", seal[1]);
  return send(each.path, body);
}

// --- what we tell her: words and links, sealed for this browser alone (Web Push)

async function tell({ id, lang, dir, title, body, link, fewer }) {
  // The same message twice is shown once (tag). Where there are no buttons, the choices are on the page.
  const actions = [{ action: "fewer", title: fewer.title }];
  await registration.showNotification(title, { body, lang, dir, tag: id, actions, data: { link, fewer: fewer.link } });
}

function openTold({ action, notification }) {
  notification.close();
  // Only ever a page of this site.
  const { pathname, search } = new URL(notification.data[action || "link"], location.origin);
  return clients.openWindow(pathname + search);
}

// --- the queue

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("own", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function change(mode, what) {
  const db = await opened();
  try {
    return await new Promise((done, failed) => {
      const asked = what(db.transaction("waiting", mode).objectStore("waiting"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  } finally {
    db.close();
  }
}

function all() {
  return change("readonly", (waiting) => waiting.getAll());
}
