// The time to the first byte of the first call of code that this node never ran.
//   node first-call.js URL-OF-CONTROL URL-OF-CALLS KEY KILOBYTES COUNT      prints milliseconds
//   node first-call.js URL-OF-CONTROL URL-OF-POP KEY KILOBYTES until-there  prints where calls ran
const http = require("http");
const https = require("https");
const crypto = require("crypto");
const [control, calls, key, kilobytes, count] = process.argv.slice(2);
const plain = new http.Agent({ keepAlive: true, maxSockets: 1 });
const secured = new https.Agent({ keepAlive: true, maxSockets: 1 });

const u32 = (n) => {
  const out = [];
  do {
    out.push((n & 127) | (n > 127 ? 128 : 0));
    n >>>= 7;
  } while (n);
  return out;
};
const s32 = (n) => {
  const out = [];
  for (;;) {
    const last = (n >= -64 && n < 64);
    out.push((n & 127) | (last ? 0 : 128));
    if (last) return out;
    n >>= 7;
  }
};
const text = (s) => [...u32(s.length), ...Buffer.from(s)];
const section = (id, body) => [id, ...u32(body.length), ...body];

// Functions of 128 bytes, in large modules of 1,000, each called once; then an answer. Every seed
// gives another module.
function module(bytes, seed) {
  const steps = bytes > 1e6 ? 64 : 8;
  const functions = Math.floor(bytes / (17 * steps));
  const answer = "Content-Type: text/plain\n\nhello\n";
  const bodies = [];
  for (let i = 0; i < functions; i++) {
    const body = [0, 0x20, 0];
    for (let k = 0; k < steps; k++) {
      body.push(0x41, ...s32((i * 31 + k + seed * 7919) | 0), 0x6c, 0x20, 0, 0x73, 0x41, 3, 0x77);
    }
    body.push(0x0b);
    bodies.push(body);
  }
  const start = [0];
  for (let i = 0; i < functions; i++) start.push(0x41, 5, 0x10, ...u32(i + 2), 0x1a);
  start.push(0x41, 1, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, 0, 0x1a, 0x0b);
  bodies.unshift(start);
  const iovec = [16, 0, 0, 0, answer.length, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const data = [...iovec, ...Buffer.from(answer)];
  const types = u32(functions + 1).concat([0], Array(functions).fill(1));
  const code = Buffer.concat([
    Buffer.from(u32(functions + 1)),
    ...bodies.map((body) => Buffer.from([...u32(body.length), ...body])),
  ]);
  const head = Buffer.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f]),
    ...section(2, [1, ...text("wasi_snapshot_preview1"), ...text("fd_write"), 0, 2]),
    ...section(3, types),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...text("memory"), 2, 0, ...text("_start"), 0, 1]),
    10,
    ...u32(code.length),
  ]);
  return Buffer.concat([head, code, Buffer.from(
    section(11, [1, 0, 0x41, 0, 0x0b, ...u32(data.length), ...data]),
  )]);
}

function send(method, url, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const isSecured = url.startsWith("https:");
    const agent = isSecured ? secured : plain;
    const request = (isSecured ? https : http).request(url, { method, agent, headers }, (response) => {
      const millis = Number(process.hrtime.bigint() - began) / 1e6;
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, millis, text: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function deploy(name, seed) {
  const code = module(kilobytes * 1024, seed);
  const digest = crypto.createHash("sha256").update(code).digest("hex");
  const mine = { "Runnel-Key": key };
  const put = await send("PUT", `${control}/v1/blobs/${digest}`, code, { ...mine, "Content-Type": "application/wasm" });
  if (put.status >= 300) throw new Error(`blob: ${put.status} ${put.text}`);
  const made = await send("POST", `${control}/v1/tasks/${name}/versions`, JSON.stringify({ digest, public: true }), { ...mine, "Content-Type": "application/json" });
  if (made.status >= 300) throw new Error(`task: ${made.status} ${made.text}`);
}

const pause = (millis) => new Promise((go) => setTimeout(go, millis));

async function first() {
  for (let i = 0; i < Number(count); i++) await deploy(`f${kilobytes}-${i}`, i + Number(kilobytes));
  await pause(2000);
  for (let i = 0; i < Number(count); i++) {
    // Without it the connection itself would be measured.
    await send("GET", `${calls}/_runnel/health`);
    const said = await send("GET", `${calls}/fn/demo/f${kilobytes}-${i}`);
    if (said.status !== 200 || said.text !== "hello\n") throw new Error(`${said.status} ${said.text}`);
    console.log(said.millis.toFixed(3), said.headers["server-timing"]);
    // What was called is compiled meanwhile.
    await pause(150);
  }
}

async function untilThere() {
  await deploy(`large-${kilobytes}`, 1);
  const began = Date.now();
  const ran = {};
  let slowest = 0;
  for (;;) {
    const said = await send("GET", `${calls}/fn/demo/large-${kilobytes}`);
    const seconds = (Date.now() - began) / 1000;
    if (said.status !== 404) {
      if (said.status !== 200) throw new Error(`${said.status} ${said.text}`);
      const at = said.headers["runnel-ran-at"].split("/")[0];
      ran[at] = (ran[at] || 0) + 1;
      slowest = Math.max(slowest, said.millis);
      if (at === "pop" || seconds > 120) {
        console.log(`${kilobytes} KB: ran at the POP after ${seconds.toFixed(1)} s; calls before: ${JSON.stringify(ran)}, the slowest ${slowest.toFixed(0)} ms`);
        return;
      }
    }
    await pause(100);
  }
}

(count === "until-there" ? untilThere() : first()).then(() => process.exit(0), (e) => { console.error(e.message); process.exit(1); });
