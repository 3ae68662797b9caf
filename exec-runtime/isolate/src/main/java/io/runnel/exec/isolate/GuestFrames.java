package io.runnel.exec.isolate;

import java.util.Optional;

/** Tells which frames of a slot's thread are a guest's. Safe for any thread. */
@FunctionalInterface
public interface GuestFrames {
    /** Of guests that are not known by name. */
    GuestFrames NONE = frame -> Optional.empty();

    /** What to call the guest's function that this is a frame of; empty if it is the host's. */
    Optional<String> name(StackTraceElement frame);
}
