package io.runnel.routing.cache;

import java.util.OptionalLong;

/**
 * How old an answer is and for how long it is good (RFC 9111, sections 4.2 and 4.2.4). All times
 * are milliseconds.
 *
 * @param dated when it was made, by its Date, but never later than it came
 * @param answered when it came
 * @param initialAge how old it was then
 * @param lifetime up to which age it is fresh
 * @param whileRevalidating for how long after that it is given while a new one is fetched
 * @param ifError for how long after that it is given when the task fails
 * @param mayBeStale whether a caller that asks for it may get it stale
 */
record Freshness(
        long dated,
        long answered,
        long initialAge,
        long lifetime,
        long whileRevalidating,
        long ifError,
        boolean mayBeStale) {

    /** Reads what an answer says; where it says nothing, the policy counts. */
    static Freshness of(
            AnswerHead answer, CachePolicy policy, long requestedMillis, long answeredMillis) {
        CacheControl control = answer.control();
        long date = answer.date(answeredMillis).orElse(answeredMillis);
        // By whole seconds, as dates have no more.
        long apparentAge =
                (Math.floorDiv(answeredMillis, 1000L) - Math.floorDiv(date, 1000L)) * 1000;
        long delay = Math.max(0, answeredMillis - requestedMillis);
        long initialAge = Math.max(apparentAge, answer.age() + delay);
        boolean mayBeStale =
                !control.has(Directive.NO_CACHE)
                        && !control.has(Directive.MUST_REVALIDATE)
                        && !control.has(Directive.PROXY_REVALIDATE)
                        && !control.has(Directive.S_MAXAGE);
        return new Freshness(
                Math.min(date, answeredMillis),
                answeredMillis,
                initialAge,
                lifetime(answer, policy, date, answeredMillis),
                mayBeStale
                        ? control.millis(Directive.STALE_WHILE_REVALIDATE)
                                .orElse(policy.staleWhileRevalidate().toMillis())
                        : 0,
                mayBeStale
                        ? control.millis(Directive.STALE_IF_ERROR)
                                .orElse(policy.staleIfError().toMillis())
                        : 0,
                mayBeStale);
    }

    private static long lifetime(
            AnswerHead answer, CachePolicy policy, long date, long answeredMillis) {
        CacheControl control = answer.control();
        if (control.has(Directive.NO_CACHE)) {
            return 0;
        }
        OptionalLong said =
                control.has(Directive.S_MAXAGE)
                        ? control.millis(Directive.S_MAXAGE)
                        : control.millis(Directive.MAX_AGE);
        if (said.isPresent()) {
            return said.getAsLong();
        }
        if (answer.hasExpires()) {
            return Math.max(0, answer.expires(answeredMillis).orElse(date) - date);
        }
        // Of a status that has to say it, Terms lets none come here.
        return policy.maxAge().toMillis();
    }

    /** How old it is; never younger than it was when it came, wherever the clock goes. */
    long age(long nowMillis) {
        return initialAge + Math.max(0, nowMillis - answered);
    }

    /** How much longer it is fresh: it is so while this is more than zero. */
    long left(long nowMillis) {
        return lifetime - age(nowMillis);
    }

    boolean isFresh(long nowMillis) {
        return left(nowMillis) > 0;
    }

    /** Whether nobody will ever get it without asking the task, but by asking for stale ones. */
    boolean isOver(long nowMillis) {
        return left(nowMillis) + Math.max(whileRevalidating, ifError) <= 0;
    }

    boolean isNewerThan(Freshness other) {
        return dated != other.dated ? dated > other.dated : answered > other.answered;
    }
}
