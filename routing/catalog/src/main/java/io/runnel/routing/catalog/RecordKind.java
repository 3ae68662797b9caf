package io.runnel.routing.catalog;

import java.util.Locale;
import java.util.Optional;

/** What a record of the change feed is about. */
public enum RecordKind {
    /** An account; key {@code demo}. */
    ACCOUNT,
    /** An access key, without its secret; key {@code RNL...}. */
    KEY,
    /** One immutable version of a task; key {@code demo/hello@3}. */
    VERSION,
    /** A task and which version is live; key {@code demo/hello}. */
    TASK,
    /** That accounts may call a task; key {@code acme/charge/demo/ID}. */
    GRANT,
    /** A name of a version of a task; key {@code acme/charge@stable}. */
    ALIAS,
    /** That an account believes somebody's tokens; key {@code acme/github}. */
    TRUST,
    /** A name by which an account calls a task; key {@code demo/pay}. */
    CALLER_ALIAS,
    /** That an account agrees to what a task's owner asks for; key {@code demo/acme/charge}. */
    AGREEMENT,
    /** That a calendar calls a task of an account; key {@code demo/nightly}. */
    SCHEDULE,
    /** An API, and which of its revisions its users get; key {@code demo/shop}. */
    API,
    /** One immutable revision of an API; key {@code demo/shop@3}. */
    API_REVISION;

    /** As it stands in the feed: {@code account}, {@code key}, {@code version}, {@code task}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind that stands so in the feed. */
    public static Optional<RecordKind> ofLabel(String label) {
        for (RecordKind kind : values()) {
            if (kind.label().equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
