package io.runnel.exec.isolate;

/** A call was not moved; the message says why, and what became of it. */
public final class NotMovedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** For this reason. */
    public NotMovedException(String why) {
        super(why);
    }
}
