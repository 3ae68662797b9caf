package io.runnel.exec.task;

import java.util.Locale;
import java.util.Optional;

/** What a task's code is made of, and so which kind of isolate runs it. */
public enum RuntimeKind {
    /** A WASI preview 1 command module. */
    WASM,
    /** A JavaScript file. */
    JS,
    /** A Linux program with an executable {@code bootstrap}, in a microVM. */
    LINUX;

    /** As users write it: {@code wasm}, {@code js}, {@code linux}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind that users write so. */
    public static Optional<RuntimeKind> ofLabel(String label) {
        for (RuntimeKind kind : values()) {
            if (kind.label().equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
