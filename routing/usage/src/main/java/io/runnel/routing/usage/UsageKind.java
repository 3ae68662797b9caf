package io.runnel.routing.usage;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.nio.ByteBuffer;
import java.util.Optional;

/** What most records of a batch have in common with others: so it is said once. */
record UsageKind(
        RegionId home,
        AccountId payer,
        Optional<String> key,
        TaskRef task,
        int version,
        StartKind start,
        UsageOutcome outcome,
        long memoryBytes,
        Optional<String> by) {
    static UsageKind of(UsageRecord record) {
        return new UsageKind(
                record.home(),
                record.payer(),
                record.key(),
                record.task(),
                record.version(),
                record.start(),
                record.outcome(),
                record.memoryBytes(),
                record.by());
    }

    /** Whether it is the one of this record. */
    boolean isOf(UsageRecord record) {
        return version == record.version()
                && start == record.start()
                && outcome == record.outcome()
                && memoryBytes == record.memoryBytes()
                && task.equals(record.task())
                && payer.equals(record.payer())
                && key.equals(record.key())
                && by.equals(record.by())
                && home.equals(record.home());
    }

    void write(CompactBytes out) {
        out.putByte(UsageCodec.number(start));
        out.putByte(outcome.number());
        out.putByte(key.isPresent() ? 1 : 0);
        out.putName(home.value());
        out.putName(payer.value());
        out.putName(task.account().value());
        out.putName(task.name().value());
        out.putAscii(key.orElse(""));
        out.putNumber(version);
        out.putNumber(memoryBytes);
        out.putShort(by.map(String::length).orElse(0));
        out.putAscii(by.orElse(""));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param saysBy whether it says how runs were called, which older ones do not
     * @throws UsageFormatException if it is none
     * @throws IllegalArgumentException if a name is none
     * @throws java.nio.BufferUnderflowException if it goes on behind the end
     */
    static UsageKind read(ByteBuffer in, boolean saysBy) {
        StartKind start = UsageCodec.start(in.get());
        UsageOutcome outcome = UsageCodec.outcome(in.get());
        boolean hasKey = UsageCodec.flag(in.get());
        var home = new RegionId(UsageCodec.name(in));
        var payer = new AccountId(UsageCodec.name(in));
        var task =
                new TaskRef(new AccountId(UsageCodec.name(in)), new TaskName(UsageCodec.name(in)));
        Optional<String> key = hasKey ? Optional.of(UsageCodec.key(in)) : Optional.empty();
        long version = CompactBytes.count(in);
        if (version > Integer.MAX_VALUE) {
            throw new UsageFormatException("version is too large");
        }
        long memoryBytes = CompactBytes.count(in);
        Optional<String> by = saysBy ? UsageCodec.by(in) : Optional.empty();
        return new UsageKind(
                home, payer, key, task, (int) version, start, outcome, memoryBytes, by);
    }
}
