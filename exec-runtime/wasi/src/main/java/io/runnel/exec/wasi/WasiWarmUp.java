package io.runnel.exec.wasi;

import io.runnel.exec.isolate.OutputSink;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Uses every function once, where there is stack enough: a class whose first use fails for lack of
 * stack can never be used again in this process. An engine does this before any guest runs.
 */
public final class WasiWarmUp {
    private static final int MOST_NUMBERS = 9;

    /** Numbers that mean something everywhere: one part of no bytes, one clock that is due. */
    private static final long[][] NUMBERS = {
        new long[MOST_NUMBERS], {1, 0, 1, 8, 0, 0, 0, 0, 0}, {0, 512, 1, 1024, 0, 0, 0, 0, 0}
    };

    /** Where the guest's root is open, and the first file that it opens. */
    private static final int ROOT = 3;

    private static final int FILE = 4;
    private static final String PATH = "tmp/a";
    private static final int LENGTH = PATH.length();
    private static final int OTHER_AT = 16;
    private static final int RESULT_AT = 512;

    private WasiWarmUp() {}

    /** A request for whose host nobody asks a name server: it is none of the call's. */
    private static final String REQUEST = "POST" + "http://x.test/" + "A: b" + "body";

    /** A call with something of everything. */
    public static GuestCall call() {
        return new GuestCall(
                List.of("argument"),
                Map.of("NAME", "value"),
                new StandardStreams(
                        InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE),
                HostSources.ofSystem());
    }

    /**
     * Uses a function.
     *
     * @param memory of at least 64 KiB, all zero, in which a new {@link #call} runs
     */
    public static void use(GuestFunction function, WasiMemory memory) {
        for (long[] numbers : NUMBERS) {
            try {
                function.apply(memory, numbers);
            } catch (GuestExit e) {
                // One of the functions does that.
            }
        }
    }

    /**
     * Uses files: makes, writes, reads, lists, names, and removes some.
     *
     * @param memory of at least 64 KiB, all zero, in which a new {@link #call} runs
     */
    public static void useFiles(WasiMemory memory) {
        memory.write(0, PATH.getBytes(StandardCharsets.UTF_8), 0, LENGTH);
        memory.write(OTHER_AT, "tmp/b".getBytes(StandardCharsets.UTF_8), 0, LENGTH);
        memory.writeI32(64 + 4, 100);
        long all = Rights.ALL;
        WasiFunction.PATH_OPEN.call(memory, ROOT, 0, 0, LENGTH, 1, all, all, 0, RESULT_AT);
        WasiFunction.FD_WRITE.call(memory, FILE, 64, 1, RESULT_AT);
        WasiFunction.FD_SEEK.call(memory, FILE, 0, 0, RESULT_AT);
        WasiFunction.FD_READ.call(memory, FILE, 64, 1, RESULT_AT);
        WasiFunction.FD_ALLOCATE.call(memory, FILE, 0, 8192);
        WasiFunction.FD_FILESTAT_GET.call(memory, FILE, RESULT_AT);
        WasiFunction.FD_READDIR.call(memory, ROOT, 1024, 1024, 0, RESULT_AT);
        WasiFunction.PATH_SYMLINK.call(memory, 0, LENGTH, ROOT, OTHER_AT, LENGTH);
        WasiFunction.PATH_FILESTAT_GET.call(memory, ROOT, 1, OTHER_AT, LENGTH, RESULT_AT);
        WasiFunction.PATH_RENAME.call(memory, ROOT, 0, LENGTH, ROOT, OTHER_AT, LENGTH);
        WasiFunction.FD_CLOSE.call(memory, FILE);
        WasiFunction.PATH_UNLINK_FILE.call(memory, ROOT, OTHER_AT, LENGTH);
        WasiFunction.RANDOM_GET.call(memory, 0, 1024);
    }

    /**
     * Uses what is Runnel's own: writes to the log, and asks for a request that is refused.
     *
     * @param memory of at least 64 KiB, all zero, in which a new {@link #call} runs
     */
    public static void useRunnel(WasiMemory memory) {
        byte[] text = REQUEST.getBytes(StandardCharsets.UTF_8);
        memory.write(0, text, 0, text.length);
        RunnelFunction.LOG.apply(memory, 1, 0, text.length);
        RunnelFunction.REQUEST_ID.apply(memory, RESULT_AT, 64);
        RunnelFunction.HTTP_SEND.apply(memory, 0, 4, 4, 14, 18, 4, 22, 4);
        RunnelFunction.HTTP_READ.apply(memory, 0, RESULT_AT, 64);
    }
}
