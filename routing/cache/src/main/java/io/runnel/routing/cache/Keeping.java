package io.runnel.routing.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * An answer while it is being gathered. Has to be finished or given up, else its bytes are lost for
 * the cache. For one thread at a time.
 */
public final class Keeping {
    /** Bytes for each part beside its own. */
    private static final long PART_OVERHEAD = 48;

    private final Shelf shelf;
    private final CacheKey key;
    private final HeaderView request;
    private final Terms terms;
    private final String varyText;
    private final long requestedMillis;
    private final long mostLength;
    private final List<byte[]> parts = new ArrayList<>();
    private long taken;
    private long length;
    private boolean isOpen = true;

    /**
     * Begins with the bytes that were taken for all but the body.
     *
     * @param mostLength of the body
     */
    Keeping(
            Shelf shelf,
            CacheKey key,
            HeaderView request,
            Terms terms,
            String varyText,
            long requestedMillis,
            long taken,
            long mostLength) {
        this.shelf = shelf;
        this.key = key;
        this.request = request;
        this.terms = terms;
        this.varyText = varyText;
        this.requestedMillis = requestedMillis;
        this.taken = taken;
        this.mostLength = mostLength;
    }

    /**
     * Adds the next part of the body. It is not copied: it must never be changed from now on.
     *
     * @return whether it is still being gathered: false if it was too large or there is no room,
     *     and it was given up
     */
    public boolean add(byte[] part) {
        if (isOpen && part.length > 0) {
            length += part.length;
            if (length > terms.length().orElse(mostLength) || !take(part.length + PART_OVERHEAD)) {
                giveUp();
            } else {
                parts.add(part);
            }
        }
        return isOpen;
    }

    private boolean take(long bytes) {
        boolean taking = shelf.take(bytes, terms.freshness().answered());
        if (taking) {
            taken += bytes;
        }
        return taking;
    }

    /**
     * It is whole: it is kept from now on, unless it is shorter than it said, was taken away
     * meanwhile, or a newer one came. Nothing if it was finished or given up before.
     */
    public void finish() {
        boolean isWhole = terms.length().orElse(length) == length;
        // To join parts takes them twice.
        if (!isOpen || !isWhole || (parts.size() > 1 && !take(length))) {
            giveUp();
            return;
        }
        isOpen = false;
        StoredAnswer answer =
                new StoredAnswer(
                        terms.status(), terms.headers(), body(), terms.freshness().answered());
        parts.clear();
        shelf.keep(new Kept(key, varyText, terms, answer), request, requestedMillis, taken);
    }

    private byte[] body() {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        byte[] body = new byte[(int) length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, body, at, part.length);
            at += part.length;
        }
        return body;
    }

    /** It will not be whole: nothing is kept. Nothing if it was finished or given up before. */
    public void giveUp() {
        if (isOpen) {
            isOpen = false;
            parts.clear();
            shelf.give(taken);
        }
    }
}
