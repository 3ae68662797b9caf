package io.runnel.chaos.proxy;

/** What a toxic does to the bytes of one direction. */
sealed interface Effect {
    /** The name of its kind, in Toxiproxy's words. */
    default String type() {
        return switch (this) {
            case Latency _ -> "latency";
            case Bandwidth _ -> "bandwidth";
            case SlowClose _ -> "slow_close";
            case Timeout _ -> "timeout";
            case ResetPeer _ -> "reset_peer";
            case Slicer _ -> "slicer";
            case LimitData _ -> "limit_data";
        };
    }

    /** Every byte arrives this much later, give or take the jitter. */
    record Latency(long latencyMs, long jitterMs) implements Effect {}

    /** So many thousand bytes a second; 0 lets nothing through and keeps what came. */
    record Bandwidth(long rateKilobytes) implements Effect {}

    /** The end of the stream is passed on later. */
    record SlowClose(long delayMs) implements Effect {}

    /** Bytes vanish, and after this time the connection is closed; 0: it stays open. */
    record Timeout(long timeoutMs) implements Effect {}

    /** After this time the connection is reset, as a crash of the peer would do it. */
    record ResetPeer(long timeoutMs) implements Effect {}

    /** Bytes arrive in small pieces with a pause after each. */
    record Slicer(long averageBytes, long variationBytes, long delayMicros) implements Effect {}

    /** After so many bytes the connection is closed. */
    record LimitData(long bytes) implements Effect {}
}
