package io.runnel.exec.forecast.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads traces: one call a line, values between commas, a first line that names the columns in any
 * order; without one they are in that of {@link Trace#COLUMNS}. Lines end with LF or CRLF; empty
 * ones are passed over. Numbers are whole and not negative. A name of a task has no comma, quote or
 * control character.
 */
public final class TraceReader {
    /** The most calls of one trace. */
    public static final int MOST_CALLS = 50_000_000;

    /** The most tasks of one trace. */
    public static final int MOST_TASKS = 2_000_000;

    /** The most bytes of one line. */
    public static final int MOST_LINE_BYTES = 4_096;

    private static final long MOST_MS = 1L << 50;
    private static final long MOST_BYTES = 1L << 50;
    private static final int LONGEST_MS = 7 * 86_400_000;
    private static final int MOST_SHOWN = 40;
    private static final int BUFFER = 1 << 16;
    private static final int FEWEST_DIGITS_TOO_MANY = 19;

    private final InputStream from;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] line = new byte[MOST_LINE_BYTES];
    private final int[] ends = new int[Trace.COLUMNS.size()];
    private final int[] fieldOf = {0, 1, 2, 3, 4};
    private final Trace.Columns columns = new Trace.Columns();
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private int filled;
    private int next;
    private int length;
    private long lineNumber;

    private TraceReader(InputStream from) {
        this.from = from;
    }

    /**
     * Reads a whole trace; does not close the stream.
     *
     * @throws TraceException if there is no call in it, or one that cannot be understood
     * @throws IOException if reading fails
     */
    public static Trace read(InputStream from) throws IOException, TraceException {
        return new TraceReader(from).read();
    }

    private Trace read() throws IOException, TraceException {
        boolean isFirst = true;
        while (nextLine()) {
            if (length > 0) {
                split();
                if (!isFirst || !isHeading()) {
                    call();
                }
                isFirst = false;
            }
        }
        if (columns.size() == 0) {
            throw problem(TraceException.Code.EMPTY, "there is no call in it");
        }
        return Trace.of(names, columns);
    }

    private boolean nextLine() throws IOException, TraceException {
        lineNumber++;
        length = 0;
        int read = nextByte();
        if (read < 0) {
            return false;
        }
        while (read >= 0 && read != '\n') {
            if (length == MOST_LINE_BYTES) {
                throw problem(
                        TraceException.Code.MALFORMED,
                        "longer than %d bytes".formatted(MOST_LINE_BYTES));
            }
            line[length++] = (byte) read;
            read = nextByte();
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        if (lineNumber == 1) {
            dropByteOrderMark();
        }
        return true;
    }

    private int nextByte() throws IOException {
        if (next == filled) {
            filled = from.read(buffer);
            next = 0;
            if (filled <= 0) {
                filled = 0;
                return -1;
            }
        }
        return Byte.toUnsignedInt(buffer[next++]);
    }

    private void dropByteOrderMark() {
        if (length >= 3
                && line[0] == (byte) 0xEF
                && line[1] == (byte) 0xBB
                && line[2] == (byte) 0xBF) {
            length -= 3;
            System.arraycopy(line, 3, line, 0, length);
        }
    }

    private void split() throws TraceException {
        int fields = 0;
        for (int i = 0; i <= length; i++) {
            if (i == length || line[i] == ',') {
                if (fields < ends.length) {
                    ends[fields] = i;
                }
                fields++;
            }
        }
        if (fields != ends.length) {
            throw problem(
                    TraceException.Code.MALFORMED,
                    "%d values, must be %d: %s"
                            .formatted(fields, ends.length, String.join(",", Trace.COLUMNS)));
        }
    }

    /** Whether this line names the columns; then they are in its order. */
    private boolean isHeading() throws TraceException {
        if (length > 0 && line[0] >= '0' && line[0] <= '9') {
            return false;
        }
        for (int column = 0; column < ends.length; column++) {
            String wanted = Trace.COLUMNS.get(column);
            int field = 0;
            while (field < ends.length && !text(field).strip().equals(wanted)) {
                field++;
            }
            if (field == ends.length) {
                throw problem(
                        TraceException.Code.MALFORMED,
                        "no column '%s', must be %s"
                                .formatted(wanted, String.join(",", Trace.COLUMNS)));
            }
            fieldOf[column] = field;
        }
        return true;
    }

    private void call() throws TraceException {
        if (columns.size() == MOST_CALLS) {
            throw problem(
                    TraceException.Code.TOO_LARGE, "more than %d calls".formatted(MOST_CALLS));
        }
        columns.add(
                number(0, MOST_MS),
                task(),
                (int) number(2, LONGEST_MS),
                number(3, MOST_BYTES),
                (int) number(4, LONGEST_MS));
    }

    private int task() throws TraceException {
        String name = text(fieldOf[1]).strip();
        if (name.isEmpty() || name.chars().anyMatch(c -> c < ' ' || c == '"' || c == 0x7F)) {
            throw badValue(1, "a name without quotes and control characters");
        }
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        if (names.size() == MOST_TASKS) {
            throw problem(
                    TraceException.Code.TOO_LARGE, "more than %d tasks".formatted(MOST_TASKS));
        }
        numbers.put(name, names.size());
        names.add(name);
        return names.size() - 1;
    }

    private long number(int column, long most) throws TraceException {
        int field = fieldOf[column];
        int end = ends[field];
        int start = start(field);
        while (start < end && line[start] == ' ') {
            start++;
        }
        while (start < end && line[end - 1] == ' ') {
            end--;
        }
        long value = 0;
        boolean isNumber = start < end && end - start < FEWEST_DIGITS_TOO_MANY;
        for (int i = start; i < end && isNumber; i++) {
            isNumber = line[i] >= '0' && line[i] <= '9';
            value = value * 10 + line[i] - '0';
        }
        if (!isNumber || value > most) {
            throw badValue(column, "a whole number from 0 to %d".formatted(most));
        }
        return value;
    }

    private int start(int field) {
        return field == 0 ? 0 : ends[field - 1] + 1;
    }

    private String text(int field) throws TraceException {
        ByteBuffer bytes = ByteBuffer.wrap(line, start(field), ends[field] - start(field));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw problem(TraceException.Code.MALFORMED, "not UTF-8");
        }
    }

    private TraceException badValue(int column, String must) throws TraceException {
        String text = text(fieldOf[column]).replaceAll("\\p{Cntrl}", "?");
        String shown =
                text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN - 3) + "...";
        return problem(
                TraceException.Code.BAD_VALUE,
                "%s must be %s: '%s'".formatted(Trace.COLUMNS.get(column), must, shown));
    }

    private TraceException problem(TraceException.Code code, String problem) {
        return new TraceException(code, lineNumber, problem);
    }
}
