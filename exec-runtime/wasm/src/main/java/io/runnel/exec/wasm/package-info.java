/**
 * Isolates for WebAssembly: command modules of WASI preview 1, compiled to byte code by Endive, run
 * afresh for each call. After US11762703: popular code runs on warm, isolated machines near the
 * user.
 */
package io.runnel.exec.wasm;
