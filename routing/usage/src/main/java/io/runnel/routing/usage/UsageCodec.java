package io.runnel.routing.usage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.runnel.exec.task.StartKind;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A {@link UsageRecord} as bytes: the version of the form, start, outcome, whether there is a key;
 * the names of home, payer, owner and task, each after its length; the length of how it was called,
 * in two bytes, and that; the id; the key; the version of the task, the seven numbers and the
 * digest, big-endian. In form 1, which is only read, there is neither how it was called nor a
 * digest. {@link UsageDecoder} reads it. Pure; for any thread.
 */
public final class UsageCodec {
    static final byte OLD_FORM = 1;
    private static final byte FORM = 2;
    static final int HEAD = 4;
    static final int ID = 26;
    private static final int KEY = 20;
    private static final int MOST_NAME = 63;
    private static final int NAMES = 4;
    private static final int NUMBERS = Integer.BYTES + 7 * Long.BYTES;

    /** The most that a record takes. */
    public static final int MOST_BYTES =
            HEAD
                    + NAMES * (1 + MOST_NAME)
                    + Short.BYTES
                    + UsageRecord.MOST_BY
                    + ID
                    + KEY
                    + NUMBERS
                    + RequestDigest.BYTES;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
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
                + Short.BYTES
                + record.by().map(String::length).orElse(0)
                + ID
                + (record.key().isPresent() ? KEY : 0)
                + NUMBERS
                + RequestDigest.BYTES;
    }

    /**
     * Writes a record.
     *
     * @param at where in {@code out}, which has room for {@link #size}
     * @return the place behind it
     */
    public static int encode(UsageRecord record, byte[] out, int at) {
        String key = record.key().orElse("");
        String by = record.by().orElse("");
        out[at] = FORM;
        out[at + 1] = number(record.start());
        out[at + 2] = (byte) record.outcome().number();
        out[at + 3] = (byte) (key.isEmpty() ? 0 : 1);
        int next = putName(record.home().value(), out, at + HEAD);
        next = putName(record.payer().value(), out, next);
        next = putName(record.task().account().value(), out, next);
        next = putName(record.task().name().value(), out, next);
        SHORT.set(out, next, (short) by.length());
        next = putAscii(by, out, next + Short.BYTES);
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
        next = putLong(record.bytesOut(), out, next);
        next = putLong(record.digest().high(), out, next);
        return putLong(record.digest().low(), out, next);
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

    /** The form that a record begins with, which is one that is read. */
    static byte form(ByteBuffer in) {
        byte form = in.get();
        if (form != FORM && form != OLD_FORM) {
            throw new UsageFormatException("no such form of record");
        }
        return form;
    }

    /** How a run was called, after its length. */
    static Optional<String> by(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > UsageRecord.MOST_BY) {
            throw new UsageFormatException("called by more characters than any");
        }
        return length == 0 ? Optional.empty() : Optional.of(ascii(in, length));
    }

    static RequestDigest digest(ByteBuffer in) {
        return new RequestDigest(in.getLong(), in.getLong());
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
