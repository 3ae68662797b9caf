package io.runnel.exec.isolate;

import java.lang.ref.WeakReference;
import java.util.Optional;

/**
 * The isolate that a slot used last: likely still warm in this core's caches, and taken without a
 * lock. Only remembered: it is the pool's, which may give it to another slot or let go of it. One
 * thread.
 */
final class LastIsolate {
    private WeakReference<PooledIsolate> last = new WeakReference<>(null);

    /** That isolate, taken for a call, if it is of this program, idle, and may run the call. */
    Optional<PooledIsolate> take(OpenProgram wanted, Optional<KeptOwner> owner) {
        PooledIsolate isolate = last.get();
        return isolate != null && isolate.program() == wanted && isolate.tryRun(owner)
                ? Optional.of(isolate)
                : Optional.empty();
    }

    void remember(PooledIsolate isolate) {
        if (last.get() != isolate) {
            last = new WeakReference<>(isolate);
        }
    }
}
