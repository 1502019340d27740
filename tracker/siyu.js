// Siyu's tracker: what visitors of a site do, sent to the brand's own Siyu. docs/tracker.md.
//
//   <script src="https://siyu.example.com/siyu.js" data-key="siyu_…" async></script>
//   <script>window.siyu = window.siyu || []; siyu.push(["page"]);</script>
//
// Messages wait in localStorage until they are taken: a page that closes, a network that fails and a
// server that is busy lose nothing. One request at a time; several tabs take turns by a lease, and what
// two send all the same the server knows by its messageId. Everything is first-party: no cookie, no
// fingerprint, nothing read of the page but its address, title and referrer.
(function (window, document) {
  "use strict";
  var MESSAGES_MAX = 200; // waiting; beyond: the oldest go
  var BATCH_MAX = 50;
  var BATCH_BYTES_MAX = 60000; // what browsers let a page send while it goes
  var MESSAGE_BYTES_MAX = 16000;
  var SEND_AFTER = 1000; // ms
  var RETRY_FIRST = 2000;
  var RETRY_MAX = 300000;
  var LEASE = 15000;
  var PREFIX = "siyu.";

  var script = document.currentScript;
  var early = Array.isArray(window.siyu) ? window.siyu : [];
  var key = script && script.getAttribute("data-key");
  var host = script && (script.getAttribute("data-host") || new URL(script.src).origin);
  if (!key || !host) return;
  var url = host + "/api/v1/t/batch?write_key=" + encodeURIComponent(key);

  // Storage may be forbidden: then everything lives as long as the page.
  var memory = {};
  function read(name) {
    try {
      return window.localStorage.getItem(PREFIX + name);
    } catch (e) {
      return name in memory ? memory[name] : null;
    }
  }
  function write(name, value) {
    try {
      if (value === null) window.localStorage.removeItem(PREFIX + name);
      else window.localStorage.setItem(PREFIX + name, value);
    } catch (e) {
      if (value === null) delete memory[name];
      else memory[name] = value;
    }
  }
  function queue() {
    try {
      var list = JSON.parse(read("queue"));
      return Array.isArray(list) ? list : [];
    } catch (e) {
      return [];
    }
  }
  function id() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map
      .call(bytes, function (b) {
        return (b + 256).toString(16).slice(1);
      })
      .join("");
  }
  function device() {
    var known = read("device");
    if (!known) write("device", (known = id()));
    return known;
  }
  function isOut() {
    return read("out") === "1";
  }

  var tab = id();
  var timer = 0;
  var wait = 0; // ms of the last retry
  var sending = false;

  function later(ms) {
    if (timer) window.clearTimeout(timer);
    timer = window.setTimeout(flush, ms);
  }

  function put(type, more) {
    if (isOut()) return;
    var message = { type: type, messageId: id(), timestamp: new Date().toISOString() };
    message.anonymousId = device();
    var user = read("user");
    if (user) message.userId = user;
    for (var name in more) if (more[name] !== undefined) message[name] = more[name];
    var text;
    try {
      text = JSON.stringify(message);
    } catch (e) {
      return; // holds itself
    }
    if (text.length > MESSAGE_BYTES_MAX) return;
    write("queue", JSON.stringify(queue().concat([message]).slice(-MESSAGES_MAX)));
    if (!wait) later(SEND_AFTER);
  }

  // The first messages, as many as fit, as the body of a request.
  function batch() {
    var list = queue().slice(0, BATCH_MAX);
    for (;;) {
      var body = JSON.stringify({ batch: list, sentAt: new Date().toISOString() });
      if (list.length < 2 || new Blob([body]).size <= BATCH_BYTES_MAX) {
        return { list: list, body: body };
      }
      list = list.slice(0, Math.ceil(list.length / 2));
    }
  }
  function forget(list) {
    var sent = {};
    list.forEach(function (message) {
      sent[message.messageId] = true;
    });
    var left = queue().filter(function (message) {
      return !sent[message.messageId];
    });
    write("queue", left.length ? JSON.stringify(left) : null);
    return left.length;
  }
  // Whether this tab sends now; another one's turn ends by itself.
  function hasTurn() {
    var turn = (read("turn") || "").split(" ");
    if (turn[0] && turn[0] !== tab && Number(turn[1]) > Date.now()) return false;
    write("turn", tab + " " + (Date.now() + LEASE));
    return true;
  }

  function again(seconds) {
    wait = Math.min(wait ? wait * 2 : RETRY_FIRST, RETRY_MAX);
    later(Math.max(wait * (0.5 + Math.random() / 2), (seconds || 0) * 1000));
  }

  function flush() {
    timer = 0;
    if (sending || isOut()) return;
    if (!queue().length) return;
    if (!hasTurn()) return later(LEASE);
    var part = batch();
    sending = true;
    window
      .fetch(url, {
        method: "POST",
        body: part.body,
        headers: { "Content-Type": "text/plain" }, // asks for no preflight
        credentials: "omit",
        mode: "cors",
      })
      .then(
        function (answer) {
          sending = false;
          if (answer.status === 429 || answer.status >= 500) {
            return again(Number(answer.headers.get("Retry-After")));
          }
          // Taken, or never to be taken.
          wait = 0;
          write("turn", null);
          if (forget(part.list)) later(0);
        },
        function () {
          sending = false;
          again(0);
        },
      );
  }

  // The page may not come back: what is waiting goes now, and stays queued only where it cannot.
  function hide() {
    if (document.visibilityState !== "hidden") return;
    // Whoever comes next need not wait for a page that may be gone; what is sent twice is known.
    if ((read("turn") || "").indexOf(tab + " ") === 0) write("turn", null);
    if (isOut()) return;
    if (sending || !queue().length || !window.navigator.sendBeacon) return;
    var part = batch();
    if (window.navigator.sendBeacon(url, new Blob([part.body], { type: "text/plain" }))) {
      forget(part.list);
    }
  }

  var api = {
    page: function (name, properties) {
      var about = { url: location.href, path: location.pathname, title: document.title };
      if (document.referrer) about.referrer = document.referrer;
      put("page", { name: name, properties: Object.assign(about, properties) });
    },
    track: function (event, properties) {
      put("track", { event: event, properties: properties || {} });
    },
    productViewed: function (product) {
      api.track("Product Viewed", product);
    },
    identify: function (user, traits) {
      if (isOut()) return;
      if (user && typeof user !== "object") write("user", String(user));
      put("identify", { traits: (typeof user === "object" ? user : traits) || {} });
    },
    // Somebody else uses this browser from now on.
    reset: function () {
      write("user", null);
      write("device", null);
    },
    // No more, and nothing of what was: neither ids nor what waits.
    optOut: function () {
      ["queue", "user", "device", "turn"].forEach(function (name) {
        write(name, null);
      });
      write("out", "1");
    },
    optIn: function () {
      write("out", null);
    },
    isOptedOut: isOut,
    // For single calls before the script was there: siyu.push(["track", "Signed Up"]).
    push: function (call) {
      if (Object.prototype.hasOwnProperty.call(api, call[0]) && call[0] !== "push") {
        api[call[0]].apply(null, call.slice(1));
      }
    },
  };
  document.addEventListener("visibilitychange", hide);
  window.addEventListener("online", function () {
    wait = 0;
    later(0);
  });
  window.siyu = api;
  early.forEach(api.push);
  if (queue().length) later(SEND_AFTER);
})(window, document);
