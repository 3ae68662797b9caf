package io.runnel.chaos.suite;

import java.time.Duration;

/**
 * By what a fault shows that it was there: a promise that is kept while nothing is broken says
 * nothing.
 */
sealed interface Bite {
    /**
     * One in a hundred of a stream's answers takes at least so long while the fault lasts.
     *
     * @param stream whose
     */
    record Slower(String stream, Duration least) implements Bite {}

    /**
     * At least this share of a stream's answers comes from elsewhere while the fault lasts.
     *
     * @param least 0 to 1
     */
    record Elsewhere(String stream, double least) implements Bite {}

    /** At least so many calls of a stream fail, from the fault on. */
    record Failed(String stream, long least) implements Bite {}

    /**
     * The fault proxy did something to a link at least so often.
     *
     * @param did a toxic's kind, or {@link ProxyActs#CUT}
     */
    record Counted(LinkName link, String did, long least) implements Bite {}
}
