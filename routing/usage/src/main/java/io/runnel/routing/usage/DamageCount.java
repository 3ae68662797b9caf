package io.runnel.routing.usage;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Where a record should be and none can be read. The first one is said, all are counted. */
final class DamageCount {
    private static final Logger LOG = System.getLogger(UsageSpool.class.getName());

    private final AtomicLong count = new AtomicLong();
    private final AtomicBoolean said = new AtomicBoolean();

    void add(int more, Path file) {
        if (more == 0) {
            return;
        }
        count.addAndGet(more);
        if (said.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "usage records cannot be read in {0}; what is sound is used, more is counted",
                    file);
        }
    }

    long get() {
        return count.get();
    }
}
