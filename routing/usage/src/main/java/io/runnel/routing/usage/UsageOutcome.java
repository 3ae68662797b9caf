package io.runnel.routing.usage;

import java.util.Locale;
import java.util.Optional;

/** How a run that is charged for ended. */
public enum UsageOutcome {
    /** By itself, with exit code 0. */
    COMPLETED(1),
    /** By itself, with another exit code. */
    FUNCTION_ERROR(2),
    /** It did what the machine forbids. */
    TRAPPED(3),
    /** It was ended at its limit of time. */
    TIMED_OUT(4),
    /** It needed more memory than it may have. */
    MEMORY_EXCEEDED(5),
    /** Its calls were nested too deeply. */
    STACK_EXCEEDED(6),
    /** It wrote more than it may. */
    OUTPUT_EXCEEDED(7),
    /** The caller went away, or the node stopped. */
    CANCELLED(8);

    private final int number;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    UsageOutcome(int number) {
        this.number = number;
    }

    /** As it stands in spools and on the wire; never changes. */
    public int number() {
        return number;
    }

    /** As it stands in JSON: {@code timed-out}. */
    public String label() {
        return label;
    }

    /** Whether the guest did what it was asked. */
    public boolean isSuccess() {
        return this == COMPLETED;
    }

    /** The one of this number. */
    public static Optional<UsageOutcome> ofNumber(int number) {
        for (UsageOutcome outcome : values()) {
            if (outcome.number == number) {
                return Optional.of(outcome);
            }
        }
        return Optional.empty();
    }
}
