package io.runnel.routing.usage;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads records that {@link UsageCodec} wrote, one after the other. Most have the names and the key
 * of the one before, byte by byte: then these are not made, and checked, anew. For one thread.
 */
final class UsageDecoder {
    private static final byte[] NONE = {};

    private byte form;
    private byte[] names = NONE;
    private RegionId home;
    private AccountId payer;
    private TaskRef task;
    private Optional<String> by = Optional.empty();
    private byte[] keyBytes = NONE;
    private Optional<String> key = Optional.empty();

    /**
     * Reads a record, which is all that {@code bytes} are.
     *
     * @throws UsageFormatException if it is none
     */
    UsageRecord decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            UsageRecord record = read(bytes, in);
            if (in.hasRemaining()) {
                throw new UsageFormatException("record is too long");
            }
            return record;
        } catch (BufferUnderflowException e) {
            throw new UsageFormatException("record is too short", e);
        } catch (IllegalArgumentException e) {
            throw new UsageFormatException("record has a value that none has", e);
        }
    }

    private UsageRecord read(byte[] bytes, ByteBuffer in) {
        readForm(in);
        StartKind start = UsageCodec.start(in.get());
        UsageOutcome outcome = UsageCodec.outcome(in.get());
        boolean hasKey = UsageCodec.flag(in.get());
        readNames(bytes, in);
        var id = new RequestId(UsageCodec.ascii(in, UsageCodec.ID));
        readKey(bytes, in, hasKey);
        int version = in.getInt();
        return new UsageRecord(
                id,
                in.getLong(),
                payer,
                hasKey ? key : Optional.empty(),
                task,
                version,
                home,
                start,
                outcome,
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                by,
                form == UsageCodec.OLD_FORM ? RequestDigest.NONE : UsageCodec.digest(in));
    }

    /** What is named in one form is not what is named in another, though it begins alike. */
    private void readForm(ByteBuffer in) {
        byte next = UsageCodec.form(in);
        if (next != form) {
            form = next;
            names = NONE;
        }
    }

    /**
     * Reads only where a record goes.
     *
     * @throws UsageFormatException if it begins as no record does
     */
    RegionId home(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            readForm(in);
            readNames(bytes, in.position(UsageCodec.HEAD));
            return home;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UsageFormatException("record has no home", e);
        }
    }

    /** Each name says its length first, so what begins with the same bytes has the same names. */
    private void readNames(byte[] bytes, ByteBuffer in) {
        int at = in.position();
        if (names.length > 0 && begins(bytes, at, names)) {
            in.position(at + names.length);
            return;
        }
        var nextHome = new RegionId(UsageCodec.name(in));
        var nextPayer = new AccountId(UsageCodec.name(in));
        var nextTask =
                new TaskRef(new AccountId(UsageCodec.name(in)), new TaskName(UsageCodec.name(in)));
        Optional<String> nextBy =
                form == UsageCodec.OLD_FORM ? Optional.empty() : UsageCodec.by(in);
        home = nextHome;
        payer = nextPayer;
        task = nextTask;
        by = nextBy;
        names = Arrays.copyOfRange(bytes, at, in.position());
    }

    private void readKey(byte[] bytes, ByteBuffer in, boolean hasKey) {
        if (!hasKey) {
            return;
        }
        int at = in.position();
        if (keyBytes.length > 0 && begins(bytes, at, keyBytes)) {
            in.position(at + keyBytes.length);
            return;
        }
        key = Optional.of(UsageCodec.key(in));
        keyBytes = Arrays.copyOfRange(bytes, at, in.position());
    }

    private static boolean begins(byte[] bytes, int at, byte[] with) {
        return bytes.length - at >= with.length
                && Arrays.equals(bytes, at, at + with.length, with, 0, with.length);
    }
}
