package io.runnel.exec.http;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The sockets that share a port ({@code SO_REUSEPORT}, {@code socket(7)}). The kernel spreads new
 * connections over them all, and resets those that wait at one that closes, or whose handshake is
 * under way there. So the newest gets all of them, and an older one closes when nothing can be
 * under way to it any more. On Linux; elsewhere the kernel's own spread remains.
 */
final class ReusePortGroup {
    private static final Logger LOG = System.getLogger(ReusePortGroup.class.getName());

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    /** {@code BPF_RET | BPF_K}: gives its constant, here which socket of the group it is. */
    private static final short RETURN_CONSTANT = 0x06;

    /** Of two the second came later; of one there is no second, and the kernel takes the first. */
    private static final int SECOND = 1;

    /** Of {@code struct sock_filter}. */
    private static final int CONSTANT_AT = 4;

    /** Of {@code struct sock_fprog}. */
    private static final int FILTER_AT = 8;

    private static final int TWO_WORDS = 16;

    private static final String LISTENS = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;

    private ReusePortGroup() {}

    /** Has the newest socket of this one's port take all new connections. When it listens. */
    static void preferNewest(ServerSocketChannel channel) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            int answer = attachTo(descriptor(channel));
            if (answer != 0) {
                LOG.log(Level.WARNING, "new connections are spread over a port's sockets");
            }
        } catch (Throwable e) {
            // The port is handed over all the same; a connection may be reset on the way.
            LOG.log(Level.WARNING, "new connections are spread over a port's sockets", e);
        }
    }

    /** Java has no name for it in its public interface. */
    private static int descriptor(ServerSocketChannel channel) throws ReflectiveOperationException {
        Method value = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
        value.setAccessible(true);
        return (int) value.invoke(channel);
    }

    private static int attachTo(int descriptor) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(TWO_WORDS / 2, TWO_WORDS / 2);
            filter.set(ValueLayout.JAVA_SHORT, 0, RETURN_CONSTANT);
            filter.set(ValueLayout.JAVA_INT, CONSTANT_AT, SECOND);
            MemorySegment program = arena.allocate(TWO_WORDS, TWO_WORDS / 2);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            program.set(ValueLayout.ADDRESS, FILTER_AT, filter);
            return (int)
                    setsockopt()
                            .invokeExact(
                                    descriptor,
                                    SOL_SOCKET,
                                    SO_ATTACH_REUSEPORT_CBPF,
                                    program,
                                    TWO_WORDS);
        }
    }

    @SuppressWarnings("restricted") // The kernel copies what the two segments hold.
    private static MethodHandle setsockopt() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setsockopt"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT));
    }

    /** How many sockets listen at a port of this machine, at any address; 0 if that is hidden. */
    static long listeners(int port) {
        return Stream.of("/proc/self/net/tcp", "/proc/self/net/tcp6")
                .flatMap(table -> lines(Path.of(table)).stream())
                .filter(line -> listensAt(line, port))
                .count();
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A line of the table: {@code sl local_address rem_address st …} ({@code proc(5)}). */
    static boolean listensAt(String line, int port) {
        String[] fields = line.strip().split("\\s+", STATE + 2);
        return fields.length > STATE
                && fields[STATE].equals(LISTENS)
                && fields[LOCAL_ADDRESS].endsWith(String.format(Locale.ROOT, ":%04X", port));
    }
}
