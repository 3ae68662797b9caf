package io.runnel.cluster.replication;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.LiveSum;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordJson;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A log as its origin region writes it. Not safe for several threads. */
final class OriginLog {
    static final RegionId WEST = new RegionId("eu-west");
    static final RegionId EAST = new RegionId("us-east");
    private static final Instant AT = Instant.parse("2026-11-23T10:00:00.123Z");

    final RegionId origin;
    final String log;
    final List<FeedRecord> records = new ArrayList<>();
    private final Map<String, String> standing = new HashMap<>();
    private final LiveSum live = new LiveSum();
    private int summed;

    /** What the next records are signed with. */
    CertifiedKey signedBy;

    OriginLog(RegionId origin, String log) {
        this.origin = origin;
        this.log = log;
        this.signedBy = TestSigners.authority(origin);
    }

    /** The same as this one today; from now on each has a history of its own. */
    OriginLog fork() {
        OriginLog fork = new OriginLog(origin, log);
        fork.records.addAll(records);
        return fork;
    }

    Position head() {
        return records.isEmpty() ? Position.start(log) : Position.of(records.getLast());
    }

    FeedRecord writeAccount(String name) {
        return write(new AccountRecord(new AccountId(name), origin, false));
    }

    FeedRecord writeTask(String name, int live) {
        TaskRef ref = TaskRef.of("demo", name);
        return write(new TaskRecord(ref, live, live, true, Optional.empty()));
    }

    FeedRecord writeVersion(VersionRecord version) {
        return write(version);
    }

    List<FeedRecord> writeTasks(int count) {
        int first = records.size();
        for (int i = 0; i < count; i++) {
            writeTask("t" + (first + i), 1);
        }
        return List.copyOf(records.subList(first, first + count));
    }

    /** Records of a kind that nobody knows yet, so large that few fill any buffer. */
    void writeLarge(int count, int characters) {
        String record = "{\"filler\":\"%s\"}".formatted("x".repeat(characters));
        for (int i = 0; i < count; i++) {
            FeedRecord unused = write("later", "large" + records.size(), record);
        }
    }

    /** Changes a record's content and leaves its hash. */
    void forge(FeedRecord good) {
        records.set(
                records.indexOf(good),
                new FeedRecord(
                        good.origin(),
                        good.log(),
                        good.seq(),
                        good.at(),
                        good.kind(),
                        good.key(),
                        good.record().replace("true", "false"),
                        good.prev(),
                        good.hash(),
                        good.seal()));
    }

    /** Puts a record in the place of one that is there. */
    void replace(FeedRecord there, FeedRecord by) {
        records.set(records.indexOf(there), by);
    }

    FeedSnapshot snapshot() {
        Map<String, FeedRecord> last = new LinkedHashMap<>();
        for (FeedRecord record : records) {
            last.remove(record.kind() + " " + record.key());
            last.put(record.kind() + " " + record.key(), record);
        }
        return new FeedSnapshot(origin, log, List.copyOf(last.values()));
    }

    private FeedRecord write(CatalogRecord said) {
        return write(said.kind().label(), said.key(), RecordJson.write(said));
    }

    private FeedRecord write(String kind, String key, String json) {
        FeedRecord open = HashChain.next(origin, head(), AT, kind, key, json);
        records.add(open);
        for (FeedRecord record : records.subList(summed, records.size())) {
            String before = standing.put(record.kind() + " " + record.key(), record.hash());
            if (before != null) {
                live.remove(before);
            }
            live.add(record.hash());
        }
        summed = records.size();
        FeedRecord record = TestSigners.sealed(open, live.digest(), signedBy);
        records.set(summed - 1, record);
        return record;
    }
}
