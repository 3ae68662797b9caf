package io.runnel.routing.cache;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * On which terms an answer may be kept (RFC 9111, section 3).
 *
 * @param headers what of them is for the next who asks
 * @param length what its Content-Length says, if anything
 */
record Terms(
        int status,
        List<Map.Entry<String, String>> headers,
        Vary vary,
        Freshness freshness,
        OptionalLong length) {

    /**
     * Whether it may be kept at all, and is worth it: some time has to be left in which it is given
     * without asking the task, or it has to say that the task may be asked for changes. Never kept
     * are: what is not of a status understood here, is for one user, sets a cookie, or is a part.
     */
    static Optional<Terms> of(
            AnswerHead answer, CachePolicy policy, long requestedMillis, long answeredMillis) {
        if (!answer.isUnderstood() || isForbidden(answer)) {
            return Optional.empty();
        }
        Optional<Vary> vary = Vary.of(answer.all("Vary"));
        Optional<OptionalLong> length = length(answer);
        Freshness freshness = Freshness.of(answer, policy, requestedMillis, answeredMillis);
        boolean kept =
                vary.isPresent()
                        && length.isPresent()
                        && (answer.isCommon() || says(answer))
                        && (!freshness.isOver(answeredMillis) || isForAsking(answer));
        return kept
                ? Optional.of(
                        new Terms(
                                answer.status(),
                                answer.kept(answeredMillis),
                                vary.get(),
                                freshness,
                                length.get()))
                : Optional.empty();
    }

    private static boolean isForbidden(AnswerHead answer) {
        CacheControl control = answer.control();
        boolean noStore =
                control.has(Directive.NO_STORE) && !control.has(Directive.MUST_UNDERSTAND);
        return noStore
                || control.has(Directive.PRIVATE)
                || answer.has("Set-Cookie")
                || answer.has("Content-Range");
    }

    private static boolean says(AnswerHead answer) {
        return answer.control().has(Directive.S_MAXAGE)
                || answer.control().has(Directive.MAX_AGE)
                || answer.hasExpires();
    }

    private static boolean isForAsking(AnswerHead answer) {
        return (says(answer) || answer.control().has(Directive.NO_CACHE))
                && (answer.has("ETag") || answer.has("Last-Modified"));
    }

    /** Nothing if it says what cannot be. */
    private static Optional<OptionalLong> length(AnswerHead answer) {
        List<String> lines = answer.all("Content-Length");
        if (lines.isEmpty()) {
            return Optional.of(OptionalLong.empty());
        }
        OptionalLong length =
                lines.size() == 1
                        ? CacheControl.seconds(lines.getFirst().trim())
                        : OptionalLong.empty();
        return length.isPresent() ? Optional.of(length) : Optional.empty();
    }
}
