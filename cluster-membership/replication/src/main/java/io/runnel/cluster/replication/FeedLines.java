package io.runnel.cluster.replication;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedJson;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordSeals;
import io.vertx.core.buffer.Buffer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How the lines of a feed are written: records as {@link FeedJson} does, and
 *
 * <pre>{@code
 * {"heads":{"eu-west":41},"logs":{"eu-west":"LOG"},"hashes":{"eu-west":"HASH"},"confirmedMs":{"eu-west":0},"sentMs":1000,"authorities":["PEM"]}
 * {"snapshot":"begin","origin":"eu-west","log":"LOG","count":3,"confirmedMs":0}
 * {"snapshot":"end","origin":"eu-west","log":"LOG","count":3}
 * }</pre>
 *
 * What a line is, its first field says. HASH is the beginning of the hash of the record at the
 * head; an older peer leaves it out. Certificates of authorities are left out of most lines: each
 * is sent to a follower once. An older peer passes them over.
 */
final class FeedLines {
    /** Characters of a feed record may have three bytes each. */
    static final int MOST_LINE_BYTES = 3 * FeedJson.MOST_LINE_CHARACTERS;

    /** A year: what is older is as good as never, and must not overflow a clock. */
    private static final long LONGEST_AGE_MS = 365L * 24 * 3600 * 1000;

    private static final String HEADS = "heads";
    private static final String LOGS = "logs";
    private static final String HASHES = "hashes";
    private static final String SNAPSHOT = "snapshot";
    private static final String AUTHORITIES = "authorities";
    private static final String AGE = "confirmedMs";

    private FeedLines() {}

    static Buffer write(FeedLine line) {
        return Buffer.buffer(
                switch (line) {
                    case FeedLine.Change change ->
                            (FeedJson.write(change.record()) + "\n")
                                    .getBytes(StandardCharsets.UTF_8);
                    case FeedLine.Heads heads -> JsonLine.write(tree(heads));
                    case FeedLine.Begin begin -> JsonLine.write(tree(begin));
                    case FeedLine.End end ->
                            JsonLine.write(tree("end", end.origin(), end.log(), end.count()));
                });
    }

    /** A snapshot as it is sent: begin, records, end; made line by line as they are taken. */
    static Stream<FeedLine> of(FeedSnapshot snapshot, Optional<Duration> age) {
        RegionId origin = snapshot.origin();
        int count = snapshot.records().size();
        Stream<FeedLine> begin = Stream.of(new FeedLine.Begin(origin, snapshot.log(), count, age));
        Stream<FeedLine> records = snapshot.records().stream().map(FeedLine.Change::new);
        Stream<FeedLine> end = Stream.of(new FeedLine.End(origin, snapshot.log(), count));
        return Stream.concat(Stream.concat(begin, records), end);
    }

    private static ObjectNode tree(FeedLine.Heads heads) {
        ObjectNode line = JsonLine.object();
        ObjectNode seqs = line.putObject(HEADS);
        heads.heads().of().forEach((origin, head) -> seqs.put(origin.value(), head.seq()));
        ObjectNode logs = line.putObject(LOGS);
        heads.heads().of().forEach((origin, head) -> logs.put(origin.value(), head.log()));
        ObjectNode hashes = line.putObject(HASHES);
        heads.heads()
                .of()
                .forEach(
                        (origin, head) -> {
                            if (!head.hash().isEmpty()) {
                                hashes.put(origin.value(), head.shortHash());
                            }
                        });
        ObjectNode ages = line.putObject(AGE);
        heads.ages().forEach((origin, age) -> ages.put(origin.value(), age.toMillis()));
        if (!heads.authorities().isEmpty()) {
            heads.authorities().forEach(line.putArray(AUTHORITIES)::add);
        }
        return line.put("sentMs", heads.sentMs());
    }

    private static ObjectNode tree(FeedLine.Begin begin) {
        ObjectNode line = tree("begin", begin.origin(), begin.log(), begin.count());
        begin.age().ifPresent(age -> line.put(AGE, age.toMillis()));
        return line;
    }

    private static ObjectNode tree(String part, RegionId origin, String log, long count) {
        return JsonLine.object()
                .put(SNAPSHOT, part)
                .put("origin", origin.value())
                .put("log", log)
                .put("count", count);
    }

    /**
     * Reads a line. A record's hash is not checked.
     *
     * @throws ReplicationException {@code BAD_LINE}
     * @throws io.runnel.routing.catalog.CatalogException if it is a record, and malformed
     */
    static FeedLine read(byte[] utf8) {
        if (startsWith(utf8, "{\"" + HEADS + "\"")) {
            return readHeads(JsonLine.read(utf8));
        }
        if (startsWith(utf8, "{\"" + SNAPSHOT + "\"")) {
            return readSnapshot(JsonLine.read(utf8));
        }
        FeedRecord record = FeedJson.read(new String(utf8, StandardCharsets.UTF_8));
        return new FeedLine.Change(record);
    }

    static boolean startsWith(byte[] utf8, String start) {
        if (utf8.length < start.length()) {
            return false;
        }
        for (int i = 0; i < start.length(); i++) {
            if (utf8[i] != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static FeedLine readHeads(JsonLine line) {
        JsonLine seqs = line.object(HEADS);
        JsonLine logs = line.object(LOGS);
        Optional<JsonLine> hashes =
                line.has(HASHES) ? Optional.of(line.object(HASHES)) : Optional.empty();
        JsonLine ages = line.object(AGE);
        return new FeedLine.Heads(
                new FeedPositions(
                        byOrigin(
                                seqs,
                                name ->
                                        new Position(
                                                logName(logs.text(name)),
                                                seqs.count(name),
                                                hash(hashes, name)))),
                byOrigin(ages, name -> age(ages.count(name))),
                line.count("sentMs"),
                authorities(line));
    }

    private static List<String> authorities(JsonLine line) {
        return line.has(AUTHORITIES)
                ? line.texts(AUTHORITIES, RecordSeals.MOST_AUTHORITIES)
                : List.of();
    }

    private static String hash(Optional<JsonLine> hashes, String name) {
        String hash =
                hashes.filter(all -> all.has(name))
                        .map(all -> all.text(name))
                        .orElse(Position.NO_HASH);
        if (!hash.isEmpty() && !Position.isHash(hash)) {
            throw bad("hash is none");
        }
        return hash;
    }

    private static <T> Map<RegionId, T> byOrigin(JsonLine object, Function<String, T> value) {
        Map<RegionId, T> found = new HashMap<>();
        for (String name : object.names()) {
            if (found.size() == FeedPositions.MOST_ORIGINS) {
                throw bad("more than %d origins".formatted(FeedPositions.MOST_ORIGINS));
            }
            found.put(region(name), value.apply(name));
        }
        return found;
    }

    private static FeedLine readSnapshot(JsonLine line) {
        RegionId origin = region(line.text("origin"));
        String log = logName(line.text("log"));
        long count = line.count("count");
        return switch (line.text(SNAPSHOT)) {
            case "begin" -> new FeedLine.Begin(origin, log, count, age(line));
            case "end" -> new FeedLine.End(origin, log, count);
            default -> throw bad("a snapshot has a begin and an end");
        };
    }

    private static Optional<Duration> age(JsonLine line) {
        return line.has(AGE) ? Optional.of(age(line.count(AGE))) : Optional.empty();
    }

    private static Duration age(long millis) {
        return Duration.ofMillis(Math.min(millis, LONGEST_AGE_MS));
    }

    private static String logName(String log) {
        if (!Position.isLogName(log)) {
            throw bad("log is no name");
        }
        return log;
    }

    private static RegionId region(String name) {
        if (!RegionId.isValid(name)) {
            throw bad("origin is no region's name");
        }
        return new RegionId(name);
    }

    private static ReplicationException bad(String what) {
        return new ReplicationException(Code.BAD_LINE, "feed line: " + what);
    }
}
