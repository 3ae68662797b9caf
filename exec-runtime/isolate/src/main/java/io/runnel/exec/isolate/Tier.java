package io.runnel.exec.isolate;

/** How well a program runs now. */
public enum Tier {
    /** At once, but many times slower than compiled. */
    INTERPRETED,
    /** As fast as this runtime makes it. */
    COMPILED
}
