package io.runnel.exec.wasm;

import io.runnel.exec.task.CodeDigest;

import run.endive.wasm.Version;

import java.nio.charset.StandardCharsets;

/** What compiled classes depend on: another module, engine, option or JDK is another key. */
record CacheKey(CodeDigest module) {
    /** Of what this room itself makes of modules; another one when that changes. */
    private static final int FORMAT = 5;

    byte[] toBytes() {
        String text =
                "%s|endive %s|format %d|fallback own|java %d"
                        .formatted(module, Version.version(), FORMAT, Runtime.version().feature());
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Where it lies in the cache. */
    String fileName() {
        return CodeDigest.of(toBytes()).toString();
    }
}
