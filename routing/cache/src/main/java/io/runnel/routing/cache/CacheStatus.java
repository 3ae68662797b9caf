package io.runnel.routing.cache;

import java.time.Duration;
import java.util.OptionalInt;

/** What a Cache-Status header says of the cache named {@code runnel} (RFC 9211). Any thread. */
public final class CacheStatus {
    /** The header's name. */
    public static final String NAME = "Cache-Status";

    private static final String CACHE = "runnel";

    private CacheStatus() {}

    /**
     * It was answered by what is kept, without asking the task: {@code runnel; hit; ttl=30}.
     *
     * @param ttl how much longer the answer is fresh; negative if it is stale
     */
    public static String hit(Duration ttl) {
        return CACHE + "; hit; ttl=" + ttl.toSeconds();
    }

    /**
     * The task was asked: {@code runnel; fwd=uri-miss; fwd-status=200; stored}.
     *
     * @param status what the task answered, where this is not what the caller gets
     * @param stored whether its answer is being kept
     */
    public static String forwarded(Forward why, OptionalInt status, boolean stored) {
        return CACHE + "; fwd=" + why.label() + status(status) + (stored ? "; stored" : "");
    }

    /**
     * The task was asked and failed, so the caller gets what is kept: {@code runnel; fwd=stale;
     * fwd-status=503; detail=stale-if-error}.
     *
     * @param status what the task answered, if anything
     */
    public static String staleIfError(OptionalInt status) {
        return forwarded(Forward.STALE, status, false) + "; detail=stale-if-error";
    }

    /** Nothing was kept and the task not asked: {@code runnel; detail=only-if-cached}. */
    public static String unsatisfiable() {
        return CACHE + "; detail=only-if-cached";
    }

    private static String status(OptionalInt status) {
        return status.isPresent() ? "; fwd-status=" + status.getAsInt() : "";
    }
}
