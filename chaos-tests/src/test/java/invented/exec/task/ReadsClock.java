package invented.exec.task;

import java.time.Instant;
import java.util.function.LongSupplier;

/** Broken on purpose: a pure room reads the clock, by a call and by a reference. */
public final class ReadsClock {
    private final LongSupplier nanos = System::nanoTime;

    /** Now, in two ways. */
    public String now() {
        return Instant.now() + " " + nanos.getAsLong();
    }
}
