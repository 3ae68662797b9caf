package io.runnel.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at what the event loops of a node's process are doing at a moment, by thread dumps from
 * outside. A loop is at fault when it waits anywhere but in its selector, or is in file, database
 * or name look-up code. Loading a class reads a jar: that is forgiven, it happens once.
 *
 * <p>Locks that are held for a few field writes are allowed on loops, and a dump may catch one just
 * there. So a loop that is blocked is at fault only if who holds its lock waits or is in such code,
 * or if it is blocked in the next dump as well.
 */
final class LoopWatch {
    private static final Pattern LOOP = Pattern.compile("\"vert\\.x-eventloop-thread-\\d+\".*");
    private static final List<String> SELECTOR =
            List.of("sun.nio.ch.EPoll.wait", "io.netty.channel.epoll.", "io.netty.channel.uring.");
    private static final List<String> FORBIDDEN =
            List.of(
                    "java.io.FileInputStream.",
                    "java.io.FileOutputStream.",
                    "java.io.RandomAccessFile.",
                    "java.io.UnixFileSystem.",
                    "sun.nio.ch.FileDispatcherImpl.",
                    "sun.nio.ch.UnixFileDispatcherImpl.",
                    "sun.nio.fs.UnixNativeDispatcher.",
                    "java.net.InetAddress.getByName",
                    "java.net.Inet4AddressImpl.",
                    "java.net.Inet6AddressImpl.",
                    "org.sqlite.",
                    "com.hazelcast.");
    private static final List<String> LOADING =
            List.of(
                    "java.lang.ClassLoader.",
                    "jdk.internal.loader.",
                    "java.lang.Class.forName",
                    "java.lang.invoke.MethodHandleNatives.");

    private static final Pattern LOCK =
            Pattern.compile("- (?:waiting to lock|locked) <(0x[0-9a-f]+)>");

    private final ProcessHandle process;

    /** The loops that were blocked in the dump before, by name. */
    private Set<String> blockedBefore = Set.of();

    LoopWatch(ProcessHandle process) {
        this.process = process;
    }

    /** What its loops do now that they must not, one text each. */
    List<String> faults() {
        return faults(dump());
    }

    /** What the loops of this dump, the next one, do that they must not. */
    List<String> faults(String dump) {
        List<String> threads = List.of(dump.strip().split("\n\\s*\n"));
        List<String> faults = new ArrayList<>();
        Set<String> blocked = new HashSet<>();
        for (String thread : threads) {
            if (!LOOP.matcher(thread).lookingAt() || isLoading(thread)) {
                continue;
            }
            if (isAtFault(thread)) {
                faults.add(thread);
            } else if (isBlocked(thread)) {
                String name = name(thread);
                blocked.add(name);
                if (blockedBefore.contains(name) || isHeldLong(thread, threads)) {
                    faults.add(thread);
                }
            }
        }
        blockedBefore = blocked;
        return faults;
    }

    private static boolean isAtFault(String thread) {
        String top = thread.lines().filter(l -> l.strip().startsWith("at ")).findFirst().orElse("");
        boolean idle = SELECTOR.stream().anyMatch(top::contains);
        return !idle && (waits(thread) || isForbidden(thread));
    }

    /** Whether a thread that holds the lock which this one wants keeps it for long. */
    private static boolean isHeldLong(String thread, List<String> threads) {
        String lock = firstLock(thread);
        return threads.stream()
                .filter(other -> !name(other).equals(name(thread)) && !isLoading(other))
                .filter(other -> other.contains("- locked <%s>".formatted(lock)))
                .anyMatch(other -> keeps(other, lock));
    }

    /** A thread that enters a lock or waits on it may be shown as if it had it. */
    private static boolean keeps(String thread, String lock) {
        boolean elsewhere = !firstLock(thread).equals(lock);
        boolean onIt = thread.contains("- waiting on <%s>".formatted(lock));
        return isForbidden(thread) || (waits(thread) && !onIt) || (isBlocked(thread) && elsewhere);
    }

    private static String firstLock(String thread) {
        Matcher lock = LOCK.matcher(thread);
        return lock.find() ? lock.group(1) : "none";
    }

    private static boolean isLoading(String thread) {
        return LOADING.stream().anyMatch(thread::contains);
    }

    private static boolean waits(String thread) {
        return thread.contains("Thread.State: WAITING")
                || thread.contains("Thread.State: TIMED_WAITING");
    }

    private static boolean isBlocked(String thread) {
        return thread.contains("Thread.State: BLOCKED");
    }

    private static boolean isForbidden(String thread) {
        return FORBIDDEN.stream().anyMatch(thread::contains);
    }

    private static String name(String thread) {
        return thread.lines().findFirst().orElse("").replaceFirst("(\"[^\"]*\").*", "$1");
    }

    /** How many loops a dump shows: a watch that sees none watches nothing. */
    long loops() {
        return dump().lines().filter(line -> LOOP.matcher(line).matches()).count();
    }

    private String dump() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process asked =
                    new ProcessBuilder(jcmd, Long.toString(process.pid()), "Thread.print")
                            .redirectErrorStream(true)
                            .start();
            String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            asked.waitFor();
            return said;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
