package io.runnel.exec.durable;

import java.util.Optional;

/**
 * What came of one run of an event.
 *
 * @param status the HTTP status, as the AWS Lambda API gives it
 * @param functionError what the task itself did wrong
 * @param version which version of the task ran
 * @param payload what it answered, if that is not too large to be told; not to be changed
 */
public record RunAnswer(
        int status,
        Optional<String> functionError,
        Optional<String> version,
        Optional<byte[]> payload) {
    private static final int FIRST_FAILURE = 300;
    private static final int FIRST_OURS = 500;

    /** What it says of the event. */
    public enum Meaning {
        /** It is done. */
        DONE,
        /** The task failed it. */
        FAILED,
        /** Its caller may not, or may not any more. */
        DENIED,
        /** It could not be run now. */
        LATER,
        /** It can never be run. */
        NEVER
    }

    /** Whether the task itself ran. */
    boolean hasRun() {
        return functionError.isPresent() || status < FIRST_FAILURE;
    }

    /** What it says of the event. Pure. */
    public Meaning meaning() {
        if (functionError.isPresent()) {
            return Meaning.FAILED;
        }
        return switch (status) {
            case 401, 403 -> Meaning.DENIED;
            case 429 -> Meaning.LATER;
            default ->
                    status < FIRST_FAILURE
                            ? Meaning.DONE
                            : status < FIRST_OURS ? Meaning.NEVER : Meaning.LATER;
        };
    }
}
