package io.runnel.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Looks at what the event loops of a node's process are doing at a moment, by a thread dump from
 * outside. A loop is at fault when it is blocked, waits anywhere but in its selector, or is in
 * file, database or name look-up code. Loading a class reads a jar: that is forgiven, it happens
 * once.
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

    private LoopWatch() {}

    /** What the loops of this process do that they must not, one text each. */
    static List<String> faults(ProcessHandle process) {
        List<String> faults = new ArrayList<>();
        List<String> stack = new ArrayList<>();
        for (String line : (dump(process) + "\n\n").lines().toList()) {
            if (!line.isBlank()) {
                stack.add(line);
            } else {
                fault(stack).ifPresent(faults::add);
                stack = new ArrayList<>();
            }
        }
        return faults;
    }

    /** Why this thread of a dump is at fault: its lines, if so. */
    static Optional<String> fault(List<String> thread) {
        if (thread.isEmpty() || !LOOP.matcher(thread.getFirst()).matches()) {
            return Optional.empty();
        }
        String text = String.join("\n", thread);
        String top =
                thread.stream().filter(l -> l.strip().startsWith("at ")).findFirst().orElse("");
        boolean idle = SELECTOR.stream().anyMatch(top::contains);
        boolean waits =
                text.contains("Thread.State: WAITING")
                        || text.contains("Thread.State: TIMED_WAITING")
                        || text.contains("Thread.State: BLOCKED");
        boolean forbidden = FORBIDDEN.stream().anyMatch(text::contains);
        boolean loading = LOADING.stream().anyMatch(text::contains);
        return !idle && !loading && (waits || forbidden) ? Optional.of(text) : Optional.empty();
    }

    /** How many loops a dump shows: a watch that sees none watches nothing. */
    static long loops(ProcessHandle process) {
        return dump(process).lines().filter(line -> LOOP.matcher(line).matches()).count();
    }

    private static String dump(ProcessHandle process) {
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
