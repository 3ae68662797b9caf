package io.runnel.routing.api;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with a request, for whoever sent it.
 *
 * @param kind what to answer
 * @param where in the request: {@code query.limit}, {@code body/items/0/price}
 * @param text what is wrong there; behind it, after semicolons, what is wrong elsewhere
 */
public record RequestFlaw(Kind kind, String where, String text) {
    /** What a flaw is answered with. */
    public enum Kind {
        /** 400. */
        BAD_REQUEST,
        /** 415: the body is of another type than the route takes. */
        UNSUPPORTED_MEDIA_TYPE
    }

    static RequestFlaw bad(String where, String text) {
        return new RequestFlaw(Kind.BAD_REQUEST, where, text);
    }

    /** All of some, at least one, as one. */
    static RequestFlaw all(List<RequestFlaw> flaws) {
        String others =
                flaws.stream()
                        .skip(1)
                        .limit(CheckSteps.MOST_FLAWS - 1)
                        .map(flaw -> "; " + flaw)
                        .collect(Collectors.joining());
        RequestFlaw first = flaws.getFirst();
        return new RequestFlaw(first.kind, first.where, first.text + others);
    }

    /** As {@code query.limit: must be integer}. */
    @Override
    public String toString() {
        return where + ": " + text;
    }
}
