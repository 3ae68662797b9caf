/**
 * How tasks run on a node: the contracts of runtimes and isolates, the runner with its slots, the
 * store of code. After US11762703: popular code runs on warm, isolated machines near the user.
 */
package io.runnel.exec.isolate;
