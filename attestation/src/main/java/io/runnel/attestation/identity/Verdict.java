package io.runnel.attestation.identity;

import java.util.List;

/**
 * What is thought of something that claims to be so.
 *
 * @param <T> what is relied on if it is believed
 */
public sealed interface Verdict<T> {
    /**
     * It is believed.
     *
     * @param facts what may be relied on, and nothing else
     */
    record Trusted<T>(T facts) implements Verdict<T> {}

    /**
     * It is not believed.
     *
     * @param reasons why, at least one, all that could be told
     */
    record Rejected<T>(List<Rejection> reasons) implements Verdict<T> {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if there is no reason
         */
        public Rejected {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("rejected for no reason");
            }
        }
    }

    /** It is believed. */
    static <T> Verdict<T> trusted(T facts) {
        return new Trusted<>(facts);
    }

    /** It is not believed, for one reason. */
    static <T> Verdict<T> rejected(Reason reason, String detail) {
        return new Rejected<>(List.of(new Rejection(reason, detail)));
    }
}
