package io.runnel.exec.durable;

import io.runnel.exec.durable.EventStore.Tick;
import io.runnel.exec.durable.KeptEvent.Asked;
import io.runnel.exec.durable.KeptEvent.Kind;
import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Schedule;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/** The event that a tick of a schedule becomes: the same for whoever makes it. Pure. */
final class TickEvent {
    /** What nobody sent comes from nowhere. */
    private static final String SOURCE = "127.0.0.1";

    private TickEvent() {}

    /** Of this tick, accepted now. */
    static KeptEvent of(Schedule schedule, Instant tick, Instant now) {
        return new KeptEvent(
                id(new Tick(schedule.account(), schedule.name(), tick)),
                Kind.TICK,
                new Asked(schedule.target(), schedule.version(), SOURCE, ""),
                schedule.target(),
                schedule.account(),
                "",
                payload(schedule, tick).getBytes(StandardCharsets.UTF_8),
                now,
                Progress.begun(now));
    }

    /** The tick's time, and 80 bits of a digest of whose tick it is. */
    static RequestId id(Tick tick) {
        long millis = tick.at().toEpochMilli();
        String text = "%s/%s@%d".formatted(tick.account(), tick.schedule(), millis);
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return RequestId.of(millis, sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String payload(Schedule schedule, Instant tick) {
        return schedule.payload()
                .orElseGet(
                        () ->
                                "{\"source\":\"runnel.schedule\",\"schedule\":\"%s\",\"time\":\"%s\"}"
                                        .formatted(schedule.name(), tick));
    }
}
