// The other side of KernelSuite: reads "NAME TIMES CALLS" a line, answers "CHECKSUM NANOSECONDS".
//   node kernels.mjs FOLDER
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const kernels = new Map();

async function kernel(name) {
    if (!kernels.has(name)) {
        const module = readFileSync(`${process.argv[2]}/${name}.wasm`);
        const { instance } = await WebAssembly.instantiate(module, {});
        kernels.set(name, instance.exports.kernel);
    }
    return kernels.get(name);
}

for await (const line of createInterface({ input: process.stdin })) {
    const [name, times, calls] = line.split(' ');
    const run = await kernel(name);
    const begin = process.hrtime.bigint();
    let sum = 0;
    for (let i = 0; i < calls; i++) {
        sum = run(Number(times));
    }
    console.log(`${sum} ${process.hrtime.bigint() - begin}`);
}
