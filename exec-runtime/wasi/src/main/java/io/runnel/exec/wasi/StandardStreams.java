package io.runnel.exec.wasi;

import io.runnel.exec.isolate.OutputSink;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * Standard input, output and error of a guest. Bytes go between the guest's memory and the streams
 * directly; nothing is allocated by a length that the guest chose. One thread.
 */
public final class StandardStreams {
    private static final int MOST_READ_BYTES = 64 * 1024;
    private static final byte[] NEW_LINE = {'\n'};

    private final InputStream body;
    private final OutputSink out;
    private final OutputSink log;
    private boolean inLogLine;

    public StandardStreams(InputStream body, OutputSink out, OutputSink log) {
        this.body = body;
        this.out = out;
        this.log = log;
    }

    /** Writes all parts, which were checked; how many bytes that were. */
    int write(WasiMemory memory, StandardStream stream, int partsAt, int parts) {
        OutputSink sink = stream == StandardStream.OUTPUT ? out : log;
        long written = 0;
        for (int i = 0; i < parts && written <= Integer.MAX_VALUE; i++) {
            int length = Parts.length(memory, partsAt, i);
            GuestInterrupted.check();
            if (length > 0) {
                int at = Parts.address(memory, partsAt, i);
                write(sink, memory.array(), at, length);
                if (stream == StandardStream.LOG) {
                    inLogLine = memory.array()[at + length - 1] != '\n';
                }
                written += length;
            }
        }
        return (int) written;
    }

    private static void write(OutputSink sink, byte[] bytes, int at, int length) {
        if (!sink.tryWrite(bytes, at, length)) {
            StackRoom.require();
            sink.write(bytes, at, length);
        }
    }

    /** Writes whole lines to the log; one that was begun there before is ended. */
    void log(byte[] lines) {
        GuestInterrupted.check();
        if (inLogLine) {
            log.write(NEW_LINE, 0, 1);
            inLogLine = false;
        }
        log.write(lines, 0, lines.length);
    }

    /** Reads once, as much as comes, into the first part that has room. */
    int read(WasiMemory memory, int partsAt, int parts) {
        for (int i = 0; i < parts; i++) {
            int length = Parts.length(memory, partsAt, i);
            if (length > 0) {
                int most = Math.min(length, MOST_READ_BYTES);
                return readBody(memory, Parts.address(memory, partsAt, i), most);
            }
        }
        return 0;
    }

    private int readBody(WasiMemory memory, int at, int length) {
        GuestInterrupted.check();
        try {
            return Math.max(body.read(memory.arrayForWriting(at, length), at, length), 0);
        } catch (InterruptedIOException e) {
            throw new GuestInterrupted();
        } catch (IOException e) {
            GuestInterrupted.check();
            throw new WasiFailure(Errno.IO);
        }
    }
}
