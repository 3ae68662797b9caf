package io.runnel.exec.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.durable.EventStore.Accepted;
import io.runnel.exec.durable.EventStore.Tick;
import io.runnel.exec.durable.KeptEvent.Asked;
import io.runnel.exec.durable.KeptEvent.Kind;
import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskRef;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Events for tests. */
public final class KeptEvents {
    /** When they were accepted. */
    public static final Instant START = Instant.parse("2026-11-23T10:00:00.123Z");

    /** What they are for. */
    public static final TaskRef TASK = TaskRef.of("demo", "hello");

    private KeptEvents() {}

    /** The id of this number. */
    public static RequestId id(int number) {
        return new RequestId("%026d".formatted(number));
    }

    /** A tick so many seconds after the start, of a schedule of this account. */
    public static Tick tick(String account, String schedule, long seconds) {
        return new Tick(
                new AccountId(account), new ScheduleName(schedule), START.plusSeconds(seconds));
    }

    /** One of this payer. */
    public static KeptEvent event(int number, String payer) {
        return event(number, payer, "{\"n\":" + number + "}");
    }

    /** One of this payer with this payload. */
    public static KeptEvent event(int number, String payer, String payload) {
        return new KeptEvent(
                id(number),
                Kind.CALL,
                new Asked(TaskRef.of(payer, "mine"), Qualifier.of("stable"), "192.0.2.7", "e30="),
                TASK,
                new AccountId(payer),
                "RNLKEY" + number,
                payload.getBytes(StandardCharsets.UTF_8),
                START,
                Progress.begun(START));
    }

    /**
     * Fills an account's room, by events that are numbered from 1, in parts that leave memory for
     * what drivers of databases copy of them.
     *
     * @return how many they are
     */
    public static int fill(EventStore store, String payer) {
        int parts = 32;
        String large = "x".repeat((int) EventStore.MOST_BYTES.bytes() / parts);
        for (int i = 1; i <= parts; i++) {
            Accepted accepted =
                    store.accept(event(i, payer, large)).orTimeout(60, TimeUnit.SECONDS).join();
            assertEquals(Accepted.KEPT, accepted);
        }
        return parts;
    }
}
