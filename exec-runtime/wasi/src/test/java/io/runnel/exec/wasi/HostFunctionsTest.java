package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.OutputSink;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What guests may ask of the host, asked as hostile guests do. */
class HostFunctionsTest {
    private static final int PAGES = 2;
    private static final int END = PAGES << 16;
    private static final int HUGE = 0x7FFF_FFF0;

    private final Collected out = new Collected();
    private final Collected log = new Collected();
    private final ArrayMemory memory = new ArrayMemory(END, END);
    private final HostSources host =
            new HostSources(
                            InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000, 5)),
                            System::nanoTime,
                            new SecureRandom())
                    .withFiles(GuestFiles.NONE);

    @BeforeEach
    void begin() {
        begin(new ByteArrayInputStream("body".getBytes(StandardCharsets.UTF_8)));
    }

    private void begin(InputStream body) {
        var streams = new StandardStreams(body, out, log);
        memory.begin(new GuestCall(List.of("a"), Map.of("B", "c"), streams, host));
    }

    private void part(int at, int address, int length) {
        memory.writeI32(at, address);
        memory.writeI32(at + 4, length);
    }

    @Test
    void writesFromSeveralParts() {
        memory.put(100, "hello world");
        part(0, 100, 6);
        part(8, 0, 0);
        part(16, 106, 5);
        assertEquals(Errno.SUCCESS, WasiFunction.FD_WRITE.call(memory, 1, 0, 3, 40));
        assertEquals("hello world", out.text());
        assertEquals(11, memory.readInt(40));
        assertEquals(Errno.SUCCESS, WasiFunction.FD_WRITE.call(memory, 2, 0, 1, 40));
        assertEquals("hello ", log.text());
    }

    @Test
    void partsOutsideOfMemoryAreAFault() {
        for (int[] bad :
                new int[][] {{END - 3, 4}, {0, HUGE}, {0, -1}, {-1, 2}, {END, 1}, {HUGE, HUGE}}) {
            part(0, bad[0], bad[1]);
            assertEquals(Errno.FAULT, WasiFunction.FD_WRITE.call(memory, 1, 0, 1, 40));
            assertEquals(Errno.FAULT, WasiFunction.FD_READ.call(memory, 0, 0, 1, 40));
        }
        assertEquals(0, out.size());
        assertEquals(Errno.INVAL, WasiFunction.FD_WRITE.call(memory, 1, 0, HUGE, 40));
        assertEquals(Errno.INVAL, WasiFunction.FD_READ.call(memory, 0, 0, -1, 40));
        assertEquals(Errno.FAULT, WasiFunction.FD_WRITE.call(memory, 1, END - 4, 1, 40));
        assertEquals(Errno.FAULT, WasiFunction.FD_WRITE.call(memory, 1, 0, 0, END - 3));
    }

    @Test
    void oneArrayMayBeWrittenManyTimesWithoutCopying() {
        for (int i = 0; i < 1024; i++) {
            part(i * 8, 0, END);
        }
        long[] seen = {0};
        OutputSink counting = (bytes, offset, length) -> seen[0] += length;
        var streams = new StandardStreams(InputStream.nullInputStream(), counting, log);
        memory.begin(new GuestCall(List.of(), Map.of(), streams, host));
        for (int i = 0; i < 1024; i++) {
            part(i * 8, 0, END);
        }
        assertEquals(Errno.SUCCESS, WasiFunction.FD_WRITE.call(memory, 1, 0, 1024, 40));
        assertEquals(1024L * END, seen[0]);
    }

    @Test
    void readsUntilTheEnd() {
        part(0, 100, 3);
        part(8, 200, 50);
        assertEquals(Errno.SUCCESS, WasiFunction.FD_READ.call(memory, 0, 0, 2, 40));
        assertEquals(3, memory.readInt(40));
        assertEquals("bod", new String(memory.readBytes(100, 3), StandardCharsets.UTF_8));
        assertEquals(Errno.SUCCESS, WasiFunction.FD_READ.call(memory, 0, 0, 2, 40));
        assertEquals(1, memory.readInt(40));
        assertEquals(Errno.SUCCESS, WasiFunction.FD_READ.call(memory, 0, 0, 2, 40));
        assertEquals(0, memory.readInt(40));
    }

    @Test
    void aBodyThatBreaksOffIsAnError() {
        begin(
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        return read();
                    }
                });
        part(0, 100, 3);
        assertEquals(Errno.IO, WasiFunction.FD_READ.call(memory, 0, 0, 1, 40));
    }

    @Test
    void thereAreNoOtherFiles() {
        part(0, 100, 3);
        for (int file : new int[] {-1, 3, 4, 1000, HUGE}) {
            assertEquals(Errno.BADF, WasiFunction.FD_READ.call(memory, file, 0, 1, 40));
            assertEquals(Errno.BADF, WasiFunction.FD_WRITE.call(memory, file, 0, 1, 40));
            assertEquals(Errno.BADF, WasiFunction.FD_CLOSE.call(memory, file));
            assertEquals(Errno.BADF, WasiFunction.FD_SEEK.call(memory, file, 0, 0, 40));
            assertEquals(Errno.BADF, WasiFunction.FD_FDSTAT_GET.call(memory, file, 40));
            assertEquals(Errno.BADF, WasiFunction.FD_PRESTAT_GET.call(memory, file, 40));
            assertEquals(
                    Errno.BADF, WasiFunction.PATH_OPEN.call(memory, file, 0, 0, 9, 0, 0, 0, 0, 40));
        }
        assertEquals(Errno.NOTDIR, WasiFunction.PATH_OPEN.call(memory, 0, 0, 0, 9, 0, 0, 0, 0, 40));
        assertEquals(Errno.BADF, WasiFunction.FD_READ.call(memory, 1, 0, 1, 40));
        assertEquals(Errno.BADF, WasiFunction.FD_WRITE.call(memory, 0, 0, 1, 40));
        assertEquals(Errno.SPIPE, WasiFunction.FD_SEEK.call(memory, 1, 0, 0, 40));
        assertEquals(Errno.NOTSOCK, WasiFunction.SOCK_RECV.call(memory, 0, 0, 1, 0, 40, 44));
    }

    @Test
    void aClosedFileStaysClosedInThisCallOnly() {
        part(0, 100, 3);
        assertEquals(Errno.SUCCESS, WasiFunction.FD_CLOSE.call(memory, 1));
        assertEquals(Errno.BADF, WasiFunction.FD_WRITE.call(memory, 1, 0, 1, 40));
        begin();
        part(0, 100, 3);
        assertEquals(Errno.SUCCESS, WasiFunction.FD_WRITE.call(memory, 1, 0, 1, 40));
    }

    @Test
    void clocksAreTheHostsAndTheCalls() {
        assertEquals(Errno.SUCCESS, WasiFunction.CLOCK_TIME_GET.call(memory, 0, 0, 8));
        assertEquals(1_700_000_000_000_000_005L, memory.readLong(8));
        assertEquals(Errno.SUCCESS, WasiFunction.CLOCK_TIME_GET.call(memory, 1, 0, 8));
        assertTrue(memory.readLong(8) >= 0 && memory.readLong(8) < 60_000_000_000L);
        assertEquals(Errno.INVAL, WasiFunction.CLOCK_TIME_GET.call(memory, 4, 0, 8));
        assertEquals(Errno.FAULT, WasiFunction.CLOCK_TIME_GET.call(memory, 0, 0, END - 7));
    }

    @Test
    void clocksAreCoarseWhenAsked() {
        var streams = new StandardStreams(InputStream.nullInputStream(), out, log);
        var coarse = host.withClockStepNanos(1_000_000);
        memory.begin(new GuestCall(List.of(), Map.of(), streams, coarse));
        assertEquals(Errno.SUCCESS, WasiFunction.CLOCK_RES_GET.call(memory, 1, 8));
        assertEquals(1_000_000, memory.readLong(8));
        assertEquals(Errno.SUCCESS, WasiFunction.CLOCK_TIME_GET.call(memory, 0, 0, 8));
        assertEquals(1_700_000_000_000_000_000L, memory.readLong(8));
        for (int clock = 1; clock < 4; clock++) {
            assertEquals(Errno.SUCCESS, WasiFunction.CLOCK_TIME_GET.call(memory, clock, 0, 8));
            assertEquals(0, memory.readLong(8) % 1_000_000);
        }
        assertThrows(IllegalArgumentException.class, () -> host.withClockStepNanos(0));
    }

    @Test
    void randomBytesFillAsMuchAsAsked() {
        assertEquals(Errno.SUCCESS, WasiFunction.RANDOM_GET.call(memory, 10, 9000));
        assertEquals(0, memory.read(9) | memory.read(9010));
        assertTrue(Arrays.hashCode(memory.readBytes(10, 9000)) != Arrays.hashCode(new byte[9000]));
        assertEquals(Errno.FAULT, WasiFunction.RANDOM_GET.call(memory, 10, HUGE));
        assertEquals(Errno.FAULT, WasiFunction.RANDOM_GET.call(memory, 10, -1));
    }

    @Test
    void pollWaitsForTheNearestClock() {
        subscribe(0, 77, 0, 1, 1_000_000);
        subscribe(1, 78, 0, 1, Long.MAX_VALUE);
        assertEquals(Errno.SUCCESS, WasiFunction.POLL_ONEOFF.call(memory, 1024, 4096, 2, 40));
        assertEquals(1, memory.readInt(40));
        assertEquals(77, memory.readLong(4096));
        assertEquals(0, memory.readShort(4104));
    }

    @Test
    void pollFindsFilesReadyAtOnce() {
        subscribe(0, 1, 0, 1, -1);
        subscribe(1, 2, 1, 0, 0);
        subscribe(2, 3, 2, 9, 0);
        assertEquals(Errno.SUCCESS, WasiFunction.POLL_ONEOFF.call(memory, 1024, 4096, 3, 40));
        assertEquals(2, memory.readInt(40));
        assertEquals(2, memory.readLong(4096));
        assertEquals(3, memory.readLong(4096 + 32));
        assertEquals(Errno.BADF.value(), memory.readShort(4096 + 32 + 8));
    }

    @Test
    void pollHasLimits() {
        assertEquals(Errno.INVAL, WasiFunction.POLL_ONEOFF.call(memory, 0, 0, 0, 40));
        assertEquals(Errno.INVAL, WasiFunction.POLL_ONEOFF.call(memory, 0, 0, HUGE, 40));
        assertEquals(Errno.INVAL, WasiFunction.POLL_ONEOFF.call(memory, 0, 0, -1, 40));
        assertEquals(Errno.FAULT, WasiFunction.POLL_ONEOFF.call(memory, END - 47, 0, 1, 40));
        subscribe(0, 1, 99, 0, 0);
        assertEquals(Errno.INVAL, WasiFunction.POLL_ONEOFF.call(memory, 1024, 4096, 1, 40));
    }

    private void subscribe(int index, long userData, int kind, int subject, long timeout) {
        int at = 1024 + 48 * index;
        memory.writeLong(at, userData);
        memory.writeByte(at + 8, (byte) kind);
        memory.writeI32(at + 16, subject);
        memory.writeLong(at + 24, timeout);
    }

    @Test
    void signalsDoWhatTheyDoToAProgramThatKnowsNone() {
        assertEquals(
                128 + 6,
                assertThrows(GuestExit.class, () -> WasiFunction.PROC_RAISE.call(memory, 6))
                        .code());
        for (int ignored : new int[] {0, 16, 17, 22, 27}) {
            assertEquals(Errno.SUCCESS, WasiFunction.PROC_RAISE.call(memory, ignored));
        }
        assertEquals(Errno.NOTSUP, WasiFunction.PROC_RAISE.call(memory, 18));
        assertEquals(Errno.INVAL, WasiFunction.PROC_RAISE.call(memory, 31));
        assertEquals(Errno.INVAL, WasiFunction.PROC_RAISE.call(memory, -1));
    }

    @Test
    void exitUnwinds() {
        assertEquals(
                -5,
                assertThrows(GuestExit.class, () -> WasiFunction.PROC_EXIT.call(memory, -5))
                        .code());
    }
}
