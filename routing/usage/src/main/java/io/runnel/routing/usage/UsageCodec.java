package io.runnel.routing.usage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.runnel.exec.task.StartKind;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A {@link UsageRecord} as bytes: the version of the form, start, outcome, whether there is a key;
 * the names of home, payer, owner and task, each after its length; the id; the key; the version of
 * the task and the seven numbers, big-endian. {@link UsageDecoder} reads it. Pure; for any thread.
 */
public final class UsageCodec {
    private static final byte FORM = 1;
    static final int HEAD = 4;
    static final int ID = 26;
    private static final int KEY = 20;
    private static final int MOST_NAME = 63;
    private static final int NAMES = 4;
    private static final int NUMBERS = Integer.BYTES + 7 * Long.BYTES;

    /** The most that a record takes. */
    public static final int MOST_BYTES = HEAD + NAMES * (1 + MOST_NAME) + ID + KEY + NUMBERS;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private UsageCodec() {}

    /** What a record takes, in bytes. */
    public static int size(UsageRecord record) {
        return HEAD
                + NAMES
                + record.home().value().length()
                + record.payer().value().length()
                + record.task().account().value().length()
                + record.task().name().value().length()
                + ID
                + (record.key().isPresent() ? KEY : 0)
                + NUMBERS;
    }

    /**
     * Writes a record.
     *
     * @param at where in {@code out}, which has room for {@link #size}
     * @return the place behind it
     */
    public static int encode(UsageRecord record, byte[] out, int at) {
        String key = record.key().orElse("");
        out[at] = FORM;
        out[at + 1] = number(record.start());
        out[at + 2] = (byte) record.outcome().number();
        out[at + 3] = (byte) (key.isEmpty() ? 0 : 1);
        int next = putName(record.home().value(), out, at + HEAD);
        next = putName(record.payer().value(), out, next);
        next = putName(record.task().account().value(), out, next);
        next = putName(record.task().name().value(), out, next);
        next = putAscii(record.id().value(), out, next);
        next = putAscii(key, out, next);
        INT.set(out, next, record.version());
        next += Integer.BYTES;
        next = putLong(record.endedMillis(), out, next);
        next = putLong(record.startNanos(), out, next);
        next = putLong(record.runNanos(), out, next);
        next = putLong(record.cpuNanos(), out, next);
        next = putLong(record.memoryBytes(), out, next);
        next = putLong(record.bytesIn(), out, next);
        return putLong(record.bytesOut(), out, next);
    }

    private static int putName(String name, byte[] out, int at) {
        out[at] = (byte) name.length();
        return putAscii(name, out, at + 1);
    }

    private static int putAscii(String text, byte[] out, int at) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            out[at + i] = (byte) text.charAt(i);
        }
        return at + length;
    }

    private static int putLong(long value, byte[] out, int at) {
        LONG.set(out, at, value);
        return at + Long.BYTES;
    }

    static void requireForm(ByteBuffer in) {
        if (in.get() != FORM) {
            throw new UsageFormatException("no such form of record");
        }
    }

    static byte number(StartKind start) {
        return switch (start) {
            case WARM -> 1;
            case COLD -> 2;
            case RESTORED -> 3;
        };
    }

    static StartKind start(byte number) {
        return switch (number) {
            case 1 -> StartKind.WARM;
            case 2 -> StartKind.COLD;
            case 3 -> StartKind.RESTORED;
            default -> throw new UsageFormatException("no such start");
        };
    }

    static UsageOutcome outcome(byte number) {
        return UsageOutcome.ofNumber(number)
                .orElseThrow(() -> new UsageFormatException("no such outcome"));
    }

    static boolean flag(byte number) {
        return switch (number) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new UsageFormatException("key must be there or not");
        };
    }

    static String name(ByteBuffer in) {
        int length = in.get();
        if (length < 1 || length > MOST_NAME) {
            throw new UsageFormatException("name has too many characters, or none");
        }
        return ascii(in, length);
    }

    static String key(ByteBuffer in) {
        return ascii(in, KEY);
    }

    /** What is not ASCII no name accepts. */
    static String ascii(ByteBuffer in, int length) {
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, ISO_8859_1);
    }
}
