package io.runnel.exec.task;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * That an account has a task of its own called by a calendar. What the calendar's text means is not
 * looked at here.
 *
 * @param account whose it is, and who pays for the calls
 * @param task one of the account's
 * @param version which of its versions
 * @param cron when: five fields as UNIX cron has them, or {@code @daily} and the like
 * @param zone whose clock counts: the IANA name of a time zone
 * @param payload what the guest reads, as JSON; without, a document that says which tick it is
 * @param catchUp how late a tick is still run when none could be run for a while; whole seconds
 */
public record Schedule(
        AccountId account,
        ScheduleName name,
        TaskName task,
        Qualifier version,
        String cron,
        String zone,
        Optional<String> payload,
        Duration catchUp) {
    /** The longest calendar. */
    public static final int MOST_CRON_CHARACTERS = 128;

    /** The largest payload, in UTF-8. */
    public static final ByteSize MOST_PAYLOAD = ByteSize.ofKiB(16);

    /** The most that may be caught up with. */
    public static final Duration MOST_CATCH_UP = Duration.ofHours(24);

    private static final Pattern CRON =
            Pattern.compile("[ -~]{1,%d}".formatted(MOST_CRON_CHARACTERS));
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9_+/-]{1,64}");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a part is too long, too late, or no text of its kind
     */
    public Schedule {
        if (!CRON.matcher(cron).matches()) {
            throw new IllegalArgumentException(
                    "cron must be 1 to %d printable ASCII characters"
                            .formatted(MOST_CRON_CHARACTERS));
        }
        if (!ZONE.matcher(zone).matches()) {
            throw new IllegalArgumentException(
                    "zone must be the name of a time zone: '%s'".formatted(Names.shown(zone)));
        }
        payload.ifPresent(Schedule::requirePayload);
        if (catchUp.isNegative()
                || catchUp.compareTo(MOST_CATCH_UP) > 0
                || catchUp.toNanosPart() != 0) {
            throw new IllegalArgumentException(
                    "catchUp must be 0 to %d whole seconds: %s"
                            .formatted(MOST_CATCH_UP.toSeconds(), catchUp));
        }
    }

    private static void requirePayload(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("payload must be whole characters");
        }
        if (text.isEmpty() || bytes > MOST_PAYLOAD.bytes()) {
            throw new IllegalArgumentException(
                    "payload must be 1 to %d bytes: %d".formatted(MOST_PAYLOAD.bytes(), bytes));
        }
    }

    /** What is called. */
    public TaskRef target() {
        return new TaskRef(account, task);
    }

    /** Without the payload, which may be long, or secret. */
    @Override
    public String toString() {
        return "Schedule[%s/%s calls %s%s at %s in %s]"
                .formatted(account, name, task, version, cron, zone);
    }
}
