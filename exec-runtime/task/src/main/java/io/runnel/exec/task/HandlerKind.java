package io.runnel.exec.task;

import java.util.Locale;
import java.util.Optional;

/** How a task is called. */
public enum HandlerKind {
    /** A request in, a response out; in WebAssembly as CGI (RFC 3875). */
    HTTP,
    /** A payload in, a result out; an exit code other than 0 is a function error. */
    EVENT;

    /** As users write it: {@code http}, {@code event}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind that users write so. */
    public static Optional<HandlerKind> ofLabel(String label) {
        for (HandlerKind kind : values()) {
            if (kind.label().equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
