package io.runnel.attestation.identity;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One reason why something is not believed.
 *
 * @param reason what whoever presented it may know
 * @param detail what the audit log says beside that; no secret
 */
public record Rejection(Reason reason, String detail) {
    /** In words: the reason's sentence, and what it is about. */
    public String text() {
        return "%s: %s".formatted(reason.sentence(), detail);
    }

    /** The reason's code, and what it is about: for a log. */
    public String coded() {
        return "%s: %s".formatted(reason.code(), detail);
    }

    /** All of them in words, in their order. */
    public static String text(List<Rejection> why) {
        return why.stream().map(Rejection::text).collect(Collectors.joining("; "));
    }
}
