// worker.js holds the one connection to `gloss serve` for all tabs of a browser.
//
// HTTP/1.1 allows six connections to a host, so a connection in each tab would stop the seventh. This script runs as a
// SharedWorker; where there is none (Chrome on Android), a tab runs it as a Worker of its own and says "bye" while it
// is hidden.
//
// A tab says   {type: "join"}   I am here, tell me where you are (also after sleep; harmless when repeated)
//              {type: "bye"}    I am going or hidden
//              {type: "retry"}  try now, do not wait any longer
//              {type: "pong"}   I am still here
// and hears    what the server says ("hello", "build"), {type: "lost"} when the connection ended, {type: "ping"}.
"use strict";
(() => {
  const FIRST_WAIT = 1_000, LONGEST_WAIT = 30_000; // ms between attempts, doubled each time
  const PING = 60_000, SILENCE = 150_000; // ms; a tab that crashed never says "bye"

  const ports = new Map(); // of a tab: when it last spoke
  let source = null; // the EventSource that counts; others are leftovers
  let up = false; // it has said something
  let failed = false; // the last attempt did not work
  let last = null; // {session, build} as last heard
  let wait = FIRST_WAIT;
  let timer = 0;

  function open() {
    clearTimeout(timer);
    timer = 0;
    source?.close();
    const mine = source = new EventSource("/_gloss/events");
    mine.onmessage = event => {
      if (mine !== source) return;
      let said;
      try { said = JSON.parse(event.data); } catch { return; }
      up = true;
      failed = false;
      wait = FIRST_WAIT;
      last = { session: said.session, build: said.build };
      tell(said);
    };
    mine.onerror = () => {
      if (mine !== source) return;
      // The browser would try again by itself after some fixed time; ours starts sooner and grows.
      shut();
      failed = true;
      tell({ type: "lost" });
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  }

  function shut() {
    clearTimeout(timer);
    timer = 0;
    source?.close();
    source = null;
    up = false;
  }

  function tell(said) {
    for (const port of ports.keys()) port.postMessage(said);
  }

  function hear(port, said) {
    if (said?.type === "bye") {
      ports.delete(port);
      if (ports.size === 0) shut();
      return;
    }
    ports.set(port, Date.now());
    if (said?.type === "retry" && !up && timer) {
      wait = FIRST_WAIT;
      open();
    } else if (!source && !timer) {
      wait = FIRST_WAIT;
      open();
    }
    if (said?.type !== "join") return;
    if (up) port.postMessage({ type: "hello", ...last });
    else if (failed) port.postMessage({ type: "lost" });
  }

  function serve(port) {
    port.onmessage = event => hear(port, event.data);
  }

  setInterval(() => {
    const now = Date.now();
    for (const [port, spoke] of ports) {
      // A frozen tab is dropped too; it says "join" when it wakes, and its messages still arrive.
      if (now - spoke > SILENCE) ports.delete(port);
      else port.postMessage({ type: "ping" });
    }
    if (ports.size === 0) shut();
  }, PING);

  if ("onconnect" in self) self.onconnect = event => serve(event.ports[0]);
  else serve(self);
})();
