package io.runnel.chaos.suite;

import java.util.Locale;

/** Which calls may fail. */
sealed interface Allowance {
    /**
     * Whether so many of so many are within it.
     *
     * @param failed how many failed
     * @param caught those of them that were under way while a step was taken
     * @param calls of how many
     */
    boolean allows(long failed, long caught, long calls);

    /** For people. */
    String text();

    /** A number of calls. */
    record Count(long most) implements Allowance {
        @Override
        public boolean allows(long failed, long caught, long calls) {
            return failed <= most;
        }

        @Override
        public String text() {
            return Long.toString(most);
        }
    }

    /**
     * A share of the calls.
     *
     * @param most 0 to 1
     */
    record Share(double most) implements Allowance {
        @Override
        public boolean allows(long failed, long caught, long calls) {
            return failed <= most * calls;
        }

        @Override
        public String text() {
            return String.format(Locale.ROOT, "%.1f %%", most * 100);
        }
    }

    /** Only those that were under way while a step was taken: they may have run. */
    record UnderWay() implements Allowance {
        @Override
        public boolean allows(long failed, long caught, long calls) {
            return failed == caught;
        }

        @Override
        public String text() {
            return "those under way at a step";
        }
    }
}
