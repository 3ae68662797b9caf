// Deploys many tasks from few modules, and calls each until it has run at the POP, warm.
//   node resident.js REGION-URL POP-URL KEY MODULE TASKS MODULES
const http = require("http");
const crypto = require("crypto");
const fs = require("fs");
const [region, pop, key, file, tasks, modules] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

function send(method, url, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent, headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

// As long as "Hello, ".
const greeting = (m) => "H" + String(m).padStart(5, "0") + " ";

async function each(count, at, together = 16) {
  let next = 0;
  async function run() {
    for (let i = next++; i < count; i = next++) await at(i);
  }
  await Promise.all(Array.from({ length: together }, run));
}

async function deploy() {
  const code = fs.readFileSync(file);
  const text = code.indexOf("Hello, ");
  if (text < 0) throw new Error("the module does not say hello");
  const digests = [];
  const mine = { "Runnel-Key": key };
  for (let m = 0; m < modules; m++) {
    const other = Buffer.from(code);
    other.write(greeting(m), text);
    const digest = crypto.createHash("sha256").update(other).digest("hex");
    const put = await send("PUT", `${region}/v1/blobs/${digest}`, other, { ...mine, "Content-Type": "application/wasm" });
    if (put.status >= 300) throw new Error(`blob: ${put.status} ${put.text}`);
    digests.push(digest);
  }
  await each(Number(tasks), async (i) => {
    const body = JSON.stringify({ digest: digests[i % modules], public: true });
    const made = await send("POST", `${region}/v1/tasks/t${i}/versions`, body, { ...mine, "Content-Type": "application/json" });
    if (made.status >= 300) throw new Error(`task: ${made.status} ${made.text}`);
  });
}

async function call() {
  // A task is popular after 20 calls.
  await each(Number(tasks), async (i) => {
    for (let n = 0; n < 24; n++) {
      const said = await send("GET", `${pop}/fn/demo/t${i}`);
      const wanted = greeting(i % modules);
      if (said.status === 200 && !said.text.startsWith(wanted)) throw new Error(`t${i} said ${said.text}`);
    }
  });
}

// Popularity fades within minutes: what has faded is called until it runs at the POP again.
async function count() {
  const seen = { atThePop: 0, warm: 0 };
  await each(Number(tasks), async (i) => {
    for (let n = 0; n < 30; n++) {
      const said = await send("GET", `${pop}/fn/demo/t${i}`);
      if ((said.headers["runnel-ran-at"] || "").startsWith("pop/")) {
        seen.atThePop++;
        seen.warm += said.headers["runnel-start"] === "warm";
        return;
      }
    }
  }, 4);
  return seen;
}

const steps = { deploy, call, count: async () => console.log(JSON.stringify(await count())) };
steps[process.env.STEP]().then(() => process.exit(0), (e) => { console.error(e.message); process.exit(1); });
