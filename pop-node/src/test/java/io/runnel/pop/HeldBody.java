package io.runnel.pop;

import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A body of one letter whose last byte waits until the test lets it go. */
final class HeldBody extends InputStream {
    private static final int LETTER = 'a';

    private final CompletableFuture<Void> rest = new CompletableFuture<>();
    private int left;

    HeldBody(int bytes) {
        this.left = bytes;
    }

    /** Lets the last byte go. */
    CompletableFuture<Void> rest() {
        return rest;
    }

    @Override
    public int read() {
        if (left == 1) {
            rest.join();
        }
        return left-- > 0 ? LETTER : -1;
    }

    @Override
    public int read(byte[] to, int offset, int most) {
        if (left <= 1) {
            int one = read();
            return one < 0 ? -1 : 1;
        }
        int count = Math.min(most, left - 1);
        Arrays.fill(to, offset, offset + count, (byte) LETTER);
        left -= count;
        return count;
    }
}
