package io.runnel.exec.isolate;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What threads have had of processors, in nanoseconds. Any thread. */
final class CpuTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuTime() {}

    /** The calling thread. */
    static long ofThisThread() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** A thread; -1 if it has ended. */
    static long of(Thread thread) {
        return THREADS.getThreadCpuTime(thread.threadId());
    }
}
