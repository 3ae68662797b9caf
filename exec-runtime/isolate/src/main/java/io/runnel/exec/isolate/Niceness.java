package io.runnel.exec.isolate;

import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Has a thread give way to all others. On Linux Java's own priorities do nothing unless the whole
 * process is set up for them; each thread has a nice value of its own there, which anybody may
 * raise ({@code nice(2)}).
 */
final class Niceness {
    private static final System.Logger LOG = System.getLogger(Niceness.class.getName());

    // About a third of what others get: calls that are interpreted meanwhile cost more than that,
    // and
    // locks of the JVM that it holds are held for them too.
    private static final int STEP = 5;

    private Niceness() {}

    /** Lowers the calling thread, for good; does nothing on other systems than Linux. */
    static void lowerThisThread() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            int now = (int) nice().invokeExact(STEP);
            LOG.log(Level.DEBUG, "nice: {0}", now);
        } catch (Throwable e) {
            // It runs as any other thread then.
            LOG.log(Level.WARNING, "a background thread keeps its priority", e);
        }
    }

    @SuppressWarnings("restricted") // A number in, a number out.
    private static MethodHandle nice() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("nice"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }
}
