package io.runnel.exec.wasi;

import java.util.Map;

/**
 * What the numbers of each function mean, a letter for each: {@code f} a descriptor, {@code p} a
 * path (address and length), {@code b} a buffer (address and length), {@code v} parts (address and
 * count), {@code o} where an answer goes, {@code l} how links are followed, {@code m} how a file is
 * opened, {@code g} flags of a descriptor, {@code x} which times, {@code r} rights, {@code s} a
 * size, offset, time or cookie of 64 bits, {@code n} another small number.
 */
final class FunctionShape {
    private static final Map<WasiFunction, String> SHAPES =
            Map.ofEntries(
                    Map.entry(WasiFunction.ARGS_GET, "oo"),
                    Map.entry(WasiFunction.ARGS_SIZES_GET, "oo"),
                    Map.entry(WasiFunction.ENVIRON_GET, "oo"),
                    Map.entry(WasiFunction.ENVIRON_SIZES_GET, "oo"),
                    Map.entry(WasiFunction.CLOCK_RES_GET, "no"),
                    Map.entry(WasiFunction.CLOCK_TIME_GET, "nso"),
                    Map.entry(WasiFunction.FD_ADVISE, "fssn"),
                    Map.entry(WasiFunction.FD_ALLOCATE, "fss"),
                    Map.entry(WasiFunction.FD_CLOSE, "f"),
                    Map.entry(WasiFunction.FD_DATASYNC, "f"),
                    Map.entry(WasiFunction.FD_FDSTAT_GET, "fo"),
                    Map.entry(WasiFunction.FD_FDSTAT_SET_FLAGS, "fg"),
                    Map.entry(WasiFunction.FD_FDSTAT_SET_RIGHTS, "frr"),
                    Map.entry(WasiFunction.FD_FILESTAT_GET, "fo"),
                    Map.entry(WasiFunction.FD_FILESTAT_SET_SIZE, "fs"),
                    Map.entry(WasiFunction.FD_FILESTAT_SET_TIMES, "fssx"),
                    Map.entry(WasiFunction.FD_PREAD, "fvso"),
                    Map.entry(WasiFunction.FD_PRESTAT_GET, "fo"),
                    Map.entry(WasiFunction.FD_PRESTAT_DIR_NAME, "fb"),
                    Map.entry(WasiFunction.FD_PWRITE, "fvso"),
                    Map.entry(WasiFunction.FD_READ, "fvo"),
                    Map.entry(WasiFunction.FD_READDIR, "fbso"),
                    Map.entry(WasiFunction.FD_RENUMBER, "ff"),
                    Map.entry(WasiFunction.FD_SEEK, "fsno"),
                    Map.entry(WasiFunction.FD_SYNC, "f"),
                    Map.entry(WasiFunction.FD_TELL, "fo"),
                    Map.entry(WasiFunction.FD_WRITE, "fvo"),
                    Map.entry(WasiFunction.PATH_CREATE_DIRECTORY, "fp"),
                    Map.entry(WasiFunction.PATH_FILESTAT_GET, "flpo"),
                    Map.entry(WasiFunction.PATH_FILESTAT_SET_TIMES, "flpssx"),
                    Map.entry(WasiFunction.PATH_LINK, "flpfp"),
                    Map.entry(WasiFunction.PATH_OPEN, "flpmrrgo"),
                    Map.entry(WasiFunction.PATH_READLINK, "fpbo"),
                    Map.entry(WasiFunction.PATH_REMOVE_DIRECTORY, "fp"),
                    Map.entry(WasiFunction.PATH_RENAME, "fpfp"),
                    Map.entry(WasiFunction.PATH_SYMLINK, "pfp"),
                    Map.entry(WasiFunction.PATH_UNLINK_FILE, "fp"),
                    Map.entry(WasiFunction.POLL_ONEOFF, "oono"),
                    Map.entry(WasiFunction.PROC_EXIT, "n"),
                    Map.entry(WasiFunction.PROC_RAISE, "n"),
                    Map.entry(WasiFunction.RANDOM_GET, "b"),
                    Map.entry(WasiFunction.SCHED_YIELD, ""),
                    Map.entry(WasiFunction.SOCK_ACCEPT, "fno"),
                    Map.entry(WasiFunction.SOCK_RECV, "fvnoo"),
                    Map.entry(WasiFunction.SOCK_SEND, "fvno"),
                    Map.entry(WasiFunction.SOCK_SHUTDOWN, "fn"));

    private FunctionShape() {}

    static String of(WasiFunction function) {
        return SHAPES.get(function);
    }
}
