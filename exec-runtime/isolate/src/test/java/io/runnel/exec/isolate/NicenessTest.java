package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

@EnabledOnOs(OS.LINUX)
class NicenessTest {
    /** The 19th field of a thread's stat; the name before may have blanks. */
    private static int niceOfThisThread() throws Exception {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }

    private static <T> T onThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().start(task);
        return task.get(20, TimeUnit.SECONDS);
    }

    @Test
    void onlyTheCallingThreadGivesWay() throws Exception {
        int before = niceOfThisThread();
        int lowered =
                onThread(
                        () -> {
                            Niceness.lowerThisThread();
                            return niceOfThisThread();
                        });
        assertEquals(Math.min(before + 5, 19), lowered);
        assertEquals(before, niceOfThisThread());
        assertEquals(before, onThread(NicenessTest::niceOfThisThread));
    }
}
