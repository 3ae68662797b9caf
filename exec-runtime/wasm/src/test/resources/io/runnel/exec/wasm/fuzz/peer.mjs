// What Node's engine makes of a module. Reads "PATH NAME ARGUMENT... ; NAME ARGUMENT... ; ..." a line, values as TYPE:BITS; answers
// with one line: what each call gave, and at last what is in memory and in globals. DifferentialFuzz.java does the same.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const view = new DataView(new ArrayBuffer(8));

function read(token) {
    const bits = token.slice(2);
    switch (token[0]) {
        case 'i':
            return Number(bits);
        case 'I':
            return BigInt(bits);
        case 'f':
            view.setInt32(0, Number(bits));
            return view.getFloat32(0);
        default:
            view.setBigInt64(0, BigInt(bits));
            return view.getFloat64(0);
    }
}

function show(type, value) {
    if (type === 'i' || type === 'I') {
        return `${type}:${value}`;
    }
    if (Number.isNaN(value)) {
        return `${type}:nan`;
    }
    if (type === 'f') {
        view.setFloat32(0, value);
        return `f:${view.getInt32(0)}`;
    }
    view.setFloat64(0, value);
    return `F:${view.getBigInt64(0)}`;
}

const kinds = [
    [/unreachable/, 'unreachable'],
    [/memory access out of bounds|memory.*out of bounds|segment/, 'memory'],
    [/divide by zero|remainder by zero/, 'zero'],
    [/unrepresentable/, 'number'],
    [/table|null function|signature/, 'table'],
    [/call stack/, 'stack'],
];

function kind(error) {
    const found = kinds.find(([pattern]) => pattern.test(error.message));
    return found ? found[1] : `${error}`;
}

function call(exports, text) {
    const [name, types, ...tokens] = text.trim().split(' ');
    try {
        const given = exports[name](...tokens.map(read));
        const results = types === '-' ? [] : types.length === 1 ? [given] : [...given];
        return results.map((value, i) => show(types[i], value)).join(',') || 'nothing';
    } catch (error) {
        return `trap ${kind(error)}`;
    }
}

async function run(line) {
    const [path, ...calls] = line.split(';');
    let exports;
    try {
        exports = (await WebAssembly.instantiate(readFileSync(path.trim()), {})).instance.exports;
    } catch (error) {
        return `refused ${error.message}`;
    }
    const answers = calls.map((text) => call(exports, text));
    answers.push(createHash('sha1').update(new Uint8Array(exports.memory.buffer)).digest('hex'));
    for (const [name, global] of Object.entries(exports)) {
        if (name.startsWith('global_')) {
            answers.push(show(name[7], global.value));
        }
    }
    return answers.join(' ');
}

for await (const line of createInterface({ input: process.stdin })) {
    console.log(await run(line));
}
