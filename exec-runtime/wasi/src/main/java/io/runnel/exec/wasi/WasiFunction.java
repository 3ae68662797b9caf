package io.runnel.exec.wasi;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The functions of WASI preview 1, all of them. A guest has its arguments and variables, clocks,
 * random bytes, three streams, and files in memory; sockets it has none.
 *
 * <p>They hold nothing: a function finds the running call in the memory of the guest that calls it.
 * So there is one of each for all guests.
 */
@SuppressWarnings("ImmutableEnumChecker") // They hold nothing that changes.
public enum WasiFunction implements GuestFunction {
    ARGS_GET("ii:i", Room.LITTLE, (m, c, a) -> c.arguments().write(m, a.i32(0), a.i32(1))),
    ARGS_SIZES_GET(
            "ii:i", Room.LITTLE, (m, c, a) -> c.arguments().writeSizes(m, a.i32(0), a.i32(1))),
    ENVIRON_GET("ii:i", Room.LITTLE, (m, c, a) -> c.environment().write(m, a.i32(0), a.i32(1))),
    ENVIRON_SIZES_GET(
            "ii:i", Room.LITTLE, (m, c, a) -> c.environment().writeSizes(m, a.i32(0), a.i32(1))),
    CLOCK_RES_GET("ii:i", Room.LITTLE, (m, c, a) -> GuestTime.resolution(m, c, a.i32(0), a.i32(1))),
    CLOCK_TIME_GET("iIi:i", Room.LITTLE, (m, c, a) -> GuestTime.time(m, c, a.i32(0), a.i32(2))),
    FD_ADVISE("iIIi:i", FileFunctions::advise),
    FD_ALLOCATE("iII:i", FileFunctions::allocate),
    FD_CLOSE("i:i", DescriptorFunctions::close),
    FD_DATASYNC("i:i", (m, c, a) -> FileFunctions.sync(m, c, a, Rights.FD_DATASYNC)),
    FD_FDSTAT_GET("ii:i", Room.LITTLE, DescriptorFunctions::status),
    FD_FDSTAT_SET_FLAGS("ii:i", DescriptorFunctions::setFlags),
    FD_FDSTAT_SET_RIGHTS("iII:i", DescriptorFunctions::setRights),
    FD_FILESTAT_GET("ii:i", DescriptorFunctions::fileStatus),
    FD_FILESTAT_SET_SIZE("iI:i", FileFunctions::setSize),
    FD_FILESTAT_SET_TIMES("iIIi:i", DescriptorFunctions::setTimes),
    FD_PREAD("iiiIi:i", FileFunctions::readAt),
    FD_PRESTAT_GET("ii:i", Room.LITTLE, DescriptorFunctions::preopened),
    FD_PRESTAT_DIR_NAME("iii:i", Room.LITTLE, DescriptorFunctions::preopenedName),
    FD_PWRITE("iiiIi:i", FileFunctions::writeAt),
    FD_READ("iiii:i", FileFunctions::read),
    FD_READDIR("iiiIi:i", FolderListing::list),
    FD_RENUMBER("ii:i", DescriptorFunctions::renumber),
    FD_SEEK("iIii:i", FileFunctions::seek),
    FD_SYNC("i:i", (m, c, a) -> FileFunctions.sync(m, c, a, Rights.FD_SYNC)),
    FD_TELL("ii:i", FileFunctions::tell),
    FD_WRITE("iiii:i", Room.LITTLE, FileFunctions::write),
    PATH_CREATE_DIRECTORY("iii:i", PathFunctions::createFolder),
    PATH_FILESTAT_GET("iiiii:i", PathFunctions::status),
    PATH_FILESTAT_SET_TIMES("iiiiIIi:i", PathFunctions::setTimes),
    PATH_LINK("iiiiiii:i", PathFunctions::link),
    PATH_OPEN("iiiiiIIii:i", PathOpen::open),
    PATH_READLINK("iiiiii:i", PathFunctions::readLink),
    PATH_REMOVE_DIRECTORY("iii:i", PathFunctions::removeFolder),
    PATH_RENAME("iiiiii:i", PathFunctions::rename),
    PATH_SYMLINK("iiiii:i", PathFunctions::symlink),
    PATH_UNLINK_FILE("iii:i", PathFunctions::unlink),
    POLL_ONEOFF("iiii:i", (m, c, a) -> Polling.poll(m, c, a.i32(0), a.i32(1), a.i32(2), a.i32(3))),
    PROC_EXIT("i:", Room.LITTLE, (m, c, a) -> exit(a.i32(0))),
    PROC_RAISE("i:i", Room.LITTLE, (m, c, a) -> GuestSignals.raise(a.i32(0))),
    RANDOM_GET("ii:i", (m, c, a) -> GuestRandom.fill(m, c, a.i32(0), a.i32(1))),
    SCHED_YIELD(":i", Room.LITTLE, (m, c, a) -> Errno.SUCCESS),
    SOCK_ACCEPT("iii:i", DescriptorFunctions::socket),
    SOCK_RECV("iiiiii:i", DescriptorFunctions::socket),
    SOCK_SEND("iiiii:i", DescriptorFunctions::socket),
    SOCK_SHUTDOWN("ii:i", DescriptorFunctions::socket);

    /** Where modules import them from. */
    public static final String MODULE = "wasi_snapshot_preview1";

    /** What a function does. */
    @FunctionalInterface
    private interface Body {
        Errno call(WasiMemory memory, GuestCall call, Numbers numbers);
    }

    /** How much of the stack a function may need. */
    private enum Room {
        /** So little, of what {@link WasiWarmUp} used, that it can do no harm to run out of it. */
        LITTLE,
        /** As much as {@link StackRoom} makes sure of. */
        MUCH
    }

    private static final Map<String, WasiFunction> BY_NAME =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(f -> f.importName, Function.identity()));

    private final String importName = name().toLowerCase(Locale.ROOT);
    private final String signature;
    private final Room room;
    private final Body body;

    WasiFunction(String signature, Body body) {
        this(signature, Room.MUCH, body);
    }

    WasiFunction(String signature, Room room, Body body) {
        this.signature = signature;
        this.room = room;
        this.body = body;
    }

    /**
     * What the function does to this memory and the call that runs in it. It throws nothing that a
     * guest can cause but what is named here.
     *
     * @param numbers one for each parameter
     * @throws GuestExit if the guest wants to end
     * @throws GuestInterrupted if its thread is interrupted
     * @throws io.runnel.exec.isolate.SinkClosedException if a stream takes no more
     * @throws StackOverflowError if the guest left no room
     */
    public Errno call(WasiMemory memory, long... numbers) {
        try {
            if (room == Room.MUCH) {
                StackRoom.require();
            }
            return body.call(memory, memory.call(), new Numbers(numbers));
        } catch (WasiFailure e) {
            return e.errno();
        }
    }

    @Override
    public long apply(WasiMemory memory, long... numbers) {
        return call(memory, numbers).value();
    }

    private static Errno exit(int code) {
        throw new GuestExit(code);
    }

    /** The function that modules import by this name. */
    public static Optional<WasiFunction> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    @Override
    public String importModule() {
        return MODULE;
    }

    @Override
    public String importName() {
        return importName;
    }

    @Override
    public String signature() {
        return signature;
    }
}
