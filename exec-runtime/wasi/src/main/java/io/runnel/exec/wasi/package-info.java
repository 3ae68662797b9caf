/**
 * What a WebAssembly guest may ask of the host: WASI preview 1, in full, with files in memory. It
 * knows no engine: a guest's memory is a {@link io.runnel.exec.wasi.WasiMemory}.
 */
package io.runnel.exec.wasi;
