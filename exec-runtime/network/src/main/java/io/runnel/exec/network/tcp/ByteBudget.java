package io.runnel.exec.network.tcp;

/** Memory that some connections may keep bytes in, all together. Not safe for several threads. */
public final class ByteBudget {
    private long left;

    /** One of so many bytes. */
    public ByteBudget(long bytes) {
        this.left = bytes;
    }

    long left() {
        return left;
    }

    /** Takes some, if they are there. */
    boolean take(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }

    void giveBack(long bytes) {
        left += bytes;
    }
}
