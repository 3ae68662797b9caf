package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A region that writes a log, as a store would. */
final class FeedFixture {
    static final RegionId WEST = new RegionId("eu-west");
    static final RegionId EAST = new RegionId("us-east");
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123Z");

    final RegionId origin;
    private final WrittenLog log;

    FeedFixture(RegionId origin, String log) {
        this.origin = origin;
        this.log = new WrittenLog(origin, log, NOW);
    }

    List<FeedRecord> written() {
        return log.records();
    }

    FeedRecord write(CatalogRecord record) {
        return log.write(record);
    }

    FeedRecord delete(CatalogRecord record) {
        return write(record.kind().label(), record.key(), FeedRecord.DELETED);
    }

    FeedRecord write(String kind, String key, String json) {
        return log.write(kind, key, json);
    }

    static AccountRecord account(String name, RegionId home) {
        return new AccountRecord(new AccountId(name), home, false);
    }

    static KeyRecord key(String account, char last) {
        return new KeyRecord(
                "RNL" + "A".repeat(16) + last, new AccountId(account), "0a".repeat(32));
    }

    static TaskRecord task(String account, String name, int live, int newest) {
        return new TaskRecord(TaskRef.of(account, name), live, newest, true, Optional.empty());
    }

    static GrantRecord grant(String account, String name, String grantee, String id) {
        return new GrantRecord(
                TaskRef.of(account, name),
                Grantee.parse(grantee),
                id,
                Qualifier.NONE,
                GrantRecord.Effect.ALLOW,
                false,
                GrantRecord.Placement.CALLER,
                GrantTerms.NONE);
    }

    static VersionRecord version(String account, String name, int version) {
        Task task =
                new Task(
                        TaskRef.of(account, name),
                        version,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[] {(byte) version}),
                        Limits.DEFAULT,
                        Map.of("GREETING", "hé \"llo\"\n", "B", "2"));
        return new VersionRecord(task, ByteSize.ofKiB(3), List.of(EAST), NOW);
    }
}
