package io.runnel.exec.forecast.replay;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

class TraceReaderTest {
    private static final String HEADING = "arrival_ms,task,duration_ms,memory_bytes,start_ms\n";

    private static Trace read(String text) throws IOException, TraceException {
        return TraceReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertRefused(String text, TraceException.Code code, String message) {
        TraceException e = assertThrows(TraceException.class, () -> read(text), text);
        assertEquals(message, e.getMessage());
        assertEquals(code, e.code());
    }

    @Test
    void aTraceIsReadAsItIsWritten() throws IOException, TraceException {
        StringBuilder text = new StringBuilder();
        Trace made = TraceGenerator.generate(12, 2, 5);
        made.writeTo(text);
        Trace read = read(text.toString());
        assertEquals(List.of(), read.notes());
        assertEquals(made.size(), read.size());
        for (int call = 0; call < made.size(); call++) {
            assertEquals(made.arrivalMs(call), read.arrivalMs(call));
            assertEquals(made.taskName(made.task(call)), read.taskName(read.task(call)));
            assertEquals(made.durationMs(call), read.durationMs(call));
            assertEquals(made.memoryBytes(call), read.memoryBytes(call));
            assertEquals(made.startMs(call), read.startMs(call));
        }
    }

    @Test
    void columnsMayStandInAnyOrderAndTheirNamesMayBeMissing() throws IOException, TraceException {
        Trace named = read("task,start_ms,arrival_ms,memory_bytes,duration_ms\na/b,1,2,3,4\n");
        Trace bare = read("2,a/b,4,3,1");
        for (Trace trace : List.of(named, bare)) {
            assertEquals(2, trace.arrivalMs(0));
            assertEquals("a/b", trace.taskName(trace.task(0)));
            assertEquals(4, trace.durationMs(0));
            assertEquals(3, trace.memoryBytes(0));
            assertEquals(1, trace.startMs(0));
        }
    }

    @Test
    void whatSpreadsheetsAddIsPassedOver() throws IOException, TraceException {
        Trace trace =
                read("\uFEFF" + HEADING.replace("\n", "\r\n") + "\r\n 1 , a , 2 ,3,4\r\n\r\n");
        assertEquals(1, trace.size());
        assertEquals("a", trace.taskName(0));
    }

    @Test
    void callsOutOfOrderAreSortedAndItIsSaid() throws IOException, TraceException {
        Trace trace = read(HEADING + "300,c,1,1,1\n100,a,1,1,1\n70000,d,1,1,1\n100,b,1,1,1\n");
        assertEquals(List.of("sorted: 2 calls did not come after the one above"), trace.notes());
        StringBuilder order = new StringBuilder();
        for (int call = 0; call < trace.size(); call++) {
            order.append(trace.taskName(trace.task(call))).append(trace.arrivalMs(call));
        }
        assertEquals("a100b100c300d70000", order.toString());
    }

    @Test
    void anEmptyTraceIsRefused() {
        assertRefused("", TraceException.Code.EMPTY, "line 1: there is no call in it");
        assertRefused(HEADING, TraceException.Code.EMPTY, "line 2: there is no call in it");
        assertRefused("\n\n", TraceException.Code.EMPTY, "line 3: there is no call in it");
    }

    @Test
    void missingColumnsAreNamed() {
        assertRefused(
                "arrival_ms,task,duration,memory_bytes,start_ms\n1,a,1,1,1\n",
                TraceException.Code.MALFORMED,
                "line 1: no column 'duration_ms', must be"
                        + " arrival_ms,task,duration_ms,memory_bytes,start_ms");
        assertRefused(
                HEADING + "1,a,1,1,1\n2,a,1,1\n",
                TraceException.Code.MALFORMED,
                "line 3: 4 values, must be 5:"
                        + " arrival_ms,task,duration_ms,memory_bytes,start_ms");
        assertRefused(
                HEADING + "1,\"a,b\",1,1,1\n",
                TraceException.Code.MALFORMED,
                "line 2: 6 values, must be 5:"
                        + " arrival_ms,task,duration_ms,memory_bytes,start_ms");
    }

    @Test
    void whatIsNoNumberIsNamedWithItsLine() {
        String most = "1125899906842624";
        for (String value :
                List.of("-5", "NaN", "1e3", "1.5", "", "0x10", "99999999999999999999", "+1")) {
            assertRefused(
                    HEADING + "1,a,1,1,1\n" + value + ",a,1,1,1\n",
                    TraceException.Code.BAD_VALUE,
                    "line 3: arrival_ms must be a whole number from 0 to %s: '%s'"
                            .formatted(most, value));
        }
        assertRefused(
                HEADING + "1,a,604800001,1,1\n",
                TraceException.Code.BAD_VALUE,
                "line 2: duration_ms must be a whole number from 0 to 604800000: '604800001'");
        assertRefused(
                HEADING + "1,a,1,1,Infinity\n",
                TraceException.Code.BAD_VALUE,
                "line 2: start_ms must be a whole number from 0 to 604800000: 'Infinity'");
        assertRefused(
                HEADING + "1,a,1,9007199254740993000,1\n",
                TraceException.Code.BAD_VALUE,
                "line 2: memory_bytes must be a whole number from 0 to %s: '9007199254740993000'"
                        .formatted(most));
    }

    @Test
    void namesThatWouldHarmWhoReadsThemAreRefused() {
        String must = "line 2: task must be a name without quotes and control characters: ";
        assertRefused(HEADING + "1,,1,1,1\n", TraceException.Code.BAD_VALUE, must + "''");
        assertRefused(
                HEADING + "1,a\u001b[2J,1,1,1\n", TraceException.Code.BAD_VALUE, must + "'a?[2J'");
        assertRefused(HEADING + "1,\"a\",1,1,1\n", TraceException.Code.BAD_VALUE, must + "'\"a\"'");
    }

    @Test
    void aHugeLineIsNeitherKeptNorShown() {
        assertRefused(
                HEADING + "1," + "x".repeat(5_000) + ",1,1,1\n",
                TraceException.Code.MALFORMED,
                "line 2: longer than 4096 bytes");
        assertRefused(
                HEADING + "x".repeat(3_000) + ",a,1,1,1\n",
                TraceException.Code.BAD_VALUE,
                "line 2: arrival_ms must be a whole number from 0 to 1125899906842624: '%s...'"
                        .formatted("x".repeat(37)));
    }

    @Test
    void whatIsNoTextIsRefused() {
        byte[] bytes = (HEADING + "1,a?,1,1,1\n").getBytes(StandardCharsets.UTF_8);
        bytes[HEADING.length() + 3] = (byte) 0xC3;
        TraceException e =
                assertThrows(
                        TraceException.class,
                        () -> TraceReader.read(new ByteArrayInputStream(bytes)));
        assertEquals("line 2: not UTF-8", e.getMessage());
    }

    @Test
    void aFailingStreamIsAnAccidentOfItsOwn() {
        InputStream broken = InputStream.nullInputStream();
        assertDoesNotThrow(broken::close);
        InputStream half =
                new SequenceInputStream(
                        new ByteArrayInputStream(HEADING.getBytes(StandardCharsets.UTF_8)), broken);
        assertThrows(IOException.class, () -> TraceReader.read(half));
    }
}
