/**
 * How tasks run on a node: the contracts of runtimes and isolates, the runner with its slots, the
 * pool of what is warm, the store of code. After US11762703: popular code runs on warm, isolated
 * machines near the user; and US10042660: between bursts that return by the clock little is held,
 * and shortly before each of them what it needs is made ready.
 */
package io.runnel.exec.isolate;
