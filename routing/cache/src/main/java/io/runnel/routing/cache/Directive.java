package io.runnel.routing.cache;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The Cache-Control directives that mean something here (RFC 9111, section 5.2; RFC 5861). */
enum Directive {
    /** Nothing of this is to be kept. */
    NO_STORE("no-store", Kind.FLAG),
    /** Nothing is given without having asked the task; with names of fields too, it means all. */
    NO_CACHE("no-cache", Kind.FLAG),
    /** For one user alone; with names of fields too, it means all. */
    PRIVATE("private", Kind.FLAG),
    /** Never given stale. */
    MUST_REVALIDATE("must-revalidate", Kind.FLAG),
    /** Never given stale by a shared cache, as this one is. */
    PROXY_REVALIDATE("proxy-revalidate", Kind.FLAG),
    /** Kept despite no-store by who knows the status. */
    MUST_UNDERSTAND("must-understand", Kind.FLAG),
    /** What is kept, or nothing. */
    ONLY_IF_CACHED("only-if-cached", Kind.FLAG),
    /** How long it is fresh; of a request, how old it may be. */
    MAX_AGE("max-age", Kind.LESS_IS_STRICTER),
    /** How long it is fresh in a shared cache. */
    S_MAXAGE("s-maxage", Kind.LESS_IS_STRICTER),
    /** How long it has to stay fresh. */
    MIN_FRESH("min-fresh", Kind.MORE_IS_STRICTER),
    /** How stale it may be; with no number, as stale as it likes. */
    MAX_STALE("max-stale", Kind.LESS_IS_STRICTER),
    /** How long it is given stale while a new one is fetched. */
    STALE_WHILE_REVALIDATE("stale-while-revalidate", Kind.LESS_IS_STRICTER),
    /** How long it is given stale when the task fails. */
    STALE_IF_ERROR("stale-if-error", Kind.LESS_IS_STRICTER);

    /** What a directive's argument is, and which of two counts. */
    enum Kind {
        /** It needs no argument; if there is one, it changes nothing. */
        FLAG,
        /** Seconds. The least of several counts, and what is no number is 0. */
        LESS_IS_STRICTER,
        /** Seconds. The greatest of several counts, and what is no number is beyond all. */
        MORE_IS_STRICTER
    }

    private static final Map<String, Directive> BY_NAME =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(it -> it.label, Function.identity()));

    private final String label;
    private final Kind kind;

    Directive(String label, Kind kind) {
        this.label = label;
        this.kind = kind;
    }

    /** By its name in lower case. */
    static Optional<Directive> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    Kind kind() {
        return kind;
    }
}
