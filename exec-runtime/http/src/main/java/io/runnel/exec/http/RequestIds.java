package io.runnel.exec.http;

import io.runnel.exec.task.RequestId;
import io.vertx.core.MultiMap;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Gives each call its id. Safe for any thread if its sources are. */
public final class RequestIds {
    private final InstantSource clock;
    private final Supplier<? extends RandomGenerator> random;

    /**
     * A source of ids.
     *
     * @param random the calling thread's generator
     */
    public RequestIds(InstantSource clock, Supplier<? extends RandomGenerator> random) {
        this.clock = clock;
        this.random = random;
    }

    /** A new id. */
    public RequestId next() {
        return RequestId.next(clock.millis(), random.get());
    }

    /** The id that another node gave, if it is one. For guarded listeners only. */
    public static Optional<RequestId> forwarded(MultiMap headers) {
        String given = headers.get(RunnelHeaders.REQUEST_ID);
        return given != null && RequestId.isValid(given)
                ? Optional.of(new RequestId(given))
                : Optional.empty();
    }
}
