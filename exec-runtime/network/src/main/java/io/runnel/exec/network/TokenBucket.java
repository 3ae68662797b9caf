package io.runnel.exec.network;

import java.util.concurrent.TimeUnit;

/** So much each second, and a burst. Not safe for several threads. */
final class TokenBucket {
    private final double eachNano;
    private final double most;
    private double tokens;
    private long lastNanos;

    /** A full one. */
    TokenBucket(double eachSecond, double most, long nowNanos) {
        this.eachNano = eachSecond / TimeUnit.SECONDS.toNanos(1);
        this.most = most;
        this.tokens = most;
        this.lastNanos = nowNanos;
    }

    private void fill(long nowNanos) {
        tokens = Math.min(most, tokens + (nowNanos - lastNanos) * eachNano);
        lastNanos = nowNanos;
    }

    /** Takes one, if it is there. */
    boolean take(long nowNanos) {
        fill(nowNanos);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Takes so many, which may make it owe some; how long whoever took them has to wait. */
    long spend(long count, long nowNanos) {
        fill(nowNanos);
        tokens -= count;
        return tokens >= 0 ? 0 : (long) (-tokens / eachNano);
    }
}
