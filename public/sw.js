// Keeps one build of a program, the app or the desk, so that it opens without a network. Nothing depends on it: where there is no service
// worker the outbox works all the same. It never keeps anything of /api, and never mixes two builds.
'use strict';

const BUILD = '__BUILD__';
// The build puts the program's page and the name of its cache in the place of these words.
const HOME = '__HOME__';
const CACHES = '__CACHES__';
const CACHE = CACHES + BUILD;
// The build puts a list of paths in the place of this word.
const FILLED = '__ASSETS__';
const ASSETS = [...new Set([HOME, ...(Array.isArray(FILLED) ? FILLED : [])])];

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(ASSETS.map((path) => new Request(path, { cache: 'reload' })));
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(CACHES) && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// The page asks for the change of builds when no draft is open; by itself it waits until all pages are closed.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/') || url.pathname === '/version') return;
  event.respondWith(request.mode === 'navigate' ? page(request, url) : asset(request));
});

// The network first: the page carries a fresh id for the plain form. Without one, the page that is kept.
async function page(request, url) {
  if (HOME === '/' && /^\/(desk|kiosk|open311)/.test(url.pathname)) return fetch(request);
  try {
    const answer = await fetch(request);
    // Sent on to another page: that one is asked for anew.
    if (answer.type === 'opaqueredirect') return answer;
    // A sign-in page of a foreign network is no page of ours.
    if (answer.ok && answer.headers.get('content-type')?.includes('html') && !answer.redirected) return answer;
    if (answer.status >= 400 && answer.status < 500) return answer;
  } catch { /* no network */ }
  const cache = await caches.open(CACHE);
  return (await cache.match(HOME)) || Response.error();
}

async function asset(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) || fetch(request);
}
