package io.runnel.exec.wasm;

import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.Instance;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The functions of WASI preview 1, all of them, so that any module can be linked. A guest has its
 * arguments and variables, clocks, random bytes, and three streams; whatever would need a file, a
 * folder or a socket is answered as on a machine that has none.
 *
 * <p>They hold nothing: a function finds the running call in the memory of the instance that calls
 * it. So they are made once and shared by all instances of all programs.
 */
@SuppressWarnings("ImmutableEnumChecker") // They hold nothing that changes.
enum WasiFunction {
    ARGS_GET("ii:i", (m, c, a) -> c.arguments().write(m, a[0], a[1])),
    ARGS_SIZES_GET("ii:i", (m, c, a) -> c.arguments().writeSizes(m, a[0], a[1])),
    ENVIRON_GET("ii:i", (m, c, a) -> c.environment().write(m, a[0], a[1])),
    ENVIRON_SIZES_GET("ii:i", (m, c, a) -> c.environment().writeSizes(m, a[0], a[1])),
    CLOCK_RES_GET("ii:i", (m, c, a) -> GuestTime.resolution(m, a[0], a[1])),
    CLOCK_TIME_GET("iIi:i", (m, c, a) -> GuestTime.time(m, c, a[0], a[2])),
    FD_ADVISE("iIIi:i", WasiFunction::notAFile),
    FD_ALLOCATE("iII:i", WasiFunction::notAFile),
    FD_CLOSE("i:i", (m, c, a) -> c.streams().close(a[0])),
    FD_DATASYNC("i:i", WasiFunction::notAFile),
    FD_FDSTAT_GET("ii:i", (m, c, a) -> c.streams().writeStatus(m, a[0], a[1])),
    FD_FDSTAT_SET_FLAGS("ii:i", WasiFunction::notAFile),
    FD_FDSTAT_SET_RIGHTS("iII:i", WasiFunction::notAFile),
    FD_FILESTAT_GET("ii:i", (m, c, a) -> c.streams().writeFileStatus(m, a[0], a[1])),
    FD_FILESTAT_SET_SIZE("iI:i", WasiFunction::notAFile),
    FD_FILESTAT_SET_TIMES("iIIi:i", WasiFunction::notAFile),
    FD_PREAD("iiiIi:i", WasiFunction::notAFile),
    FD_PRESTAT_GET("ii:i", WasiFunction::noFolder),
    FD_PRESTAT_DIR_NAME("iii:i", WasiFunction::noFolder),
    FD_PWRITE("iiiIi:i", WasiFunction::notAFile),
    FD_READ("iiii:i", (m, c, a) -> c.streams().read(m, a[0], a[1], a[2], a[3])),
    FD_READDIR("iiiIi:i", WasiFunction::notAFolder),
    FD_RENUMBER("ii:i", WasiFunction::notAFile),
    FD_SEEK("iIii:i", WasiFunction::notAFile),
    FD_SYNC("i:i", WasiFunction::notAFile),
    FD_TELL("ii:i", WasiFunction::notAFile),
    FD_WRITE("iiii:i", (m, c, a) -> c.streams().write(m, a[0], a[1], a[2], a[3])),
    PATH_CREATE_DIRECTORY("iii:i", WasiFunction::notAFolder),
    PATH_FILESTAT_GET("iiiii:i", WasiFunction::notAFolder),
    PATH_FILESTAT_SET_TIMES("iiiiIIi:i", WasiFunction::notAFolder),
    PATH_LINK("iiiiiii:i", WasiFunction::notAFolder),
    PATH_OPEN("iiiiiIIii:i", WasiFunction::notAFolder),
    PATH_READLINK("iiiiii:i", WasiFunction::notAFolder),
    PATH_REMOVE_DIRECTORY("iii:i", WasiFunction::notAFolder),
    PATH_RENAME("iiiiii:i", WasiFunction::notAFolder),
    PATH_SYMLINK("iiiii:i", (m, c, a) -> notAFolder(c, a[2])),
    PATH_UNLINK_FILE("iii:i", WasiFunction::notAFolder),
    POLL_ONEOFF("iiii:i", (m, c, a) -> GuestTime.poll(m, c, a[0], a[1], a[2], a[3])),
    PROC_EXIT("i:", (m, c, a) -> exit(a[0])),
    PROC_RAISE("i:i", (m, c, a) -> Errno.NOSYS),
    RANDOM_GET("ii:i", (m, c, a) -> GuestRandom.fill(m, c.host().random(), a[0], a[1])),
    SCHED_YIELD(":i", (m, c, a) -> Errno.SUCCESS),
    SOCK_ACCEPT("iii:i", WasiFunction::notASocket),
    SOCK_RECV("iiiiii:i", WasiFunction::notASocket),
    SOCK_SEND("iiiii:i", WasiFunction::notASocket),
    SOCK_SHUTDOWN("ii:i", WasiFunction::notASocket);

    /** Where modules import them from. */
    static final String MODULE = "wasi_snapshot_preview1";

    /** What a function does; numbers of 64 bits come cut to 32, nobody here needs more. */
    @FunctionalInterface
    private interface Body {
        Errno call(GuestMemory memory, GuestCall call, int[] arguments);
    }

    private static final Map<String, WasiFunction> BY_NAME =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(f -> f.importName, Function.identity()));

    private final String importName = name().toLowerCase(Locale.ROOT);
    private final Signature signature;
    private final Body body;
    private final ImportFunction function;

    WasiFunction(String signature, Body body) {
        this.signature = new Signature(signature);
        this.body = body;
        this.function =
                new HostFunction(
                        MODULE,
                        importName,
                        this.signature.type(),
                        (instance, arguments) -> call(instance, arguments));
    }

    private long[] call(Instance instance, long[] arguments) {
        GuestMemory memory = (GuestMemory) instance.memory();
        int[] numbers = new int[arguments.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (int) arguments[i];
        }
        return new long[] {call(memory, numbers).value()};
    }

    /** What the function does to this memory and the call that runs in it. */
    Errno call(GuestMemory memory, int... numbers) {
        return body.call(memory, memory.call(), numbers);
    }

    static Optional<WasiFunction> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    Signature signature() {
        return signature;
    }

    ImportFunction function() {
        return function;
    }

    private static Errno exit(int code) {
        throw new GuestExit(code);
    }

    private static Errno notAFile(GuestMemory memory, GuestCall call, int[] arguments) {
        return call.streams().isOpen(arguments[0]) ? Errno.SPIPE : Errno.BADF;
    }

    private static Errno notAFolder(GuestMemory memory, GuestCall call, int[] arguments) {
        return notAFolder(call, arguments[0]);
    }

    private static Errno notAFolder(GuestCall call, int file) {
        return call.streams().isOpen(file) ? Errno.NOTDIR : Errno.BADF;
    }

    private static Errno notASocket(GuestMemory memory, GuestCall call, int[] arguments) {
        return call.streams().isOpen(arguments[0]) ? Errno.NOTSOCK : Errno.BADF;
    }

    /** No folder was opened for it before: how a C library looks for them. */
    private static Errno noFolder(GuestMemory memory, GuestCall call, int[] arguments) {
        return Errno.BADF;
    }
}
